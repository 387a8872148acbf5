"""Where each value of a customer comes from, in the order a page shows it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dq.model import EXTRA
from dq.stewardship.records import Customer
from dq.web.fields import SHOWN, shown, title
from dq.web.wording import column as column_name
from dq.web.wording import count


@dataclass(frozen=True)
class Member:
    """A record of a customer that is the visitor's."""

    record_id: str
    title: str
    source: str


@dataclass(frozen=True)
class Origin:
    """A value and where it comes from.

    Attributes:
        is_mine: The record is the visitor's: its page opens.
        rule: Why this one.
        alternates: Values that were not taken, each with the records that have it, as words.
    """

    label: str
    value: str
    record_id: str
    is_mine: bool
    rule: str
    alternates: tuple[tuple[str, str], ...]


def members(customer: Customer) -> list[Member]:
    """Return one's own records of a customer."""
    return [
        Member(one.record_id, title(one.values), str(one.values["source"])) for one in customer.records if one.is_mine
    ]


def origins(customer: Customer) -> Sequence[Origin]:
    """Return the golden values with their provenance, fields in reading order."""
    own = {str(row["column"]): row for row in customer.provenance if not row["contact_point_id"]}
    columns = [*SHOWN, *sorted(name for name in customer.golden if name.startswith(EXTRA))]
    row = customer.golden
    mine = {one.record_id for one in customer.records if one.is_mine}
    return [_origin(name, row, own.get(name, {}), mine) for name in columns if shown(row.get(name))]


def _origin(column: str, row: Mapping[str, Any], provenance: Mapping[str, Any], mine: Collection[str]) -> Origin:
    record_id = str(provenance.get("record_id") or "")
    return Origin(
        column_name(column),
        shown(row.get(column)),
        record_id,
        record_id in mine,
        str(provenance.get("rule") or ""),
        _alternates(provenance.get("alternates")),
    )


def _alternates(text: Any) -> tuple[tuple[str, str], ...]:
    """Return values that were not taken; none where they are masked: no JSON any more, or one with masked names."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return ()
    told = [one for one in found if isinstance(one, dict) and {"value", "record_ids"} <= one.keys()]
    return tuple((shown(one["value"]), count(len(one["record_ids"]), "record")) for one in told)
