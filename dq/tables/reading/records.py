"""One record at a time: physical lines split into fields, strictly first, then with patience for stray quotes."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple, Protocol


@dataclass(frozen=True)
class Dialect:
    """How fields are written.

    Attributes:
        delimiter: One ASCII character.
        quote: One ASCII character; doubled inside a quoted field it stands for itself.
        escape: A character that takes the meaning from the next one inside quotes; empty where there is none.
        skips_blanks: Whether blanks after a delimiter belong to the notation.
    """

    delimiter: str
    quote: str = '"'
    escape: str = ""
    skips_blanks: bool = False


class LineTable(Protocol):
    """Numbered physical lines of a stretch of a file, without their line ends."""

    count: int
    closed: bool
    """Whether the stretch ends where records end; else more lines follow."""

    def text(self, line: int) -> str | None:
        """Return a line, None where its bytes are no text."""

    def joined(self, first: int, last: int) -> str | None:
        """Return several lines with the line ends between them."""

    def size(self, first: int, last: int) -> int:
        """Return the bytes from the first line to the last."""

    def is_blank(self, line: int) -> bool:
        """Tell whether a line holds nothing but blanks."""


class State(Enum):
    """How a strict split ended."""

    CLOSED = "closed"
    OPEN = "open"
    STRAY = "stray"


class Outcome(NamedTuple):
    """What became of a physical line and those that were joined to it.

    Attributes:
        fields: The record; None where the first line alone is refused.
        lines: Physical lines used.
        reason: Why it was refused.
        text: Text of the first line (of the record where it was accepted).
        strict: Whether every quote stood where quotes belong.
        needs_more: The record may close on a line that is not here yet.
    """

    fields: list[str] | None
    lines: int = 1
    reason: str = ""
    text: str = ""
    strict: bool = True
    needs_more: bool = False


@dataclass(frozen=True)
class Limits:
    """What a record may be at most, and how many fields it must have (0: any number)."""

    width: int = 0
    max_bytes: int = 16_000_000
    max_lines: int = 1_000


_ANY: Final = Limits()


def read_record(lines: LineTable, first: int, dialect: Dialect, limits: Limits = _ANY) -> Outcome:
    """Read the record that starts on a line (CONTRACTS 6).

    A quoted line break is kept where the quote closes properly within the limits and the record then has the right
    width; otherwise the first physical line alone is refused.
    """
    if lines.size(first, first) > limits.max_bytes:
        return Outcome(None, reason="line_too_long")
    text = lines.text(first)
    if text is None:
        return Outcome(None, reason="undecodable")
    fields, state = split(text, dialect)
    if state is State.CLOSED:
        return _judge(fields, 1, text, limits.width)
    if state is State.OPEN:
        return _join(lines, first, dialect, limits, text)
    for patient in (split_patiently(text, dialect), _unquoted(text, dialect)):
        if patient is not None and limits.width in (0, len(patient)):
            return Outcome(patient, text=text, strict=False)
    return Outcome(None, reason="stray_quote", text=text, strict=False)


def _judge(fields: list[str], lines: int, text: str, width: int) -> Outcome:
    if width in (0, len(fields)):
        return Outcome(fields, lines, text=text)
    reason = "too_few_fields" if len(fields) < width else "too_many_fields"
    return Outcome(None, reason=reason, text=text)


def _join(lines: LineTable, first: int, dialect: Dialect, limits: Limits, text: str) -> Outcome:
    refused = Outcome(None, reason="unclosed_quote", text=text, strict=False)
    last = first
    while True:
        last += 1
        if last - first >= limits.max_lines or (last < lines.count and lines.size(first, last) > limits.max_bytes):
            return refused
        if last >= lines.count:
            return refused if lines.closed else Outcome(None, text=text, needs_more=True)
        line = lines.text(last)
        if line is None:
            return refused
        if not _may_close(line, dialect):
            continue
        joined = lines.joined(first, last) or ""
        fields, state = split(joined, dialect)
        if state is State.CLOSED and limits.width in (0, len(fields)):
            return Outcome(fields, last - first + 1, text=joined)
        if state is not State.OPEN:
            return refused


def _may_close(line: str, dialect: Dialect) -> bool:
    """Tell whether a line inside a quoted field has a quote that is not half of a doubled one."""
    if dialect.quote not in line:
        return False
    if dialect.escape:
        return True
    return dialect.quote in line.replace(dialect.quote * 2, "")


def split(text: str, dialect: Dialect) -> tuple[list[str], State]:
    """Split a record; a quote opens at the start of a field and closes before a delimiter or the end.

    >>> split('1,"O""Neil, Pat",', Dialect(","))
    (['1', 'O"Neil, Pat', ''], <State.CLOSED: 'closed'>)
    >>> split('1,"O"Neil", Pat', Dialect(","))[1].value
    'stray'
    """
    fields: list[str] = []
    position, end = 0, len(text)
    while True:
        if dialect.skips_blanks:
            while position < end and text[position] == " ":
                position += 1
        if text.startswith(dialect.quote, position):
            value, position, state = _quoted(text, position + 1, dialect)
            if state is not State.CLOSED:
                return fields, state
            fields.append(value)
        else:
            stop = text.find(dialect.delimiter, position)
            stop = end if stop < 0 else stop
            fields.append(text[position:stop])
            position = stop
        if position >= end:
            return fields, State.CLOSED
        position += 1


def _quoted(text: str, position: int, dialect: Dialect) -> tuple[str, int, State]:
    """Read from behind an opening quote; return the value and the position of the delimiter after it."""
    pieces: list[str] = []
    quote, escape, end = dialect.quote, dialect.escape, len(text)
    while True:
        stop = text.find(quote, position)
        escaped = text.find(escape, position, stop if stop >= 0 else end) if escape else -1
        if escaped >= 0 and escaped + 1 < end:
            # Before any other character it is a plain backslash: `C:\\new`, `\\N`.
            keeps = text[escaped + 1] not in (quote, escape)
            pieces += [text[position : escaped + keeps], text[escaped + 1]]
            position = escaped + 2
            continue
        if stop < 0:
            return "", end, State.OPEN
        pieces.append(text[position:stop])
        position = stop + 1
        if text.startswith(quote, position):
            pieces.append(quote)
            position += 1
            continue
        if dialect.skips_blanks:
            while position < end and text[position] == " ":
                position += 1
        if position >= end or text[position] == dialect.delimiter:
            return "".join(pieces), position, State.CLOSED
        return "", position, State.STRAY


def split_patiently(text: str, dialect: Dialect) -> list[str] | None:
    """Split a line in which quotes stand inside quoted fields without being doubled; None where one never closes.

    >>> split_patiently('1,"The "Best" Deli, Inc",NY', Dialect(","))
    ['1', 'The "Best" Deli, Inc', 'NY']
    """
    fields: list[str] = []
    closing = dialect.quote + dialect.delimiter
    position, end = 0, len(text)
    while True:
        if dialect.skips_blanks:
            while position < end and text[position] == " ":
                position += 1
        if text.startswith(dialect.quote, position):
            stop = text.find(closing, position + 1)
            if stop < 0:
                stop = end - 1 if end - 1 > position and text.endswith(dialect.quote) else -1
            if stop < 0:
                return None
            fields.append(text[position + 1 : stop].replace(dialect.quote * 2, dialect.quote))
            position = stop + 1
        else:
            stop = text.find(dialect.delimiter, position)
            stop = end if stop < 0 else stop
            fields.append(text[position:stop])
            position = stop
        if position >= end:
            return fields
        position += 1


def _unquoted(text: str, dialect: Dialect) -> list[str] | None:
    """Split a line whose quotes are part of the values (`"Bob" Smith`); None where one of them stands alone."""
    if text.count(dialect.quote) % 2:
        return None
    fields = text.split(dialect.delimiter)
    return [field.lstrip(" ") for field in fields] if dialect.skips_blanks else fields
