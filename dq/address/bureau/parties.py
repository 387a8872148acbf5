"""Names under which evidence about somebody at an address is filed: a person, a family, an organisation."""

from typing import Final

import pandas as pd

from dq.address.findings import name_key
from dq.model import TEXT

NAME_COLUMNS: Final = ("first_name", "last_name", "organization_name")
INDIVIDUAL: Final = "individual"
FAMILY: Final = "family"
BUSINESS: Final = "business"


def party_names(records: pd.DataFrame) -> pd.DataFrame:
    """Return the name each record is known by to a mail house, and its keys.

    Args:
        records: Standardised, with `record_id`; name columns that are absent count as null. Where a row names a person
            and an organisation, `party_type` decides, and without it the person.

    Returns:
        Index of `records`: `first_name`, `last_name`, `organization_name` (those of the other kind are null), and the
        keys `individual`, `family` and `business`, null where a record cannot move that way.
    """
    given = {column: _text(records, column) for column in (*NAME_COLUMNS, "party_type")}
    has_person = given["last_name"].notna() | given["first_name"].notna()
    is_organization = given["organization_name"].notna() & ((given["party_type"] == "organization") | ~has_person)
    names = pd.DataFrame({column: given[column].mask(is_organization) for column in ("first_name", "last_name")})
    names["organization_name"] = given["organization_name"].where(is_organization)
    first, last = names["first_name"].fillna(""), names["last_name"].fillna("")
    is_person = names["first_name"].notna() | names["last_name"].notna()
    names[INDIVIDUAL] = name_key(last.str.cat(first, sep="|").where(is_person))
    names[FAMILY] = name_key((last + "|").where(names["last_name"].notna()))
    names[BUSINESS] = name_key("|" + names["organization_name"])
    return names


def _text(records: pd.DataFrame, column: str) -> pd.Series:
    if column not in records:
        return pd.Series(pd.NA, index=records.index, dtype=TEXT)
    return records[column].astype(TEXT)
