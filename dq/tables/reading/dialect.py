"""How fields are written in a text file: delimiter, quote, escape. Decided on a sample, never while parsing."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dq.tables.reading.records import Dialect, LineTable, Outcome, read_record

_USUAL: Final = (",", "\t", ";", "|", "^", "~", "\x01", "\x1c", "\x1d", "\x1e", "\x1f")
_UNUSUAL: Final = (":", "!", "*", "#")
"""Tried only where nothing usual parts the lines: they occur in values."""
NO_DELIMITER: Final = "\x1f"
"""Delimiter of a file of one column: a character that text does not contain."""
NO_QUOTE: Final = "\x02"
"""Quote of a file whose quotes are part of the values: a character that text does not contain."""
_NAMES: Final = {",": "comma", "\t": "tab", ";": "semicolon", "|": "pipe", " ": "blank"}
_SAMPLE_RECORDS: Final = 300
_CONSISTENT: Final = 0.5
"""Share of records with the most frequent width below which a delimiter is chance."""
_DAMAGED: Final = 0.2
"""The same where the header has that width: a badly damaged file is still a table, and its rejects say so."""
_NEARLY_ALL: Final = 0.9


@dataclass(frozen=True)
class Trial:
    """A dialect, the records it makes of the sample, and how well they agree on a width."""

    dialect: Dialect
    records: tuple[Outcome, ...]
    width: int
    consistency: float
    score: float


def decide_dialect(sample: LineTable, start: int = 0, forced: str = "") -> Dialect:
    """Choose the dialect under which the sampled records agree best on one width.

    Args:
        sample: Physical lines of the start of a file.
        start: First line to look at.
        forced: A delimiter that the file names itself (`sep=;`).
    """
    for delimiters in ((forced,),) if forced else (_USUAL, _UNUSUAL):
        trials = [trial for delimiter in delimiters for trial in _trials(sample, start, delimiter)]
        if trials:
            best = max(trials, key=lambda trial: trial.score)
            if best.consistency < _CONSISTENT:
                best = _without_quoting(sample, start, (best.dialect.delimiter,)) or best
            return _with_blanks(best)
    if unquoted := _without_quoting(sample, start, (forced,) if forced else _USUAL):
        return unquoted.dialect
    quote = "'" if _wraps(sample, start, "'") else '"'
    return Dialect(forced or NO_DELIMITER, quote)


def _without_quoting(sample: LineTable, start: int, delimiters: Sequence[str]) -> Trial | None:
    """Take quotes for parts of the values where that makes nearly all records agree, and quoting does not."""
    trials = [_try(sample, start, Dialect(delimiter, NO_QUOTE)) for delimiter in delimiters]
    return next((trial for trial in trials if trial and trial.consistency >= _NEARLY_ALL), None)


def describe(dialect: Dialect) -> str:
    """Say a dialect in words."""
    if dialect.delimiter == NO_DELIMITER:
        return "no delimiter: one column"
    name = _NAMES.get(dialect.delimiter) or repr(dialect.delimiter)
    escape = ", escaped by \\" if dialect.escape else ""
    blanks = ", blanks after the delimiter left out" if dialect.skips_blanks else ""
    quote = "no quoting" if dialect.quote == NO_QUOTE else f"quote {dialect.quote}"
    return f"delimiter {name}, {quote}{escape}{blanks}"


def sample_records(sample: LineTable, start: int, dialect: Dialect, most: int = _SAMPLE_RECORDS) -> list[Outcome]:
    """Read up to `most` records of the sample, whatever their width."""
    records: list[Outcome] = []
    line = start
    while line < sample.count and len(records) < most:
        outcome = read_record(sample, line, dialect)
        if not sample.is_blank(line):
            records.append(outcome)
        line += outcome.lines
    return records


def _trials(sample: LineTable, start: int, delimiter: str) -> list[Trial]:
    lines = [sample.text(n) or "" for n in range(start, min(sample.count, start + _SAMPLE_RECORDS))]
    if sum(delimiter in line for line in lines) < len(lines) * _DAMAGED:
        return []
    quotes = _quotes(lines, delimiter)
    escapes = ("", "\\") if any("\\" + quote in line for line in lines for quote in quotes) else ("",)
    dialects = [
        Dialect(delimiter, quote, escape, skips_blanks=blanks)
        for quote in quotes
        for escape in escapes
        # Plain comes first: it wins where the blanks make no difference.
        for blanks in ((False, True) if any(f"{delimiter} {quote}" in line for line in lines) else (False,))
    ]
    tried = (_try(sample, start, dialect) for dialect in dialects)
    return [trial for trial in tried if trial]


def _try(sample: LineTable, start: int, dialect: Dialect) -> Trial | None:
    outcomes = sample_records(sample, start, dialect)
    widths = Counter(len(outcome.fields) for outcome in outcomes if outcome.fields and outcome.strict)
    widths.pop(1, None)
    if not widths:
        return None
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    consistency = count / len(outcomes)
    first = outcomes[0].fields or []
    # A delimiter that the header does not know is likelier punctuation inside the values.
    trust = 1.0 if len(first) == width else 0.7
    if consistency < (_DAMAGED if len(first) == width else _CONSISTENT):
        return None
    return Trial(dialect, tuple(outcomes), width, consistency, consistency * trust * math.log2(width + 1))


def _with_blanks(trial: Trial) -> Dialect:
    """Leave blanks after delimiters out where nearly every cell has one: they belong to the notation, not to values."""
    dialect = trial.dialect
    rows = [outcome.fields[1:] for outcome in trial.records[1:] or trial.records if outcome.fields]
    cells = [cell for row in rows for cell in row if cell]
    blank = sum(cell.startswith(" ") for cell in cells)
    if not cells or blank < _NEARLY_ALL * len(cells):
        return dialect
    return replace(dialect, skips_blanks=True)


def _quotes(lines: Sequence[str], delimiter: str) -> tuple[str, ...]:
    """Offer the single quote only where it wraps more cells than the double quote does."""
    wraps = {quote: sum(_wrapped(line, delimiter, quote) for line in lines) for quote in ('"', "'")}
    return ("'",) if wraps["'"] > wraps['"'] and wraps["'"] >= max(2, len(lines) // 10) else ('"',)


def _wrapped(line: str, delimiter: str, quote: str) -> int:
    # Starts and ends are counted apart, for a quoted cell may hold delimiters.
    cells = [cell.strip(" ") for cell in line.split(delimiter)]
    return min(sum(cell.startswith(quote) for cell in cells), sum(cell.endswith(quote) for cell in cells))


def _wraps(sample: LineTable, start: int, quote: str) -> bool:
    lines = [sample.text(n) or "" for n in range(start, min(sample.count, start + _SAMPLE_RECORDS))]
    return len(lines) > 2 and sum(_wrapped(line, NO_DELIMITER, quote) for line in lines) > len(lines) * _NEARLY_ALL
