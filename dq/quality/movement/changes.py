"""What changed between two runs, per place (source, department, segment): counted once, kept, cut later as asked."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Self

from dq.quality.movement.parts import Part


@dataclass(frozen=True)
class Scope:
    """A part of the house.

    Attributes:
        source: One source; empty: all.
        departments: Departments, None for all; the empty name stands for what no department owns.
        segment: `state=TX`; empty: not cut further.
    """

    source: str = ""
    departments: frozenset[str] | None = None
    segment: str = ""

    def holds(self, source: str, department: str) -> bool:
        """Tell whether a place lies within."""
        return (not self.source or source == self.source) and (
            self.departments is None or department in self.departments
        )


EVERYWHERE = Scope()


class Judged(NamedTuple):
    """Units that a rule judged in a place, and of them those that failed."""

    rule_id: str
    source: str
    department: str
    judged: int
    failed: int


class Moved(NamedTuple):
    """By how many the failures of a rule changed in a place, by a part of the movement."""

    rule_id: str
    source: str
    department: str
    part: Part
    failed: int


class Kept(NamedTuple):
    """Records of a place, those that the other run lacks, those with a problem, and under rules both runs know."""

    source: str
    department: str
    segment: str
    records: int
    only: int
    troubled: int
    common: int


class MovedRecords(NamedTuple):
    """By how many the records with a problem changed in a place, by a part of the movement."""

    source: str
    department: str
    segment: str
    part: Part
    failed: int


@dataclass(frozen=True)
class Changes:
    """Everything that was counted in two runs; `then` is the earlier one.

    Attributes:
        compared: Rules that both judged, in the same words.
        judged_then: What rules judged.
        judged_now: The same.
        moved: Failures that came and went.
        kept_then: Records, per segment too.
        kept_now: The same.
        moved_records: Records with a problem that came and went.
    """

    compared: tuple[str, ...]
    judged_then: tuple[Judged, ...]
    judged_now: tuple[Judged, ...]
    moved: tuple[Moved, ...]
    kept_then: tuple[Kept, ...]
    kept_now: tuple[Kept, ...]
    moved_records: tuple[MovedRecords, ...]

    def as_document(self) -> dict[str, Any]:
        """Return it as lists, for a store."""
        return {field.name: [*getattr(self, field.name)] for field in fields(self)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return what `as_document` gave."""
        rows: dict[str, Any] = {
            name: tuple(kind._make(row) for row in document[name])  # type: ignore[attr-defined]
            for name, kind in _ROWS.items()
        }
        return cls(compared=tuple(document["compared"]), **rows)


_ROWS = {
    "judged_then": Judged,
    "judged_now": Judged,
    "moved": Moved,
    "kept_then": Kept,
    "kept_now": Kept,
    "moved_records": MovedRecords,
}
