"""Which columns of customers a source column ends up in, so that source columns and target fields can be told apart."""

import re
from typing import Final

from dq.model import ADDRESS_COLUMNS, CONTACT_ROLES, DO_NOT_COLUMNS, EXTRA, NAME_COLUMNS, ORGANIZATION_COLUMNS
from dq.standards.targets import KNOWN_COLUMNS

_NAMES: Final = (*(name for name in NAME_COLUMNS if name != "job_title"), *ORGANIZATION_COLUMNS, "employer")
_LINES: Final = ("address_line1", "address_line2")
_PLACE: Final = ("city", "state", "zip5", "zip4", "postal_code")
_FEEDS: Final = {
    "key": ("row_id", "golden_id", "record_id"),
    "account_key": ("parent_row_id", "employer"),
    "parent_key": ("parent_row_id", "employer"),
    "full_name": _NAMES,
    "organization_name": ("organization_name", "employer"),
    "name_and_address": (*_NAMES, *ADDRESS_COLUMNS),
    "address_text": ADDRESS_COLUMNS,
    "address_line1": _LINES,
    "address_line2": _LINES,
    "address_line3": _LINES,
    "care_of": ("address_line2",),
    "last_line": (*_PLACE, "country"),
    "zip5": ("zip5", "zip4", "postal_code"),
    "po_box": ("address_line1",),
    "phone_role": ("phone", "mobile", "fax"),
}
"""What a source column is taken for → columns of customers that are made of it, where that is not one of its name."""
_PIECES: Final = (
    (re.compile(r"birth_(year|month|day)"), ("birth_on",)),
    (re.compile(r"phone_\w+"), ("phone",)),
    (re.compile(r"house_\w+|street_\w+|unit|unit_type"), ("address_line1",)),
    (re.compile(r"(opt_out|opt_in|consent_at)_\w+"), DO_NOT_COLUMNS),
)
"""Columns that are one piece of several."""
_ROLES: Final = frozenset(CONTACT_ROLES)
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


def columns_fed(taken_for: str, header: str) -> frozenset[str]:
    """Return the columns of customers that a source column ends up in.

    Args:
        taken_for: As `--map` writes it, `organization.billing.city#2`; empty or `extra`: a column without a home.
        header: Of the column.

    >>> sorted(columns_fed("billing.last_line", "X"))[:3], sorted(columns_fed("", "Lead Source"))
    (['billing.city', 'billing.country', 'billing.postal_code'], ['extra.Lead Source'])
    """
    words = taken_for.partition("#")[0].removeprefix("organization.")
    if words in ("", "extra", "ignore"):
        return frozenset({f"{EXTRA}{header}"}) if words != "ignore" else frozenset()
    role, _, column = words.rpartition(".")
    fed = _FEEDS.get(column) or next((made for form, made in _PIECES if form.fullmatch(column)), (column,))
    # The flat column shows the primary contact point, which may be the one of any role.
    return frozenset(fed) | ({f"{role}.{one}" for one in fed} if role in _ROLES else frozenset())


def expression_of(taken_for: str, header: str) -> str | None:
    """Return how an expression names a source column; None where it is a piece or a mixture of several.

    >>> expression_of("", "Lead Source"), expression_of("job_title", "Role"), expression_of("full_name", "Name")
    ('`extra.Lead Source`', 'job_title', None)
    """
    if taken_for in ("", "extra"):
        name = f"{EXTRA}{header}"
        return None if "`" in name else name if _PLAIN.fullmatch(name) else f"`{name}`"
    plain = taken_for.partition("#")[0].removeprefix("organization.")
    return plain if plain in KNOWN_COLUMNS else None
