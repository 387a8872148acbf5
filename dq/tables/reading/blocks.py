"""A block of lines as rows: clean lines by the vectorised parser, the few others one record at a time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from dq.tables.reading.lines import Block, Positions
from dq.tables.reading.pieces import LINE, Batch, Reject, cut, rows_table, text_schema
from dq.tables.reading.records import Dialect, Limits, read_record

_BOM: Final = b"\xef\xbb\xbf"

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Plan:
    """How the lines of a file become rows: fixed before parsing.

    Attributes:
        dialect: How fields are written.
        limits: Width and sizes of a record.
        header: Fields of the header, to recognise it where files were appended to each other.
        header_start: How its line starts, to find candidates quickly.
        pads: Whether short records are filled with nulls at the end.
    """

    dialect: Dialect
    limits: Limits
    header: tuple[str, ...] = ()
    header_start: bytes = b""
    pads: bool = False

    @property
    def width(self) -> int:
        """Return the number of fields of a record."""
        return self.limits.width


@dataclass
class Parsed:
    """Outcome of a block: rows, rejects, and the line from which more text is needed (-1: none)."""

    batch: Batch
    resume: int = -1
    stray: int = 0
    """Records accepted although quotes stood where they do not belong."""
    padded: int = 0


def parse_block(block: Block, plan: Plan, first: int = 0) -> Parsed:
    """Read the records of a block from line `first` on, in file order."""
    clean = _clean_lines(block, plan)
    clean[:first] = False
    slow = _SlowPath(block, plan)
    resume = slow.read(clean, first)
    fast = _parse_clean(block, clean, plan)
    rows = _in_order(fast, rows_table(slow.rows, slow.lines, plan.width))
    rows, empty = _without_empty(rows, block)
    rejects = sorted([*slow.rejects, *empty], key=lambda reject: reject.first_line)
    return Parsed(Batch(rows, tuple(rejects)), resume, slow.stray, slow.padded)


class _SlowPath:
    """Reads the lines that the vectorised parser must not see."""

    def __init__(self, block: Block, plan: Plan) -> None:
        self.block, self.plan = block, plan
        self.rows: list[list[str | None]] = []
        self.lines: list[int] = []
        self.rejects: list[Reject] = []
        self.stray = self.padded = 0

    def read(self, clean: Flags, first: int) -> int:
        """Read every unclean line, unmark the lines used up with it; return where more text is needed, else -1."""
        done = first
        for line in np.flatnonzero(~clean[first:]) + first:
            if line < done or self.block.is_blank(int(line)):
                continue
            used = self._read_one(int(line))
            if used == 0:
                clean[line:] = False
                return int(line)
            done = int(line) + used
            clean[line:done] = False
        return -1

    def _read_one(self, line: int) -> int:
        plan, number = self.plan, self.block.number(line)
        limits = Limits(0, plan.limits.max_bytes, plan.limits.max_lines) if plan.pads else plan.limits
        outcome = read_record(self.block, line, plan.dialect, limits)
        if outcome.needs_more:
            return 0
        fields = outcome.fields
        if fields is not None and plan.pads:
            missing = plan.width - len(fields)
            if missing < 0:
                self._refuse(line, "too_many_fields")
                return 1
            self.padded += missing > 0
            fields = fields + [""] * missing
        if fields is None:
            self._refuse(line, outcome.reason)
        elif plan.header and tuple(field.strip("\ufeff \t") for field in fields) == plan.header:
            self.rejects.append(Reject(number, number + outcome.lines - 1, "repeated_header", cut(outcome.text)))
        else:
            self.rows.append(list(fields))
            self.lines.append(number)
            self.stray += not outcome.strict
        return outcome.lines

    def _refuse(self, line: int, reason: str) -> None:
        number = self.block.number(line)
        self.rejects.append(Reject(number, number, reason, cut(self.block.shown(line))))


def _clean_lines(block: Block, plan: Plan) -> Flags:
    """Mark the lines that are whole records beyond doubt: quotes in their places, right width, short enough, text."""
    array, starts, ends = block.array, block.starts, block.ends
    dialect = plan.dialect
    lengths = ends - starts
    clean: Flags = (lengths > 0) & (lengths <= plan.limits.max_bytes)
    if plan.width == 1:
        clean &= array[np.minimum(starts, max(len(array) - 1, 0))] != ord(" ")
    quotes = np.flatnonzero(array == ord(dialect.quote))
    literal = np.zeros(block.count, bool)
    first = np.searchsorted(quotes, starts)
    counts = np.searchsorted(quotes, ends) - first
    if quotes.size and dialect.skips_blanks:
        clean &= counts == 0
    elif quotes.size:
        literal = _without_quoted(block, quotes, counts, ord(dialect.delimiter))
        fine = counts % 2 == 0
        fine[_misplaced(block, quotes, first, counts, ord(dialect.delimiter))] = False
        clean &= fine | literal
    clean &= _delimiters(block, ord(dialect.delimiter), quotes, first, literal) == plan.width - 1
    if dialect.escape:
        clean[_lines_of(np.flatnonzero(array == ord(dialect.escape)), starts)] = False
    _unmark_no_text(block, clean)
    _unmark_headers(block, clean, plan)
    return clean


def _without_quoted(block: Block, quotes: Positions, counts: Positions, delimiter: int) -> Flags:
    """Mark the lines in which no quote stands at the start of a field: they are part of the values (`5" pipe`)."""
    lines = np.repeat(np.arange(block.count), counts)
    opens = (quotes == block.starts[lines]) | (block.array[np.maximum(quotes - 1, 0)] == delimiter)
    literal: Flags = np.ones(block.count, bool)
    literal[lines[opens]] = False
    return literal


def _misplaced(block: Block, quotes: Positions, first: Positions, counts: Positions, delimiter: int) -> Positions:
    """Return the lines with a quote that neither opens behind a delimiter nor closes before one nor is doubled."""
    array = block.array
    lines = np.repeat(np.arange(block.count), counts)
    opens = (np.arange(len(quotes)) - np.repeat(first, counts)) % 2 == 0
    beside = np.where(opens, quotes - 1, quotes + 1)
    neighbour = array[np.clip(beside, 0, len(array) - 1)]
    at_edge = np.where(opens, quotes == block.starts[lines], quotes + 1 == block.ends[lines])
    fine = at_edge | (neighbour == delimiter) | (neighbour == array[quotes])
    misplaced: Positions = lines[~fine]
    return misplaced


def _delimiters(block: Block, delimiter: int, quotes: Positions, first: Positions, literal: Flags) -> Positions:
    """Count the delimiters of each line that stand outside quotes; in `literal` lines all of them do."""
    places = np.flatnonzero(block.array == delimiter)
    low, high = np.searchsorted(places, block.starts), np.searchsorted(places, block.ends)
    if not quotes.size:
        plain: Positions = high - low
        return plain
    parity = np.cumsum(block.array == block.array[quotes[0]], dtype=np.uint8)[places] & 1
    lines = np.searchsorted(block.starts, places, "right") - 1
    outside = parity == (first[lines] & 1)
    sums = np.concatenate([[0], np.cumsum(outside)])
    return np.where(literal, high - low, sums[high] - sums[low])


def _lines_of(places: Positions, starts: Positions) -> Positions:
    lines: Positions = np.searchsorted(starts, places, "right") - 1
    return lines


def _unmark_no_text(block: Block, clean: Flags) -> None:
    """Leave lines with a surrogate to the slow path: it stands for bytes that are no text."""
    suspects = np.flatnonzero(block.array[:-1] == 0xED)
    if suspects.size:
        clean[_lines_of(suspects[block.array[suspects + 1] >= 0xA0], block.starts)] = False


def _unmark_headers(block: Block, clean: Flags, plan: Plan) -> None:
    """Leave lines that start like the header to the slow path, which compares them field by field."""
    head = plan.header_start
    if not head:
        return
    for start in (head, _BOM + head):
        candidates = np.flatnonzero((block.ends - block.starts >= len(start)) & clean)
        for place, byte in enumerate(start):
            candidates = candidates[block.array[block.starts[candidates] + place] == byte]
            if not candidates.size:
                break
        clean[candidates] = False


def _parse_clean(block: Block, clean: Flags, plan: Plan) -> pa.Table:
    """Parse clean lines with Arrow's reader, every column as text."""
    numbers = np.flatnonzero(clean)
    schema = text_schema(plan.width)
    if not len(numbers):
        return schema.empty_table()
    table = _read_csv(_bytes_of(block, clean), plan)
    if table.num_rows != len(numbers):  # pragma: no cover - both count line ends outside quotes
        raise AssertionError(f"{table.num_rows} rows parsed of {len(numbers)} clean lines")
    columns = table.columns
    if plan.dialect.skips_blanks:
        trimmed = [pc.utf8_ltrim(column, " ") for column in columns]
        columns = [pc.if_else(pc.equal(column, ""), None, column) for column in trimmed]
    lines = pa.array(numbers + block.first_line, pa.int64())
    return pa.Table.from_arrays([*columns, pa.chunked_array([lines])], schema=schema)


def _bytes_of(block: Block, clean: Flags) -> bytes:
    if clean.all():
        return block.data
    edges = np.flatnonzero(np.diff(np.concatenate([[0], clean.view(np.int8), [0]])))
    pieces = [
        block.data[block.starts[low] : block.nexts[high - 1]] for low, high in zip(*[iter(edges)] * 2, strict=True)
    ]
    return b"".join(pieces)


def _read_csv(data: bytes, plan: Plan) -> pa.Table:
    names = [str(n) for n in range(plan.width)]
    return csv.read_csv(
        pa.BufferReader(data),
        csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
        csv.ParseOptions(delimiter=plan.dialect.delimiter, quote_char=plan.dialect.quote, newlines_in_values=False),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def _in_order(fast: pa.Table, slow: pa.Table) -> pa.Table:
    if not slow.num_rows:
        return fast
    both = pa.concat_tables([fast, slow])
    return both.take(pc.sort_indices(both[LINE]))


_EMPTY: Final = "no_values"


def _without_empty(rows: pa.Table, block: Block) -> tuple[pa.Table, list[Reject]]:
    """Refuse rows that are nothing but delimiters: there is no record in them."""
    empty = pc.is_null(rows.column(0))
    for column in rows.columns[1:-1]:
        if not pc.any(empty).as_py():
            return rows, []
        empty = pc.and_(empty, pc.is_null(column))
    if not pc.any(empty).as_py():
        return rows, []
    lines = rows[LINE].filter(empty).to_pylist()
    rejects = [Reject(line, line, _EMPTY, cut(block.shown(line - block.first_line))) for line in lines]
    return rows.filter(pc.invert(empty)), rejects
