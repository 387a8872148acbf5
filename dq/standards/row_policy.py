"""What a row-local stage may know: the standards, what was learnt per column, and the day of the run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dq.standards.load import Standards


@dataclass(frozen=True)
class Hints:
    """What whole columns say about their cells; learnt from the values when a source is recognised.

    Keys are `source/table/column`, with the canonical column (`crm/contacts/birth_on`); the table is empty for a source
    of one table.

    Attributes:
        date_orders: Order of day, month, year: `mdy`, `dmy` or `ymd`.
        name_orders: `last_first` where names without a comma start with the surname; absent means `first_last`.
        time_zones: Source → IANA zone of timestamps without an offset; absent means UTC.
    """

    date_orders: Mapping[str, str] = field(default_factory=dict)
    name_orders: Mapping[str, str] = field(default_factory=dict)
    time_zones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowPolicy:
    """Policy of a row-local stage; frozen, picklable, equal inputs give equal outputs."""

    standards: Standards
    as_of: date
    hints: Hints = field(default_factory=Hints)
