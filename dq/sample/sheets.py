"""One table of the sample while defects are planted in it: each is written down with the value before and after."""

from collections.abc import Mapping

import numpy as np

from dq.sample.chance import Chance, Flags, Indexes, Texts
from dq.sample.customer_errors import FILLS_EMPTY, Kind
from dq.sample.reference import DefectRate
from dq.sample.words import text_column

Columns = dict[str, Texts]
"""A table as columns of text, in the order written."""

EXCHANGES = frozenset({"fields_swapped", "updated_before_created"})
"""Kinds that exchange the cells of two columns."""

DEFECT_COLUMNS = ("record_id", "column", "kind", "before", "after")


class Sheet:
    """A table with clean values that turns dirty; at most one defect per cell, so that `before` is the truth.

    Args:
        ids: Record id per row.
        columns: Clean cells.
        is_single: Whether the row's customer has no other record.
        hints: Per kind, the value a row has ready for it.
        ids_of: Record ids of columns that describe another record than `ids` (`company` of a sign-up).
    """

    def __init__(
        self,
        ids: Texts,
        columns: Columns,
        is_single: Flags,
        hints: Mapping[str, Texts] | None = None,
        ids_of: Mapping[str, Texts] | None = None,
    ) -> None:
        self.ids = ids
        self.columns = columns
        self._is_single = is_single
        self._hints = hints or {}
        self._ids_of = ids_of or {}
        self._is_dirty = {column: np.zeros(len(ids), dtype=bool) for column in columns}
        self._defects: list[Columns] = []

    def plant(self, rate: DefectRate, kind: Kind | None, chance: Chance) -> None:
        """Strike about `rate` of the rows, at least one where any can be struck.

        Args:
            rate: Kind, columns, share of rows and scope.
            kind: The function, None for kinds that exchange two columns.
            chance: Decides rows and ways.
        """
        count = len(self.ids)
        wanted = max(round(rate.rate * count), 1)
        ways, candidates = chance.uniform(count + 1), self._candidates(rate)
        # The rows of a table are in random order already: a random place to start from is chance enough.
        candidates = np.roll(candidates, -int(ways[-1] * len(candidates)))
        start = 0
        while wanted > 0 and start < len(candidates):
            end = start + 2 * wanted + 16  # twice, because not every cell can be struck
            rows = candidates[start:end]
            wanted -= self._strike(rate, kind, rows, ways[start : start + len(rows)].tolist(), wanted)
            start = end

    def _candidates(self, rate: DefectRate) -> Indexes:
        is_free = np.ones(len(self.ids), dtype=bool)
        if rate.scope != "any":
            is_free &= self._is_single == (rate.scope == "single")
        for column in rate.columns:
            is_free &= ~self._is_dirty[column]
        has_cell = np.zeros(len(self.ids), dtype=bool)
        for column in rate.columns:
            has_cell |= (self.columns[column] != "") != (rate.kind in FILLS_EMPTY)
        return np.flatnonzero(is_free & has_cell)

    def _strike(self, rate: DefectRate, kind: Kind | None, rows: Indexes, ways: list[float], wanted: int) -> int:
        """Strike the first `wanted` of `rows` that can be struck; return how many were."""
        before = [self.columns[column][rows].tolist() for column in rate.columns]
        if kind is None:
            whole = [all(cells) for cells in zip(*before, strict=True)]
            turned = zip(before, before[::-1], strict=True)
            after = [[b if ok else a for a, b, ok in zip(*pair, whole, strict=True)] for pair in turned]
        else:
            ready = self._hints.get(rate.kind)
            hints = [""] * len(rows) if ready is None else ready[rows].tolist()
            fills = rate.kind in FILLS_EMPTY
            after = [
                [
                    kind(cell, way, hint) if (cell != "") != fills else cell
                    for cell, way, hint in zip(cells, ways, hints, strict=True)
                ]
                for cells in before
            ]
        is_struck = np.zeros(len(rows), dtype=bool)
        for old, new in zip(before, after, strict=True):
            is_struck |= text_column(old) != text_column(new)
        hits = np.flatnonzero(is_struck)[:wanted]
        for column, old, new in zip(rate.columns, before, after, strict=True):
            self._write(column, rate.kind, rows[hits], text_column(old)[hits], text_column(new)[hits])
        return len(hits)

    def replace(self, kind: str, values: Columns, rows: Indexes) -> None:
        """Give rows other values in several columns at once (an address before the move).

        Args:
            kind: Name of the defect.
            values: New cells per column, for every row of the table.
            rows: Rows struck.
        """
        for column, cells in values.items():
            self._write(column, kind, rows, self.columns[column][rows], cells[rows])

    def _write(self, column: str, kind: str, rows: Indexes, before: Texts, after: Texts) -> None:
        differs = np.flatnonzero(before != after)
        rows, before, after = rows[differs], before[differs], after[differs]
        self.columns[column][rows] = after
        self._is_dirty[column][rows] = True
        own = self._ids_of.get(column, self.ids)[rows]
        record_ids = np.where(own == "", self.ids[rows], own)
        names = np.full(len(rows), column, dtype=object), np.full(len(rows), kind, dtype=object)
        self._defects.append(dict(zip(DEFECT_COLUMNS, (record_ids, *names, before, after), strict=True)))

    def defects(self) -> Columns:
        """Return what was planted, a row per cell."""
        none = np.array([], dtype=object)
        return {column: np.concatenate([none, *(part[column] for part in self._defects)]) for column in DEFECT_COLUMNS}
