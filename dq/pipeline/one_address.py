"""One address looked at closely, with everything a run would know about it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from dq import model
from dq.address import standardize_addresses
from dq.address.applying import EvidencePolicy, apply_findings
from dq.address.doubts import readings
from dq.address.findings import FINDINGS, address_key
from dq.address.range_match import verify_addresses
from dq.address.reference.library import FINDINGS as ANSWERS
from dq.address.reference.library import Library
from dq.engine.parts import to_frame
from dq.settings import Settings
from dq.standards import RowPolicy, Standards

SHOWN: Final = (
    *model.ADDRESS_COLUMNS,
    *model.COMPONENT_COLUMNS,
    *model.VERIFICATION_COLUMNS,
    model.DELIVERY_POINT,
    model.FLAGS,
)
"""Columns of an address that a person or a program may want to see."""


@dataclass(frozen=True)
class OneAddress:
    """An address as a run would leave it.

    Attributes:
        row: Columns SHOWN; None where absent.
        changes: What was altered: `column`, `before`, `after`, `reason`.
        details: What the evidence says in a sentence, the most trusted source first.
        by_rules: The parts as the rules read them.
        by_model: The parts as usaddress's model reads them.
    """

    row: dict[str, Any]
    changes: tuple[dict[str, Any], ...]
    details: tuple[str, ...]
    by_rules: str
    by_model: str


def look_at(text: str, settings: Settings, standards: Standards, as_of: date) -> OneAddress:
    """Standardise one US address and hold it against the reference library.

    Args:
        text: The whole address; commas and line breaks may part it.
        settings: For the library.
        standards: Policy in force.
        as_of: The day the age of evidence is counted to.
    """
    typed = pd.DataFrame(
        {"contact_point_id": ["1"], "record_id": ["1"], "kind": ["address"], "country": ["US"], "address_text": [text]},
        dtype=model.TEXT,
    )
    points, changes = standardize_addresses(typed, RowPolicy(standards, as_of))
    by_rules, by_model = readings(points.to_dict("records")[0])
    empty = pd.Series(pd.NA, index=points.index, dtype=model.TEXT)
    points = points.assign(address_key=address_key(points), verified_on=empty, delivery_point=empty)
    findings = _findings(points, Library(settings.reference), standards)
    points, corrections = apply_findings(points, findings, EvidencePolicy(standards, as_of))
    listed = pd.concat([changes, corrections], ignore_index=True)[["column", "before", "after", "reason"]]
    shown = points.reindex(columns=list(SHOWN)).iloc[0]
    return OneAddress(
        row={name: shown[name] if pd.notna(shown[name]) else None for name in SHOWN},
        changes=tuple(json.loads(listed.to_json(orient="records"))),
        details=tuple(findings["detail"].dropna().drop_duplicates()),
        by_rules=by_rules,
        by_model=by_model,
    )


def _findings(points: pd.DataFrame, library: Library, standards: Standards) -> pd.DataFrame:
    """Return what mail house, providers and street data say of an address."""
    key = points["address_key"].iloc[0]
    folder = library.folder / ANSWERS
    files = sorted(folder.glob("*.parquet")) if folder.is_dir() and isinstance(key, str) else []
    found = [to_frame(pq.read_table(path, filters=[("address_key", "==", key)])) for path in files]
    found = [rows.reindex(columns=list(FINDINGS)) for rows in found if len(rows)]
    zip5 = points["zip5"].iloc[0]
    if isinstance(zip5, str) and isinstance(key, str):
        cities, aliases = (to_frame(pq.read_table(path)) if path else None for path in _names(library))
        paths = library.ranges(_zip3s(zip5, cities)).values()
        if paths:
            ranges = pd.concat([to_frame(pq.read_table(path)) for path in paths], ignore_index=True)
            found.append(verify_addresses(points, ranges, standards, cities, aliases))
    if not found:
        return pd.DataFrame(columns=list(FINDINGS), dtype=model.TEXT)
    return pd.concat(found, ignore_index=True).astype(model.TEXT)


def _names(library: Library) -> tuple[Any, Any]:
    return library.cities_path(), library.aliases_path()


def _zip3s(zip5: str, cities: pd.DataFrame | None) -> set[str]:
    """Return the first three digits of the ZIP and of those its post office serves too."""
    zip3s = {zip5[:3]}
    if cities is not None:
        offices = cities.loc[cities["zip5"] == zip5, "finance_no"].dropna()
        zip3s |= set(cities.loc[cities["finance_no"].isin(offices), "zip5"].str.slice(0, 3))
    return zip3s
