"""Findings put onto addresses: the best evidence gives the outcome, +4 and corrections, each a listed change.

Asks no source of evidence and judges none: what a finding says is decided where it is made.
"""

import json
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from dq import model
from dq.address.findings import GRADES
from dq.address.standardize import parse_lines
from dq.standards import Standards

AT_LEAST: Final = {
    "confirmed": 0.99,
    "building_default": 0.9,
    "range_only": 0.9,
    "unit_missing": 0.85,
    "unit_unconfirmed": 0.8,
}
"""Confidence an address has at least once street data cover it: a rank order for people and survivorship."""
AT_MOST: Final = {
    "multiple": 0.5,
    "no_delivery": 0.4,
    "vacant": 0.4,
    "number_out_of_range": 0.3,
    "street_not_found": 0.3,
    "moved": 0.2,
}
"""Confidence an address has at most once its evidence speaks against it."""

Change = tuple[Hashable, str, str | None, str, str]
"""Row, column, before, after, reason."""

_UNREAD: Final = frozenset({"street_not_found", "number_out_of_range"})
"""What a line that was read doubtfully gets anyway: the reading may be wrong, so the doubt stands."""
_ADDED: Final = "zip4_added"
_REPLACED: Final = "zip4_replaced"


@dataclass(frozen=True)
class EvidencePolicy:
    """What applying findings depends on; `as_of` is the day their age is counted to."""

    standards: Standards
    as_of: date


def best_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Return one finding per `address_key`: of the most trusted source that gave an outcome, the newest.

    Findings about one name (`name_key` filled) are left out: they say where somebody went, not what is there.
    """
    general = findings[findings["name_key"].isna() & findings["outcome"].notna()]
    order = {source: rank for rank, source in enumerate(GRADES)}
    ranked = general.assign(_rank=general["source"].map(order).astype("float64").fillna(float(len(order))))
    keys = ["address_key", "_rank", "evidence_on", "outcome", "zip4"]
    ranked = ranked.sort_values(keys, ascending=[True, True, False, True, True], na_position="last")
    return ranked.drop_duplicates("address_key").drop(columns="_rank").reset_index(drop=True)


def apply_findings(
    points: pd.DataFrame, findings: pd.DataFrame, policy: EvidencePolicy
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give addresses the outcome, +4 and corrections of their best finding.

    Args:
        points: Standardised addresses with `address_key`.
        findings: Columns of FINDINGS, any number per key.
        policy: Standards and the day of the run.

    Returns:
        The same rows, and the changes. Addresses without a finding stay as they are.
    """
    found = best_findings(findings).set_index("address_key")
    has = points["address_key"].isin(found.index).to_numpy(dtype=bool)
    if not has.any():
        return points, _changes([])
    result = points.copy()
    said = found.loc[points.loc[has, "address_key"]].set_index(points.index[has])
    rows = result.loc[has].copy()
    changes = [_corrected(rows, said, policy.standards), _with_plus4(rows, said)]
    keeps_doubt = (rows["address_outcome"] == "parse_doubt") & said["outcome"].isin(_UNREAD)
    rows["address_outcome"] = said["outcome"].where(~keeps_doubt, "parse_doubt").astype(model.TEXT)
    least, most = said["outcome"].map(AT_LEAST).astype("float64"), said["outcome"].map(AT_MOST).astype("float64")
    rows["address_confidence"] = rows["address_confidence"].clip(lower=least.fillna(0.0), upper=most.fillna(1.0))
    rows["delivery_point"] = said["delivery_point"].astype(model.TEXT)
    rows["address_evidence"] = _evidence(rows, said, policy.as_of)
    is_newer = (said["outcome"] == "confirmed") & ~(rows["verified_on"].fillna("") >= said["evidence_on"].fillna(""))
    rows["verified_on"] = rows["verified_on"].where(~is_newer, said["evidence_on"]).astype(model.TEXT)
    for column in rows.columns:
        if not rows[column].equals(result.loc[has, column]):
            values = result[column].copy()
            values[has] = rows[column].to_numpy()
            result[column] = values.astype(points[column].dtype)
    return result, _changes(changes)


def months_old(evidence_on: str, as_of: date) -> int | None:
    """Return the whole months between the day of evidence (`2026-08-15` or `2026-08`) and a day; None where unreadable.

    >>> months_old("2026-08-15", date(2026, 11, 14))
    2
    """
    parts = evidence_on.split("-")
    if not 2 <= len(parts) <= 3 or not all(part.isdigit() for part in parts):
        return None
    months = (as_of.year - int(parts[0])) * 12 + as_of.month - int(parts[1])
    return max(months - (len(parts) == 3 and as_of.day < int(parts[2])), 0)


def _corrected(rows: pd.DataFrame, said: pd.DataFrame, standards: Standards) -> pd.DataFrame:
    """Write the corrections of the findings into `rows`, lines in the house style; return the changes."""
    wanted = [
        (place, column, after or None, why)
        for place, text in said["corrections"].dropna().items()
        for column, _, after, why in json.loads(text)
        if column in model.ADDRESS_COLUMNS
    ]
    lines = [(place, after) for place, column, after, _ in wanted if column == "address_line1" and after]
    given = pd.Series([after for _, after in lines], index=[place for place, _ in lines], dtype=model.TEXT)
    parsed = parse_lines(given[~given.index.duplicated(keep="last")], standards)
    changes: list[Change] = []
    for place, column, after, why in wanted:
        if column == "address_line1" and after:
            after = _text(parsed.at[place, "address_line1"])
        before = _text(rows.at[place, column])
        if before != after:
            rows.at[place, column] = pd.NA if after is None else after
            changes.append((place, column, before, after or "", why))
    renewed = rows.index.isin([place for place, column, *_ in changes if column == "address_line1"])
    if renewed.any():
        for column in model.COMPONENT_COLUMNS:
            rows.loc[renewed, column] = parsed.loc[rows.index[renewed], column].to_numpy()
    return _listed(rows, changes)


def _with_plus4(rows: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """Write the +4 of the findings into `rows`; return the changes."""
    differs = said["zip4"].notna() & (said["zip4"] != rows["zip4"].fillna(""))
    changes = [
        (place, "zip4", _text(before), after, _REPLACED if _text(before) else _ADDED)
        for place, before, after in zip(rows.index[differs], rows["zip4"][differs], said["zip4"][differs], strict=True)
    ]
    listed = _listed(rows, changes)
    rows["zip4"] = rows["zip4"].where(~differs, said["zip4"]).astype(model.TEXT)
    return listed


def _evidence(rows: pd.DataFrame, said: pd.DataFrame, as_of: date) -> pd.Series:
    """Return what an address rests on: `usps_zip4:2026-08-15 age:3mo footnotes:NH geonames:zip+city+state`."""
    texts = []
    columns = ("source", "evidence_on", "footnotes", "dpv", "dpv_footnotes", "move_on")
    for own, *cells in zip(rows["address_evidence"], *(said[column] for column in columns), strict=True):
        source, on, footnotes, dpv, dpv_footnotes, move_on = ("" if pd.isna(cell) else str(cell) for cell in cells)
        age = months_old(on, as_of)
        words = [
            f"{source}:{on or 'undated'}",
            "" if age is None else f"age:{age}mo",
            f"footnotes:{footnotes}" if footnotes else "",
            f"dpv:{dpv}" if dpv else "",
            f"dpv_footnotes:{dpv_footnotes}" if dpv_footnotes else "",
            f"move_on:{move_on}" if move_on else "",
            own if isinstance(own, str) else "",
        ]
        texts.append(" ".join(filter(None, words)))
    return pd.Series(texts, index=rows.index, dtype=model.TEXT)


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None


def _listed(rows: pd.DataFrame, changes: list[Change]) -> pd.DataFrame:
    places = [place for place, *_ in changes]
    listed = pd.DataFrame([change[1:] for change in changes], columns=["column", "before", "after", "reason"])
    return listed.assign(
        record_id=rows.loc[places, "record_id"].to_numpy(),
        contact_point_id=rows.loc[places, "contact_point_id"].to_numpy(),
    )


def _changes(frames: list[pd.DataFrame]) -> pd.DataFrame:
    names = list(model.CHANGES.columns)
    filled = [frame.reindex(columns=names) for frame in frames if len(frame)]
    joined = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=names)
    return joined.astype(dict.fromkeys(names, model.TEXT))
