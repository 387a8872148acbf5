"""The flat view: the primary contact point of each kind as columns of records, and what consent says per channel.

Contact points are the truth; the flat columns are never edited by themselves.
"""

import numpy as np
import pandas as pd

from dq.model import (
    ADDRESS_COLUMNS,
    CHANNEL_COLUMNS,
    COMPONENT_COLUMNS,
    TEXT,
    VERIFICATION_COLUMNS,
    raw,
)
from dq.standardize.distinct import column_of

_ROLE_ORDER = ("primary", "mailing", "home", "work", "billing", "shipping", "registered", "seasonal", "other")
"""Which role speaks for a record: where it wants to be reached first; a season and a registered seat last."""
_ROLE_RANK = {role: rank for rank, role in enumerate(_ROLE_ORDER)}
_UNNAMED_RANK = _ROLE_RANK["mailing"] - 0.5
"""A contact point whose source names no role is the only one of its kind, or at least the plain one."""

_ADDRESS_VIEW = (*ADDRESS_COLUMNS, *COMPONENT_COLUMNS, *VERIFICATION_COLUMNS)
_CHANNELS = {
    "do_not_mail": ("address",),
    "do_not_email": ("email",),
    "do_not_call": ("phone", "mobile"),
    "do_not_text": ("mobile",),
}
_NO = frozenset({"n", "no", "f", "false", "0", "0.0", "off", "-"})


def flat_view(records: pd.DataFrame, contact_points: pd.DataFrame) -> pd.DataFrame:
    """Fill the flat address and channel columns of records, their `_raw`, and `do_not_*`.

    The primary contact point of a kind has a value, then the best role (primary, mailing, home, work, billing,
    shipping, …), then the smallest number.

    Args:
        records: One row per record.
        contact_points: Standardised; records without one keep empty flat columns.

    Returns:
        The records, same rows and order.
    """
    points = _ranked(contact_points)
    filled: dict[str, pd.Series] = {}
    chosen = _first_of(points, ("address",), records)
    for column in _ADDRESS_VIEW:
        filled[column] = _taken(chosen, column, records)
    for column in ADDRESS_COLUMNS:
        filled[raw(column)] = _taken(chosen, raw(column), records)
    for kind in CHANNEL_COLUMNS:
        chosen = _first_of(points, (kind,), records)
        filled[kind] = _taken(chosen, "value", records)
        filled[raw(kind)] = _taken(chosen, "value_raw", records)
    for column, kinds in _CHANNELS.items():
        filled[column] = _do_not(records, contact_points, column, kinds)
    return records.assign(**filled)


def _ranked(points: pd.DataFrame) -> pd.DataFrame:
    """Return the contact points from the one that speaks for its record and kind to the last."""
    role_rank = column_of(points, "role").map(_ROLE_RANK).astype("float64").fillna(_UNNAMED_RANK)
    has_value = column_of(points, "value").notna()
    for column in ("address_line1", "city", "zip5", "postal_code", "address_line2", "state"):
        has_value |= column_of(points, column).notna()
    identity = column_of(points, "contact_point_id")
    # Numbers of contact points have no leading zeros: by length, then by text, is by number (…|9 before …|10).
    keys = pd.DataFrame(
        {"empty": ~has_value, "role": role_rank, "length": identity.str.len(), "identity": identity}, index=points.index
    ).reset_index(drop=True)
    order = keys.sort_values(["empty", "role", "length", "identity"], kind="stable").index
    return points.iloc[order.to_numpy()]


def _first_of(points: pd.DataFrame, kinds: tuple[str, ...], records: pd.DataFrame) -> pd.DataFrame:
    """Return the contact point of each record in the records' order, a row of nothing where it has none."""
    of_kind = points[column_of(points, "kind").isin(kinds).to_numpy(dtype=bool)]
    first = of_kind.drop_duplicates("record_id").set_index("record_id")
    return first.reindex(column_of(records, "record_id").tolist())


def _taken(chosen: pd.DataFrame, column: str, records: pd.DataFrame) -> pd.Series:
    if column == "address_confidence":
        values = chosen[column] if column in chosen else pd.Series(np.nan, index=chosen.index)
        return values.astype("float64").set_axis(records.index)
    return column_of(chosen, column).set_axis(records.index)


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
