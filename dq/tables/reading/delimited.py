"""Text files of delimited records: the decisions at their start, then their rows in bounded memory."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from dq.errors import SourceError
from dq.standards.ingest import Ingest
from dq.tables.reading.blocks import Plan, parse_block
from dq.tables.reading.contents import Content, silent
from dq.tables.reading.decoding import Encoding, Transcoder, decide_encoding
from dq.tables.reading.dialect import NO_DELIMITER, decide_dialect, describe, sample_records
from dq.tables.reading.layout import Layout, clean_header, find_layout
from dq.tables.reading.lines import CHUNK, Block, BlockReader, LongLine
from dq.tables.reading.pieces import Batch, NothingInsideError, Piece, Reject, Report, cut, text_schema
from dq.tables.reading.records import Dialect, Limits, Outcome

_SAMPLE: Final = 1_000_000
"""Bytes the decisions rest on; more only where a few lines are longer than that."""
_FEW_LINES: Final = 20
_BINARY: Final = 0.05
"""Share of control characters above which bytes are no text: text has next to none."""
_FEW_CONTROLS: Final = 20
"""So many of them are an accident in a text, however short it is."""
_HEADER_START: Final = 64
_WIDE_CHUNK: Final = 64_000_000
_CONTROLS: Final = frozenset(chr(n) for n in range(32)) - frozenset("\t\n\r\x01\x1a\x1c\x1d\x1e\x1f\x0b\x0c")


@dataclass(frozen=True)
class TextPlan:
    """All that is decided about a text file before its rows are read."""

    encoding: Encoding
    rows: Plan
    layout: Layout
    first_line: int
    chunk: int


def probe_text(content: Content, limits: Ingest, *, chunk: int = CHUNK) -> Piece:
    """Decide how a text file is read.

    Raises:
        SourceError: It is binary, a web page, without rows, or has too many columns.
    """
    sample, whole, encoding = _sample(content, limits)
    _refuse_no_text(content.file, sample)
    block = Block(_whole_lines(sample, whole=whole))
    start, forced = _named_delimiter(block)
    dialect = decide_dialect(block, start, forced)
    outcomes = sample_records(block, start, dialect)
    if _is_list(outcomes):
        dialect = Dialect(NO_DELIMITER, dialect.quote)
        outcomes = sample_records(block, start, dialect)
    layout, first_line, outcome = _layout(content.file, block, outcomes, start, dialect)
    if len(layout.headers) > limits.max_columns:
        raise SourceError(
            f"{content.file} has {len(layout.headers):,} columns, more than {limits.max_columns:,}",
            "check the delimiter, or raise max_columns in standards/ingest.yml",
        )
    plan = Plan(
        dialect,
        Limits(len(layout.headers), limits.max_line_bytes, limits.max_quoted_lines),
        tuple(clean_header(field) for field in outcome.fields or ()) if outcome else (),
        outcome.text.split("\n")[0].rstrip("\r").encode()[:_HEADER_START] if outcome else b"",
        layout.pads,
    )
    width_bytes = len(outcome.text) if outcome else 0
    # Some hundred rows at a time: each column costs a fixed effort per block.
    text = TextPlan(encoding, plan, layout, first_line, min(max(chunk, 256 * width_bytes), max(chunk, _WIDE_CHUNK)))
    sentences = (f"{encoding.label}, {describe(dialect)}", *layout.decisions)
    decisions = tuple(f"{content.file}: {sentence}" for sentence in sentences)
    return Piece(content.file, content.stem, layout.headers, decisions, partial(_batches, content, limits, text))


def _is_list(outcomes: list[Outcome]) -> bool:
    """Tell a list of one column whose values hold delimiters (`Smith, John`) from a table below a title."""
    rows = [outcome.fields for outcome in outcomes if outcome.fields]
    return len(rows) > 1 and len(rows[0]) == 1 and find_layout(rows, range(len(rows))).header == 0


def _sample(content: Content, limits: Ingest) -> tuple[bytes, bool, Encoding]:
    """Read the start of a file as UTF-8 and tell whether that is all of it."""
    with content.open(silent) as stream:
        data = stream.read(_SAMPLE)
        encoding = decide_encoding(data)
        transcoder = Transcoder(encoding)
        sample = transcoder.feed(data)
        while data and len(sample) <= 2 * limits.max_line_bytes and _lines_in(sample) < _FEW_LINES:
            data = stream.read(_SAMPLE)
            sample += transcoder.feed(data, final=not data)
        whole = not data or not stream.read(1)
    return sample, whole, encoding


def _lines_in(sample: bytes) -> int:
    return sample.count(b"\n") + sample.count(b"\r")


def _whole_lines(sample: bytes, *, whole: bool) -> bytes:
    if whole:
        return sample.rstrip(b"\x1a")
    return sample[: max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1]


def _refuse_no_text(file: str, sample: bytes) -> None:
    text = _decoded(sample[:100_000])
    controls = sum(char in _CONTROLS or "\ud800" <= char <= "\udfff" for char in text)
    if controls > max(_FEW_CONTROLS, len(text) * _BINARY):
        raise SourceError(f"{file} is a binary file, not a table", "name a CSV, Excel or Parquet file")
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise SourceError(f"{file} is a web page or XML, not a table", "open it in a spreadsheet and save it as CSV")
    if start.startswith(("{", "[{")) and '":' in start.replace(" ", ""):
        raise SourceError(f"{file} is JSON, not a table", "convert it to CSV or Parquet")


def _decoded(sample: bytes) -> str:
    """Return the text of a sample with a surrogate for each byte that is none, without a character cut at its end."""
    return codecs.getincrementaldecoder("utf-8")("surrogatepass").decode(sample)


def _named_delimiter(block: Block) -> tuple[int, str]:
    """Obey the first line `sep=;` that Excel writes and reads."""
    line = (block.text(0) or "").strip() if block.count else ""
    if line.lower().startswith("sep=") and len(line) <= 5:
        return 1, line[4:] or "\t"
    return 0, ""


def _layout(
    file: str, block: Block, outcomes: list[Outcome], start: int, dialect: Dialect
) -> tuple[Layout, int, Outcome | None]:
    """Return the layout, the number of the first line with data, and the record that is the header."""
    lines, line = [], start
    for outcome in outcomes:
        while block.is_blank(line):
            line += 1
        lines.append(line)
        line += outcome.lines
    readable = [n for n, outcome in enumerate(outcomes) if outcome.fields is not None]
    if not readable:
        raise NothingInsideError(
            f"{file} has no line that can be read as a table", "look at its first lines in an editor"
        )
    rows = [outcomes[n].fields or [] for n in readable]
    layout = find_layout(rows, [lines[n] + 1 for n in readable], one_column=dialect.delimiter == NO_DELIMITER)
    if layout.first >= len(rows) and len(outcomes) == len(readable):
        raise NothingInsideError(f"{file} has a header but no rows", "export it again with its rows")
    if layout.header < 0:
        return layout, lines[readable[layout.first]] + 1, None
    header = outcomes[readable[layout.header]]
    return layout, lines[readable[layout.header]] + header.lines + 1, header


def _batches(content: Content, limits: Ingest, text: TextPlan, report: Report) -> Iterator[Batch]:
    """Read the rows block by block."""
    transcoder = Transcoder(text.encoding)
    stray = padded = 0
    with content.open(report) as stream:
        reader = BlockReader(stream, transcoder, limits.max_line_bytes, text.chunk)
        while (block := reader.read()) is not None:
            if isinstance(block, LongLine):
                reject = Reject(block.number, block.number, "line_too_long", cut(block.text))
                yield Batch(text_schema(text.rows.width).empty_table(), (reject,))
                continue
            first = min(max(0, text.first_line - block.first_line), block.count)
            parsed = parse_block(block, text.rows, first)
            stray, padded = stray + parsed.stray, padded + parsed.padded
            if parsed.resume >= 0:
                reader.give_back(block, parsed.resume)
            yield parsed.batch
    remarks = _remarks(transcoder.repaired, stray, padded)
    yield Batch(text_schema(text.rows.width).empty_table(), notes=tuple(f"{content.file}: {said}" for said in remarks))


def _remarks(repaired: int, stray: int, padded: int) -> list[str]:
    remarks = []
    if repaired:
        remarks.append(f"{repaired:,} bytes that are not UTF-8 were read as Windows-1252")
    if stray:
        remarks.append(f"{stray:,} rows have quotes inside their values, which were kept")
    if padded:
        remarks.append(f"{padded:,} short rows were filled at their end")
    return remarks
