"""What a source column can be mapped to, and how that is written. Knows nothing about headers or values.

A target is written `[organization.][role.]column[#number]`: `city`, `billing.city`, `organization.address_line1`,
`other.phone`, `mailing.city#2`. The number tells further addresses of one role apart, and names the second choice where
one column of a record can come from several cells (`full_name#2` is used where `full_name` is empty).
"""

import re
from dataclasses import dataclass
from typing import Final

from dq.model import CONTACT_ROLES, DATE_COLUMNS, IDENTIFIER_COLUMNS, NAME_COLUMNS, ORGANIZATION_COLUMNS

KEY: Final = "key"
EXTRA: Final = "extra"
IGNORE: Final = "ignore"
WHOLE: Final = "name_and_address"
"""One cell with a name and its address behind it, as in a list of labels."""
ORGANIZATION: Final = "organization"

KEY_COLUMNS: Final = (KEY, "account_key", "parent_key")
BIRTH_PIECES: Final = ("birth_year", "birth_month", "birth_day")
RECORD_COLUMNS: Final = (
    "status",
    "owner",
    "department",
    "party_type",
    *NAME_COLUMNS,
    "full_name",
    *ORGANIZATION_COLUMNS,
    *DATE_COLUMNS,
    *BIRTH_PIECES,
    *IDENTIFIER_COLUMNS,
    "value_amount",
)
CHANNELS: Final = ("email", "phone", "mobile", "fax", "website")
PHONE_PIECES: Final = ("phone_area", "phone_exchange", "phone_number", "phone_extension", "phone_role")
STREET_PIECES: Final = (
    "house_number",
    "house_suffix",
    "street_predirectional",
    "street_name",
    "street_suffix",
    "street_postdirectional",
)
ADDRESS_PIECES: Final = (
    "address_text",
    "address_line1",
    "address_line2",
    "address_line3",
    "care_of",
    *STREET_PIECES,
    "unit_type",
    "unit",
    "po_box",
    "city",
    "state",
    "zip5",
    "zip4",
    "last_line",
    "country",
    "address_role",
    "valid_from",
    "valid_to",
)
CONSENT_CHANNELS: Final = ("email", "call", "mail", "text", "fax", "all")
CONSENT_COLUMNS: Final = (
    *(f"opt_out_{channel}" for channel in CONSENT_CHANNELS),
    *(f"opt_in_{channel}" for channel in CONSENT_CHANNELS),
    *(f"consent_at_{channel}" for channel in CONSENT_CHANNELS),
    "consent_source",
)
TARGET_COLUMNS: Final = (
    *KEY_COLUMNS,
    *RECORD_COLUMNS,
    *CHANNELS,
    *PHONE_PIECES,
    *ADDRESS_PIECES,
    *CONSENT_COLUMNS,
    WHOLE,
    EXTRA,
    IGNORE,
)
PERSONAL_COLUMNS: Final = (
    "email",
    "phone",
    "mobile",
    "fax",
    "tax_id",
    "full_name",
    "first_name",
    "middle_name",
    "last_name",
    "organization_name",
    "trade_name",
    "birth_on",
    WHOLE,
)
"""Columns that are never chosen as key (CONTRACTS 1)."""

_SPELLINGS: Final = {"postal_code": "zip5", "zip": "zip5", "email_address": "email", "": EXTRA}
_FORM: Final = re.compile(r"^(?:(organization)\.)?(?:([a-z]+)\.)?([a-z0-9_]+)(?:#([1-9]\d?))?$")


@dataclass(frozen=True, order=True)
class Target:
    """Where the cells of one source column go.

    Attributes:
        column: One of `TARGET_COLUMNS`.
        role: Role of a contact point, empty where the header names none.
        party: `organization` for the employer in a person's row, else empty.
        number: 1 for the first address of a role or the first choice for a column.
    """

    column: str
    role: str = ""
    party: str = ""
    number: int = 1

    def __str__(self) -> str:
        parts = [part for part in (self.party, self.role, self.column) if part]
        return ".".join(parts) + (f"#{self.number}" if self.number > 1 else "")


def parse_target(text: str) -> Target | None:
    """Read a target as a person writes it; None where it is none.

    >>> str(parse_target("billing.city")), str(parse_target("zip")), parse_target("towne")
    ('billing.city', 'zip5', None)
    """
    text = text.strip().lower()
    found = _FORM.match(text) if text else _FORM.match(EXTRA)
    if found is None:
        return None
    party, role, column, number = found.groups()
    column = _SPELLINGS.get(column, column)
    if column not in TARGET_COLUMNS or (role and role not in CONTACT_ROLES):
        return None
    return Target(column, role or "", party or "", int(number or 1))
