"""The flat view: the primary contact point of each kind as columns of records, and what consent says per channel.

Contact points are the truth; the flat columns are never edited by themselves.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from dq.model import (
    ADDRESS_COLUMNS,
    CHANNEL_COLUMNS,
    COMPONENT_COLUMNS,
    DELIVERY_POINT,
    TEXT,
    VERIFICATION_COLUMNS,
    raw,
)
from dq.standardize.distinct import column_of

Positions = npt.NDArray[np.intp]

_ROLE_ORDER = ("primary", "mailing", "home", "work", "billing", "shipping", "registered", "seasonal", "other")
"""Which role speaks for a record: where it wants to be reached first; a season and a registered seat last."""
_ROLE_RANK = {role: rank for rank, role in enumerate(_ROLE_ORDER)}
_UNNAMED_RANK = _ROLE_RANK["mailing"] - 0.5
"""A contact point whose source names no role is the only one of its kind, or at least the plain one."""

_ADDRESS_VIEW = (*ADDRESS_COLUMNS, *COMPONENT_COLUMNS, *VERIFICATION_COLUMNS, DELIVERY_POINT)
_CHANNELS = {
    "do_not_mail": ("address",),
    "do_not_email": ("email",),
    "do_not_call": ("phone", "mobile"),
    "do_not_text": ("mobile",),
}
_NO = frozenset({"n", "no", "f", "false", "0", "0.0", "off", "-"})


def with_country(records: pd.DataFrame, contact_points: pd.DataFrame) -> pd.DataFrame:
    """Fill a missing `country` of records with that of their contact points, the primary address first.

    Dates and tax numbers are read by the rules of a country, and before the flat view a record has none of its own.
    """
    country = column_of(records, "country")
    for kind in ("address", "phone", "mobile", "email"):
        chosen = _primary(records, contact_points, kind)
        country = country.where(country.notna(), _taken(records, contact_points, "country", chosen))
    return records.assign(country=country)


def flat_view(records: pd.DataFrame, contact_points: pd.DataFrame) -> pd.DataFrame:
    """Fill the flat address and channel columns of records, their `_raw`, and `do_not_*`.

    The primary contact point of a kind has a value, is no address that somebody left, has the best role (primary,
    mailing, home, work, billing, shipping, …), then the smallest number.

    Args:
        records: One row per record.
        contact_points: Standardised; records without one keep empty flat columns.

    Returns:
        The records, same rows and order.
    """
    filled: dict[str, pd.Series] = {}
    chosen = _primary(records, contact_points, "address")
    for column in (*_ADDRESS_VIEW, *(raw(column) for column in ADDRESS_COLUMNS)):
        filled[column] = _taken(records, contact_points, column, chosen)
    for kind in CHANNEL_COLUMNS:
        chosen = _primary(records, contact_points, kind)
        filled[kind] = _taken(records, contact_points, "value", chosen)
        filled[raw(kind)] = _taken(records, contact_points, "value_raw", chosen)
    for column, kinds in _CHANNELS.items():
        filled[column] = _do_not(records, contact_points, column, kinds)
    return records.assign(**filled)


def _primary(records: pd.DataFrame, points: pd.DataFrame, kind: str) -> Positions:
    """Return the position of the contact point that speaks for each record, -1 where it has none of this kind."""
    of_kind = np.flatnonzero((column_of(points, "kind") == kind).to_numpy(dtype=bool))
    owners = column_of(points, "record_id").iloc[of_kind].reset_index(drop=True)
    is_shared = owners.duplicated(keep=False).to_numpy(dtype=bool)
    ranked = np.concatenate([of_kind[~is_shared], _ranked(points, of_kind[is_shared])])
    first = column_of(points, "record_id").iloc[ranked].reset_index(drop=True).drop_duplicates()
    found = pd.Index(first).get_indexer(pd.Index(column_of(records, "record_id")))
    winners: Positions = np.append(ranked[first.index.to_numpy()], -1)[found]
    return winners


def _ranked(points: pd.DataFrame, positions: Positions) -> Positions:
    """Return the positions from the contact point that goes first to the one that goes last."""
    rivals = points.iloc[positions]
    identity = column_of(rivals, "contact_point_id")
    keys = {
        "is_empty": ~_has_value(rivals),
        "is_left": column_of(rivals, "address_outcome") == "moved",
        "role": column_of(rivals, "role").map(_ROLE_RANK).astype("float64").fillna(_UNNAMED_RANK),
        # Numbers of contact points have no leading zeros: by length, then by text, is by number (…|9 before …|10).
        "length": identity.str.len(),
        "identity": identity,
    }
    order = pd.DataFrame(keys).reset_index(drop=True).sort_values(list(keys), kind="stable").index
    ranked: Positions = positions[order.to_numpy()]
    return ranked


def _has_value(points: pd.DataFrame) -> pd.Series:
    has_value = column_of(points, "value").notna()
    for column in ("address_line1", "address_line2", "city", "state", "zip5", "postal_code"):
        has_value |= column_of(points, column).notna()
    return has_value


def _taken(records: pd.DataFrame, points: pd.DataFrame, column: str, chosen: Positions) -> pd.Series:
    if column == "address_confidence":
        values = points[column].astype("float64") if column in points else pd.Series(np.nan, index=points.index)
        return pd.Series(np.append(values.to_numpy(), np.nan)[chosen], index=records.index)
    taken = column_of(points, column).array.take(chosen, allow_fill=True)
    return pd.Series(taken, index=records.index, dtype=TEXT)


def _do_not(records: pd.DataFrame, points: pd.DataFrame, column: str, kinds: tuple[str, ...]) -> pd.Series:
    """Join what the record says with what consent says; where both speak, the restriction holds.

    A flag of a record has no date, so a later opt-in cannot be told from an earlier one.
    """
    own = _as_boolean(records[column]) if column in records else pd.Series(pd.NA, index=records.index, dtype="boolean")
    given = _refusals(points[column_of(points, "kind").isin(kinds).to_numpy(dtype=bool)])
    said = column_of(records, "record_id").map(given).astype("boolean").set_axis(records.index)
    return pd.concat([own.astype("Int8"), said.astype("Int8")], axis=1).max(axis=1).astype("boolean")


def _refusals(points: pd.DataFrame) -> pd.Series:
    """Return record_id → whether its latest explicit act on this channel is a refusal.

    Acts of one day, and all acts where one of them has no date, count together: a refusal among them holds.
    """
    consent = column_of(points, "consent")
    acts = pd.DataFrame(
        {
            "record_id": column_of(points, "record_id"),
            "is_refusal": (consent == "opt_out").astype("int8"),
            "at": column_of(points, "consent_at"),
        }
    )[consent.isin(["opt_in", "opt_out"]).to_numpy(dtype=bool)]
    if acts.empty:
        return pd.Series([], index=pd.Index([], dtype=TEXT), dtype="boolean")
    # Text that is no timestamp cannot be ordered: it counts as a missing date.
    acts["at"] = acts["at"].where(acts["at"].str.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T").fillna(False).astype(bool))
    by_record = acts.groupby("record_id", sort=True)
    is_dated = by_record["at"].transform("count") == by_record["at"].transform("size")
    latest = acts.sort_values("at", kind="stable").groupby("record_id", sort=True)["at"].transform("last")
    counts = ~is_dated | (acts["at"] == latest.reindex(acts.index))
    return acts[counts.to_numpy(dtype=bool)].groupby("record_id", sort=True)["is_refusal"].max().astype("boolean")


def _as_boolean(values: pd.Series) -> pd.Series:
    """Read a do-not cell: anything that is not plainly a no (a date, an x, a word) is a refusal."""
    if values.dtype == "boolean" or values.dtype == bool:
        return values.astype("boolean")
    folded = values.astype(TEXT).str.strip().str.lower()
    said = folded.isin(_NO).map({True: False, False: True}).astype("boolean")
    return said.where((folded.notna() & (folded != "")).to_numpy(dtype=bool))
