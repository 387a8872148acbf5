"""One table half-way through recognition: what is known of it before its relations are."""

from collections.abc import Mapping
from dataclasses import dataclass

from dq.standards.sources import TablePolicy
from dq.tables.recognition.keys import KeyChoice
from dq.tables.recognition.shapes import Profile
from dq.tables.recognition.source_mapping import TableSample
from dq.tables.recognition.votes import Vote


@dataclass(frozen=True)
class TableReading:
    """One table half-way: profiles and votes, its key, the policy that speaks about it."""

    sample: TableSample
    policy: TablePolicy
    profiles: Mapping[str, Profile]
    votes: Mapping[str, Vote]
    key: KeyChoice
    table_type: str
    compact: Mapping[str, tuple[float, str]]


def cells_of(sample: TableSample, header: str) -> list[str]:
    """Return the filled cells of a column in a fixed order."""
    return sorted(cell for cell in sample.rows[header].dropna().astype("str").str.strip() if cell)


def cells_counted(sample: TableSample, header: str) -> dict[str, int]:
    """Return the filled cells of a column with how often each stands there."""
    counts = sample.rows[header].dropna().astype("str").str.strip().value_counts()
    return {str(cell): int(count) for cell, count in counts.items() if cell}
