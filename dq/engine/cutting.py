"""Cuts a sorted stream of rows into parts, never through the rows of one key."""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc


def cut_by_rows(batches: Iterable[pa.RecordBatch], schema: pa.Schema, rows: int, key: str | None) -> Iterator[pa.Table]:
    """Yield tables of `rows` rows; with a `key`, a table grows until its last key is complete.

    Yields at least one table, empty where there are no rows.
    """
    pending = schema.empty_table()
    yielded = False
    for batch in batches:
        pending = pa.concat_tables([pending, pa.Table.from_batches([batch])])
        while (end := _end_of_part(pending, rows, key)) is not None:
            yield pending.slice(0, end).combine_chunks()
            yielded = True
            pending = pending.slice(end)
    if pending.num_rows or not yielded:
        yield pending.combine_chunks()


def _end_of_part(pending: pa.Table, rows: int, key: str | None) -> int | None:
    """Return where the first part ends, None while that is not known yet."""
    if key is None:
        return rows if pending.num_rows >= rows else None
    if pending.num_rows <= rows:
        return None
    last = pending[key][rows - 1]
    later = pc.index(pc.not_equal(pending[key].slice(rows), last), pa.scalar(True)).as_py()
    return None if later < 0 else rows + int(later)


def cut_by_bounds(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, key: str, bounds: Sequence[str]
) -> Iterator[pa.Table]:
    """Yield one table per bound (rows with `key` up to it), and one with the rest; empty tables included."""
    remaining = list(bounds)
    pending: list[pa.Table] = [schema.empty_table()]
    for batch in batches:
        rows = pa.Table.from_batches([batch])
        while remaining and rows.num_rows:
            inside = pc.sum(pc.less_equal(rows[key], remaining[0])).as_py() or 0
            pending.append(rows.slice(0, inside))
            if inside == rows.num_rows:
                rows = rows.slice(inside)
                break
            yield pa.concat_tables(pending).combine_chunks()
            pending = [schema.empty_table()]
            rows = rows.slice(inside)
            remaining.pop(0)
        if rows.num_rows:
            pending.append(rows)
    while remaining:
        yield pa.concat_tables(pending).combine_chunks()
        pending = [schema.empty_table()]
        remaining.pop(0)
    yield pa.concat_tables(pending).combine_chunks()
