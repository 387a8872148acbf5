"""What of a record stands on a page, in which order and under which words. Hides nothing: rows come masked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dq.model import DO_NOT_COLUMNS, EXTRA, raw
from dq.web.differences import Piece, differences, whole
from dq.web.wording import column as column_name

SHOWN: Final = (
    "party_type",
    "prefix",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "organization_name",
    "trade_name",
    "job_title",
    "birth_on",
    "tax_id",
    "duns",
    "lei",
    "address_line2",
    "address_line1",
    "city",
    "state",
    "zip5",
    "zip4",
    "postal_code",
    "country",
    "email",
    "phone",
    "mobile",
    "website",
    *DO_NOT_COLUMNS,
    "status",
    "owner",
    "value_amount",
    "created_at",
    "updated_at",
    "verified_on",
)
"""Columns of a record in the order a person reads them: who, where, how to reach, what is agreed, since when."""
COMPARED: Final = tuple(name for name in SHOWN if name not in ("owner", "value_amount", "verified_on", "country"))
"""Columns that say something about whether two records are one customer."""

_MOMENTS: Final = ("created_at", "updated_at", "verified_on")
"""Columns whose source text only says the same moment for machines."""
_TELLING: Final = tuple(name for name in COMPARED if name not in (*_MOMENTS, "party_type", "status"))
"""Columns whose difference means something."""

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One field of one record: as it is used and, where that differs, as it was typed."""

    column: str
    label: str
    clean: str
    raw: str


@dataclass(frozen=True)
class Compared:
    """One field of two records.

    Attributes:
        state: `same`, `differs`, or `alone` where only one of them has it.
    """

    label: str
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    left_raw: str
    right_raw: str
    state: str


def fields(record: Record) -> list[Field]:
    """Return every field of a record that says something, the source's own columns last."""
    extras = sorted(name for name in record if name.startswith(EXTRA))
    return [one for name in (*SHOWN, *extras) if (one := field(record, name)).clean or one.raw]


def field(record: Record, column: str) -> Field:
    """Return one field of a record; what was typed only where it differs by more than case and punctuation."""
    clean, typed = shown(record.get(column)), shown(record.get(raw(column)))
    if _spelled(typed) == _spelled(clean) or column in _MOMENTS:
        typed = ""
    return Field(column, column_name(column), clean, typed)


NAMING: Final = ("record_id", "source", "department", "first_name", "last_name", "organization_name", "trade_name")
"""Columns of a record from which `title` is made, whose it is and where it stands."""


def title(record: Record) -> str:
    """Return what a record is called on a page.

    >>> title({"first_name": "Maria", "last_name": "Lopez"}), title({"record_id": "crm:7"})
    ('Maria Lopez', 'crm:7')
    """
    person = " ".join(shown(record.get(name)) for name in ("first_name", "last_name") if record.get(name))
    name = person or shown(record.get("organization_name")) or shown(record.get("trade_name"))
    return name or shown(record.get("record_id") or record.get("golden_id"))


def compared(left: Record, right: Record, masked: tuple[bool, bool] = (False, False)) -> list[Compared]:
    """Return the fields of two records side by side, differing characters marked; what both lack is left out.

    Args:
        left: One record.
        right: The other.
        masked: Which of them are hidden; then characters can not be held against each other.
    """
    rows = []
    for column in COMPARED:
        one, other = field(left, column), field(right, column)
        is_same = one.clean.casefold() == other.clean.casefold()
        if not (one.clean or one.raw or other.clean or other.raw) or (is_same and column == "party_type"):
            continue
        is_telling = column in _TELLING and not any(masked)
        pieces = differences(one.clean, other.clean) if is_telling else (whole(one.clean), whole(other.clean))
        is_alone = not one.clean or not other.clean or not is_telling
        state = "same" if is_same else "alone" if is_alone else "differs"
        typed = ["" if hide else text for hide, text in zip(masked, (one.raw, other.raw), strict=True)]
        rows.append(Compared(one.label, pieces[0], pieces[1], typed[0], typed[1], state))
    return rows


def _spelled(text: str) -> str:
    """Return what is left of a text where case, blanks and punctuation do not count."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def shown(value: Any) -> str:
    """Return a value as text: yes and no, instants without their machine form, nothing for null.

    >>> shown(True), shown(None), shown("2010-08-09T00:00:00Z"), shown(12.0)
    ('yes', '', '2010-08-09', '12')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if value != value else f"{value:g}" if value == int(value) else f"{value}"
    text = str(value)
    if len(text) == 20 and text[10] == "T" and text.endswith("Z"):
        return text[:10] if text.endswith("T00:00:00Z") else f"{text[:10]} {text[11:16]}"
    return text
