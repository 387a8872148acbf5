"""A column of text as codes of its distinct texts: what is done to a text is done once, and rows are numbers."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.folding import folded, glued, numbered

Codes = NDArray[np.signedinteger]
"""Codes and places; -1 stands for a missing text."""

_MOST = 2**62
"""Combined codes stay below it: 64 bits with a sign."""


@dataclass(frozen=True)
class Single:
    """A column of texts.

    Attributes:
        codes: Code of each record's text, -1 where it has none.
        texts: Text of each code, each once; not every text need have a record.
    """

    codes: Codes
    texts: pa.Array

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Say which records have a text."""
        return self.codes >= 0

    def of(self, rows: Codes) -> pa.Array:
        """Return the texts of some records, null where they have none."""
        return self.at(self.codes[rows])

    def at(self, codes: Codes) -> pa.Array:
        """Return the texts of codes, null for -1."""
        return self.texts.take(pa.array(codes, mask=codes < 0))

    def array(self) -> pa.Array:
        """Return the text of every record, null where it has none."""
        return self.at(self.codes)

    def where(self, rows: NDArray[np.bool_]) -> "Single":
        """Return the column with the texts of some records only."""
        return replace(self, codes=np.where(rows, self.codes, -1))

    def without(self, rows: NDArray[np.bool_]) -> "Single":
        """Return the column without the texts of some records."""
        return replace(self, codes=np.where(rows, -1, self.codes))

    def mapped(self, texts: pa.Array) -> "Single":
        """Return the column with another text for each code; empty and null ones are missing."""
        codes, distinct = numbered(pc.if_else(pc.equal(texts, ""), None, texts))
        return Single(np.append(codes, -1)[self.codes], distinct)

    def made(self, function: Callable[[str], str]) -> "Single":
        """Apply a function once to each distinct text; empty results are missing."""
        return self.mapped(pa.array([function(text) for text in self.texts.to_pylist()], type=pa.large_string()))

    def is_in(self, texts: Collection[str]) -> NDArray[np.bool_]:
        """Say which records have one of some texts."""
        found = np.array([text in texts for text in self.texts.to_pylist()] + [False], dtype=bool)
        chosen: NDArray[np.bool_] = found[self.codes]
        return chosen

    def or_else(self, other: "Single") -> "Single":
        """Return the column with the texts of another one where it has none."""
        if not other.known.any():
            return self
        codes, texts = numbered(pa.concat_arrays([self.texts, other.texts]))
        mine, theirs = np.append(codes[: len(self.texts)], -1), np.append(codes[len(self.texts) :], -1)
        return Single(np.where(self.known, mine[self.codes], theirs[other.codes]), texts)

    def in_order(self) -> "Single":
        """Return the column with the texts that records have, in the order of the first record of each."""
        codes = np.full(len(self.codes), -1, dtype=np.int64)
        codes[self.known], used = pd.factorize(self.codes[self.known])
        return Single(codes, self.texts.take(pa.array(used)))


def single_of(values: "pd.Series | pa.Array") -> Single:
    """Return a column of text as codes; empty texts are missing."""
    found = Single(*numbered(values))
    return found.mapped(found.texts) if pc.any(pc.equal(found.texts, "")).as_py() else found


def folded_column(values: "pd.Series | pa.Array") -> Single:
    """Return a column of text as codes of folded texts."""
    found = Single(*numbered(values))
    return found.mapped(folded(found.texts))


def singles_of(rows: pd.DataFrame) -> dict[str, Single]:
    """Return the columns of a frame of texts as codes."""
    return {str(name): single_of(rows[name]) for name in rows.columns}


def nothing(records: int) -> Single:
    """Return a column without any text."""
    return Single(np.full(records, -1, dtype=np.int64), pa.array([], type=pa.large_string()))


def every(text: str, records: int) -> Single:
    """Return a column with one text in every record."""
    return Single(np.zeros(records, dtype=np.int64), pa.array([text], type=pa.large_string()))


def yes(rows: NDArray[np.bool_]) -> Single:
    """Return a column with `yes` in some records."""
    return every("yes", len(rows)).where(rows)


def stacked(*columns: Single) -> Single:
    """Return columns one below the other."""
    codes, texts = numbered(pa.concat_arrays([column.texts for column in columns]))
    spaces = np.split(codes, np.cumsum([len(column.texts) for column in columns])[:-1])
    return Single(
        np.concatenate([np.append(space, -1)[column.codes] for space, column in zip(spaces, columns, strict=True)]),
        texts,
    )


def distinct_rows(columns: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Return for each row of several codes (-1 and more) which distinct row it is, and the first row of each."""
    whole, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for codes in columns:
        kinds = int(codes.max(initial=-1)) + 2
        if size * kinds > _MOST:
            whole, found = pd.factorize(whole)
            size = max(len(found), 1)
        whole, size = whole * kinds + codes + 1, size * kinds
    places = pd.factorize(whole)[0].astype(np.int64)
    first = np.empty(int(places.max(initial=-1)) + 1, dtype=np.int64)
    # Of several values for one place the last holds: the first row.
    first[places[::-1]] = np.arange(len(places))[::-1]
    return places, first


def put_together(*columns: Single, by: str) -> Single:
    """Return the texts of columns side by side, a missing one as an empty text; missing where all are."""
    places, first = distinct_rows([column.codes for column in columns])
    texts = glued(*(column.of(first) for column in columns), by=by, missing="")
    nothing = by * (len(columns) - 1)
    return Single(places, texts).mapped(pc.if_else(pc.equal(texts, nothing), None, texts))


def joined(values: Single, owners: Codes, count: int, separator: str = " ") -> Single:
    """Put the distinct values of each owner into one text, sorted; missing where an owner has none.

    Args:
        values: One value per row, some missing.
        owners: Position (0 to count - 1) of the owner of each row.
        count: Number of owners.
        separator: A text that no value contains.
    """
    size = max(len(values.texts), 1)
    cells = np.sort(owners[values.known].astype(np.int64) * size + values.codes[values.known])
    cells = cells[np.diff(cells, prepend=-1) != 0]
    owners, codes = cells // size, cells % size
    counts = np.bincount(owners, minlength=count)
    made = np.full(count, -1, dtype=np.int64)
    alone = counts[owners] == 1
    made[owners[alone]] = codes[alone]
    # Most owners have one value: only what stands beside another one is sorted as text.
    owners, used = owners[~alone], values.texts.take(pa.array(codes[~alone]))
    places, distinct = numbered(used)
    ranks = np.empty(len(distinct), dtype=np.int64)
    ranks[pc.sort_indices(distinct).to_numpy()] = np.arange(len(distinct))
    order = np.lexsort((ranks[places], owners))
    starts = np.concatenate([[0], np.cumsum(counts[counts > 1])])
    lists = pa.LargeListArray.from_arrays(pa.array(starts), used.take(pa.array(order)))
    codes, wholes = numbered(pc.binary_join(lists, pa.scalar(separator, pa.large_string())))
    made[counts > 1] = codes + len(values.texts)
    return Single(made, pa.concat_arrays([values.texts, wholes]))
