"""The parties of a row: one record, or a person and an organisation cut out of it, by policy."""

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.model import DATE_COLUMNS, NAME_COLUMNS, TEXT, raw
from dq.tables.mapping.cells import join_text
from dq.tables.mapping.columns import Columns
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.recognition.targets import BIRTH_PIECES, ORGANIZATION
from dq.tables.text_columns import same_text

_PERSON: Final = ("first_name", "last_name", "full_name")
_OF_ORGANIZATION: Final = ("organization_name", "trade_name", "duns", "lei")
"""Columns that go with the organisation when a row is split."""
_EMPLOYER_NUMBER: Final = r"^\d{2}-\d{7}$"
"""A tax id written like an employer's number is the organisation's, not the person's."""
_MONTHS: Final = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Parties:
    """Records of a part before they have ids.

    Attributes:
        main: Columns of the main record of every row, index 0 … n-1.
        organization: Columns of the organisations cut out, indexed by the position of their row.
        is_person: Rows whose main record is a person's for sure.
    """

    main: pd.DataFrame
    organization: pd.DataFrame
    is_person: pd.Series


def read_parties(columns: Columns, has_own_points: pd.Series, policy: MappingPolicy) -> Parties:
    """Make the records of a part.

    A row is split where it names a person and an organisation and policy says `split`: the person keeps the row's id
    and everything personal, the organisation gets its names, `duns`, `lei` and a tax id written like an employer's. A
    row that says it is an organisation, and a contact who points to an account by key, are never split; a name that
    loses its place stays in `extra.*`.

    Args:
        columns: Understood cells.
        has_own_points: Rows with an address or channel of the second party.
        policy: How the table was recognised.
    """
    main = _record_columns(columns, "")
    party = _party_type(columns, policy)
    is_organization = party == ORGANIZATION
    has_person = main[list(_PERSON)].notna().any(axis=1) & ~is_organization
    own = main["organization_name"].notna()
    employer, employer_raw = columns.first("organization_name", ORGANIZATION)
    has_account = _has_account(columns, policy)
    splits = policy.person_and_company == "split"
    second = has_person & (employer.notna() | has_own_points | own) if splits else pd.Series(False, index=columns.index)
    # The account's own row names the company: a contact who points to it needs no second one.
    second &= ~has_account
    names = employer.where(employer.notna(), main["organization_name"].where(has_person))
    names_raw = employer_raw.where(employer.notna(), main[raw("organization_name")].where(has_person))
    organization = _organization_columns(main, names, names_raw, columns)[second]
    loses = has_person & own & (second | has_account | (policy.person_and_company == "person"))
    main = _without(main, (*_OF_ORGANIZATION,), second)
    main = _without(main, ("organization_name",), loses)
    drops_person = has_person & own & ~second & ~has_account & (policy.person_and_company == ORGANIZATION)
    main = _without(main, _PERSON, drops_person | (is_organization & own))
    if not organization.empty:
        is_employers = main["tax_id"].str.contains(_EMPLOYER_NUMBER, regex=True)
        main = _without(main, ("tax_id",), second & is_employers)
    main = _without(main, ("full_name",), main["first_name"].notna() | main["last_name"].notna())
    main["party_type"] = _known_type(main, party, policy)
    return Parties(main, organization, main[list(_PERSON)].notna().any(axis=1) & (main["party_type"] != ORGANIZATION))


def _record_columns(columns: Columns, party: str) -> pd.DataFrame:
    """Return the values and raw text of all record columns of one party."""
    cells: dict[str, pd.Series] = {}
    names = (
        *NAME_COLUMNS,
        "full_name",
        "organization_name",
        "trade_name",
        *DATE_COLUMNS,
        "tax_id",
        "duns",
        "lei",
        "value_amount",
    )
    for name in names:
        cells[name], cells[raw(name)] = columns.first(name, party)
    for name in ("status", "owner", "department"):
        cells[name], _ = columns.first(name, party)
    birth, birth_raw = _birth(columns)
    is_open = cells["birth_on"].isna()
    cells["birth_on"] = cells["birth_on"].where(~is_open, birth)
    cells[raw("birth_on")] = cells[raw("birth_on")].where(~(is_open & birth.notna()), birth_raw)
    # A name cell not split yet is what first and last name will come from.
    for name in ("first_name", "last_name"):
        uncut = cells["full_name"].notna() & cells["first_name"].isna() & cells["last_name"].isna()
        cells[raw(name)] = cells[raw(name)].where(~uncut, cells[raw("full_name")])
    del cells[raw("full_name")]
    return pd.DataFrame(cells, index=columns.index)


def _birth(columns: Columns) -> tuple[pd.Series, pd.Series]:
    """Join day, month and year from their own columns, as text that can be read in one way only."""
    pieces = [columns.first(name) for name in BIRTH_PIECES]
    year, month, day = (values for values, _ in pieces)
    if not any(values.notna().any() for values, _ in pieces):
        return columns.missing(), columns.missing()
    digits = [year, month.str.zfill(2), day.str.zfill(2)]
    worded = month.str.contains(_MONTHS.pattern, regex=True)
    joined = join_text(digits, "-").where(~worded, join_text([day, month, year]))
    return joined, join_text([typed for _, typed in pieces])


def _party_type(columns: Columns, policy: MappingPolicy) -> pd.Series:
    said, _ = columns.first("party_type")
    kinds = said.str.lower().map(policy.words.get("party_type", {})).astype(TEXT)
    by_table = policy.table.party_type
    return kinds.where(kinds.notna(), by_table) if by_table == ORGANIZATION else kinds


def _known_type(main: pd.DataFrame, party: pd.Series, policy: MappingPolicy) -> pd.Series:
    """Return the type where the mapping knows it: said by a column, by the table, or by which names are filled."""
    known = party.copy()
    has_parts = main["first_name"].notna() | main["last_name"].notna()
    is_open = known.isna()
    known = known.mask(is_open & has_parts & main["organization_name"].isna(), "person")
    only = main["organization_name"].notna() & ~has_parts & main["full_name"].isna()
    known = known.mask(is_open & only, ORGANIZATION)
    if policy.table.party_type == "person":
        known = known.mask(known.isna() & main["full_name"].notna() & main["organization_name"].isna(), "person")
    return known


def _has_account(columns: Columns, policy: MappingPolicy) -> pd.Series:
    """Return the rows that point to a row of an accounts table of the source."""
    found = pd.Series(False, index=columns.index)
    for column in columns.columns:
        if policy.parent_meanings.get(column.header) == "account":
            found |= column.cells.values.notna()
    return found


def _organization_columns(main: pd.DataFrame, names: pd.Series, names_raw: pd.Series, columns: Columns) -> pd.DataFrame:
    """Return the record of the second party; what is known of both travels with both."""
    cells: dict[str, pd.Series] = {"organization_name": names, raw("organization_name"): names_raw}
    second = {
        name: columns.first(name, ORGANIZATION) for name in ("trade_name", "duns", "lei", "tax_id", "value_amount")
    }
    for name in ("trade_name", "duns", "lei"):
        values, typed = second[name]
        cells[name] = values.where(values.notna(), main[name])
        cells[raw(name)] = typed.where(values.notna(), main[raw(name)])
    values, typed = second["tax_id"]
    is_employers = main["tax_id"].str.contains(_EMPLOYER_NUMBER, regex=True)
    cells["tax_id"] = values.where(values.notna(), main["tax_id"].where(is_employers))
    cells[raw("tax_id")] = typed.where(values.notna(), main[raw("tax_id")].where(is_employers))
    cells["value_amount"], cells[raw("value_amount")] = second["value_amount"]
    for name in ("created_at", "updated_at", "verified_on"):
        cells[name], cells[raw(name)] = main[name], main[raw(name)]
    cells["status"], cells["owner"], cells["department"] = main["status"], main["owner"], main["department"]
    cells["party_type"] = same_text(ORGANIZATION, main.index)
    return pd.DataFrame(cells, index=main.index)


def _without(main: pd.DataFrame, names: tuple[str, ...], rows: pd.Series) -> pd.DataFrame:
    if not rows.any():
        return main
    emptied = {column: main[column].mask(rows) for name in names for column in (name, raw(name)) if column in main}
    return main.assign(**emptied)
