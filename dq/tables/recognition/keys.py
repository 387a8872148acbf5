"""Which column identifies a row. Refuses personal columns, groups and answers; stops where a key is damaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dq.errors import SourceError
from dq.tables.recognition.shapes import Profile, is_scientific
from dq.tables.recognition.source_mapping import TableSample
from dq.tables.recognition.targets import KEY
from dq.tables.recognition.votes import Vote

SURE_FROM: Final = 0.7
"""A header that names a key this surely stays the key with a few repeats: those are numbered, and said."""
SURE_UNIQUE: Final = 0.95
"""Extracts repeat a few rows; a column in which one row in twenty repeats identifies something else."""


@dataclass(frozen=True)
class KeyChoice:
    """The key of a table and why; None where no column identifies a row."""

    header: str | None
    reason: str


def choose_key(
    sample: TableSample, votes: Mapping[str, Vote], profiles: Mapping[str, Profile], nouns: frozenset[str]
) -> KeyChoice:
    """Return the surest column that is named like a key and is unique.

    Args:
        sample: The table; counts over all rows are used where they were taken.
        votes: What each column is taken for.
        profiles: What the values look like.
        nouns: Singular and plural words of the table's name: `accounts.AccountId` is its own key.

    Raises:
        SourceError: The surest candidate went through a spreadsheet and lost digits.
    """
    candidates = [header for header in sample.headers if votes[header].target.column == KEY]
    own = [
        header
        for header in sample.headers
        if votes[header].target.column == "account_key" and (_names(header, nouns) or not candidates)
    ]
    ranked = sorted(
        (*candidates, *own),
        key=lambda header: (-votes[header].confidence, not _names(header, nouns), sample.headers.index(header)),
    )
    repeated: list[str] = []
    for header in ranked:
        vote = votes[header]
        if vote.confidence >= SURE_FROM and vote.target.column == KEY:
            check_key(sample, header)
        unique = _uniqueness(sample, header, profiles[header])
        least = SURE_UNIQUE if vote.confidence >= SURE_FROM and vote.target.column == KEY else 1.0
        if unique >= least and _is_filled(sample, header, profiles[header]):
            note = "" if unique == 1.0 else f"; {1 - unique:.1%} of values repeat and are numbered"
            return KeyChoice(header, f"{vote.reason} and its values are unique{note}")
        repeated.append(header)
    if repeated:
        return KeyChoice(
            None, f"`{repeated[0]}` is named like a key but repeats or is empty; rows are known by content"
        )
    return KeyChoice(None, "no column is named like a key; rows are known by content")


def check_key(sample: TableSample, header: str) -> None:
    """Stop where a key lost its digits in a spreadsheet (`1.23457E+11`): rows could not be told apart any more."""
    cells = sample.rows[header].dropna().astype("str").str.strip()
    suspects = cells[cells.str.contains("E+", regex=False) | cells.str.contains("e+", regex=False)]
    damaged = sorted(value for value in suspects.unique() if is_scientific(value))
    if damaged:
        raise damaged_key(sample.table, header, damaged[0])


def damaged_key(table: str, header: str, example: str) -> SourceError:
    """Return the error for a key column with a number in scientific notation."""
    place = f"table {table}, " if table else ""
    return SourceError(
        f"{place}column `{header}` is the key but went through a spreadsheet: {example!r} has lost digits",
        f"export it again with `{header}` as text, or choose another key with --key COLUMN",
    )


def _names(header: str, nouns: frozenset[str]) -> bool:
    compact = "".join(character for character in header.lower() if character.isalnum())
    return any(compact.startswith(noun) for noun in nouns if noun)


def _uniqueness(sample: TableSample, header: str, profile: Profile) -> float:
    if header in sample.distinct and sample.filled.get(header, sample.row_count):
        return min(1.0, sample.distinct[header] / sample.filled.get(header, sample.row_count))
    return profile.uniqueness


def _is_filled(sample: TableSample, header: str, profile: Profile) -> bool:
    if header in sample.filled and sample.row_count:
        return sample.filled[header] / sample.row_count >= SURE_UNIQUE
    return bool(profile.rows) and profile.filled / profile.rows >= SURE_UNIQUE
