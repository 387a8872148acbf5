"""The contact points of a part: gathered, given to their party, finished with ids, country and consent."""

from typing import Final

import pandas as pd

from dq.model import TEXT
from dq.tables.identity import number_points
from dq.tables.mapping.addresses import address_points
from dq.tables.mapping.channels import channel_points
from dq.tables.mapping.columns import Columns
from dq.tables.mapping.parties import Parties
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.mapping.shape import POINT_COLUMNS, shaped
from dq.tables.recognition.targets import ORGANIZATION
from dq.tables.text_columns import same_text

_COMPANY_ROLES: Final = ("work", "billing", "registered")
"""Addresses of a person's row that are the company's; without one the row's primary address serves both."""


def gather_points(columns: Columns, policy: MappingPolicy) -> tuple[pd.DataFrame, pd.Series]:
    """Return all points of a part with `party`, and the rows in which the second party has one of its own."""
    found: list[pd.DataFrame] = []
    for party in ("", ORGANIZATION):
        for frame in (*address_points(columns, party, policy), *channel_points(columns, party, policy)):
            found.append(frame.assign(party=same_text(party, frame.index)))
    has_second = pd.Series(False, index=columns.index)
    if not found:
        none = pd.DataFrame({"position": pd.Series(dtype="int64"), "order": pd.Series(dtype="int64")})
        return none.assign(**dict.fromkeys(("party", "kind", "role", "value"), pd.Series(dtype=TEXT))), has_second
    points = pd.concat(found, ignore_index=True)
    has_second[points.loc[points["party"] == ORGANIZATION, "position"].unique()] = True
    return points, has_second


def place_points(points: pd.DataFrame, parties: Parties) -> pd.DataFrame:
    """Give each point to its party.

    The organisation of a split row gets what its own columns say, the links, and the addresses of role work, billing or
    registered; without any address it shares the row's primary one. Everything else stays with the person. Where the
    row was not split, the second party's points are the record's own, in the role `work`.
    """
    if points.empty:
        return points
    is_split = points["position"].isin(parties.organization.index)
    own = points["party"] == ORGANIZATION
    is_work = own & ~is_split & points["position"].map(parties.is_person).astype(bool)
    points = points.assign(role=points["role"].mask(is_work & (points["role"] == "primary"), "work"))
    is_link = points["kind"] == "website"
    is_address = points["kind"] == "address"
    is_company = is_address & points["role"].isin(_COMPANY_ROLES)
    to_organization = is_split & (own | is_link | is_company)
    points = points.assign(party=points["party"].where(to_organization, "").mask(to_organization, ORGANIZATION))
    has_address = set(points.loc[to_organization & is_address, "position"])
    shared = is_split & is_address & ~to_organization & ~points["position"].isin(has_address)
    first = points[shared].sort_values(["position", "order"]).drop_duplicates("position")
    copies = first.assign(party=same_text(ORGANIZATION, first.index))
    return pd.concat([points, copies], ignore_index=True) if len(copies) else points


def finish_points(points: pd.DataFrame, ids: pd.Series, rows: pd.Series, policy: MappingPolicy) -> pd.DataFrame:
    """Return the points with record ids, contact point ids and a country on every kind.

    Args:
        points: With `position`.
        ids: Record id of each point, null for a point that belongs to nobody.
        rows: Row number by position.
        policy: Source, table and default country.
    """
    points = points.assign(
        record_id=ids,
        row=rows.to_numpy()[points["position"].to_numpy()],
        source=same_text(policy.source, points.index),
        source_table=same_text(policy.table.table, points.index),
    )
    points = points[points["record_id"].notna()]
    return shaped(number_points(_with_row_country(points, policy)), POINT_COLUMNS)


def _with_row_country(points: pd.DataFrame, policy: MappingPolicy) -> pd.DataFrame:
    """Give every point without a country of its own the one of its record's first address, else the source's."""
    if "country" not in points:
        return points.assign(country=same_text(policy.country, points.index))
    is_address = points["kind"] == "address"
    codes, records = pd.factorize(points["record_id"])
    addresses = points.assign(code=codes)[is_address].sort_values(["code", "order"]).drop_duplicates("code")
    # A record without an address takes the source's country.
    countries = same_text(policy.country, pd.RangeIndex(len(records)))
    countries[addresses["code"].to_numpy()] = addresses["country"].array
    inherited = pd.Series(countries.array.take(codes), index=points.index)
    return points.assign(country=points["country"].where(is_address, inherited))
