"""The step that holds addresses against evidence gathered before: street data, mail house, providers.

Asks nobody: a run reads the reference library and stays reproducible. Without a library the addresses stay as
standardising left them.
"""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from dq.address.applying import EvidencePolicy, apply_findings
from dq.address.bureau import apply_moves
from dq.address.doubts import doubt_cases
from dq.address.findings import FINDINGS
from dq.address.range_match import AREAS_OF_CITIES, AREAS_OF_RANGES, answer, ask_elsewhere, settle
from dq.address.reference.library import FINDINGS as ANSWERS
from dq.address.reference.library import Library
from dq.engine import Parts, bounds_of, join_parts, paths_of, rows_of
from dq.engine.parts import to_arrow, write_part
from dq.model import COMPONENT_COLUMNS, Frames
from dq.pipeline.cleaning import sorted_changes
from dq.pipeline.run import Run
from dq.standardize import flat_view
from dq.standards import RowPolicy, Standards

STREET_ROWS = 20_000
"""Addresses of a part that is held against street data: all ranges of their ZIPs stand beside them, some 40 each."""

_DOUBTS = "SELECT * FROM contact_points WHERE kind = 'address' AND address_outcome = 'parse_doubt'"
_ASKED = ("address_key", "address_line1", "address_line2", "city", "state", *COMPONENT_COLUMNS)
_ADDRESSES = f"""
    SELECT coalesce(zip5, '') AS zip5, {", ".join(_ASKED)} FROM (
        SELECT *, row_number() OVER (PARTITION BY address_key ORDER BY contact_point_id) AS place
        FROM contact_points WHERE kind = 'address' AND country = 'US' AND address_key IS NOT NULL)
    WHERE place = 1
"""  # noqa: S608 (columns of the model)
_RANGES = "SELECT * FROM ranges WHERE zip5 IN (SELECT zip5 FROM addresses)"
_RANGE_ORDER = ("zip5", "street", "suffix", "low", "high", "unit_low", "plus4_low", "plus4_high", "record_type")
_FINDINGS = f"""
    SELECT c.record_id, c.contact_point_id, {", ".join(f'f."{name}"' for name in FINDINGS)}
    FROM findings f JOIN contact_points c USING (address_key) WHERE c.kind = 'address'
"""  # noqa: S608 (columns of the model)


def verify(run: Run) -> None:
    """Give addresses the outcome of their best evidence; keeps the parts `verified` and `address_cases`."""
    clean = run.parts("clean")
    findings = _findings(run, clean)
    run.keep_parts("verified", _applied(run, clean, findings) if findings else clean)
    tables = {"contact_points": paths_of(run.parts("verified"), "contact_points")}
    doubts = run.engine.frame(_DOUBTS, tables, ("contact_point_id",))
    path = run.engine.work / "doubts" / "cases.parquet"
    write_part(path, to_arrow(doubt_cases(doubts)))
    run.keep_parts("address_cases", [{"cases": path}])


def answer_part(frames: Frames, standards: Standards) -> Frames:
    """Answer the addresses of some ZIPs; `""` stands for a missing ZIP, so that parts can be cut by it."""
    addresses = frames["addresses"].copy()
    addresses["zip5"] = addresses["zip5"].mask(addresses["zip5"] == "")
    return answer({**frames, "addresses": addresses}, standards)


def apply_part(frames: Frames, policy: RowPolicy) -> Frames:
    """Put findings onto the addresses of one part and renew the flat view.

    Args:
        frames: `records`, `contact_points`, `changes` as standardised; `findings` about their addresses.
        policy: Policy of the run.

    Returns:
        `records`, `contact_points` (with a new one per move) and `changes`, earlier ones included.
    """
    records, points, findings = frames["records"], frames["contact_points"], frames["findings"]
    # Where a value stood in the source numbered the contact points; a new one of a move stands nowhere.
    points = points.drop(columns=["row", "order"], errors="ignore")
    if "delivery_point" not in points:
        points = points.assign(delivery_point=pd.Series(pd.NA, index=points.index, dtype="str"))
    is_address = points["kind"] == "address"
    evidence = EvidencePolicy(policy.standards, policy.as_of)
    addresses, changes = apply_findings(points[is_address], findings, evidence)
    points = pd.concat([addresses, points[~is_address]])
    points, moves = apply_moves(points, findings.drop_duplicates(list(FINDINGS)), records, policy)
    points = points.sort_values(["record_id", "contact_point_id"], ignore_index=True)
    return {
        "records": flat_view(records, points),
        "contact_points": points,
        "changes": sorted_changes([frames["changes"], changes, moves]),
    }


def _applied(run: Run, clean: Parts, findings: list[Path]) -> Parts:
    tables = {"findings": findings, "contact_points": paths_of(clean, "contact_points")}
    bounds = bounds_of(clean, "records", "record_id")
    order = ("record_id", "contact_point_id", "source", "evidence_on", "name_key", "outcome", "new_line1")
    about = run.engine.sql(_FINDINGS, tables, order, stage="found", table="findings", key="record_id", bounds=bounds)
    policy = RowPolicy(run.standards, run.plan.as_of, run.hints())
    return run.engine.map(apply_part, join_parts(clean, about), policy, stage="verified")


def _findings(run: Run, clean: Parts) -> list[Path]:
    """Return the files with findings: what was gathered into the library, and what its street data say now."""
    folder = run.plan.settings.reference / ANSWERS
    gathered = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    library = Library(run.plan.settings.reference)
    points = paths_of(clean, "contact_points")
    zip3s = run.engine.frame(f"SELECT DISTINCT left(zip5, 3) AS zip3 FROM ({_ADDRESSES})", {"contact_points": points})  # noqa: S608
    ranges = list(library.ranges(zip3s["zip3"].dropna()).values())
    if not ranges:
        return gathered
    return [*gathered, *paths_of(_held_against_streets(run, library, points, ranges), "findings")]


def _held_against_streets(run: Run, library: Library, points: list[Path], ranges: list[Path]) -> Parts:
    """Ask the street data in each address's own ZIP, then where else it may lie, then settle."""
    engine, standards = run.engine, run.standards
    cities, aliases = library.cities_path(), library.aliases_path()
    whole = {name: [path] for name, path in (("cities", cities), ("aliases", aliases)) if path}
    addresses = engine.sql(
        _ADDRESSES,
        {"contact_points": points},
        ("zip5", "address_key"),
        stage="asked",
        table="addresses",
        key="zip5",
        rows=STREET_ROWS,
    )
    answers = engine.map(
        answer_part, _with_ranges(run, addresses, ranges, "asked"), standards, stage="answers", shared=whole
    )
    source = {"cities": [cities]} if cities else {"ranges": ranges}
    areas = engine.sql(
        AREAS_OF_CITIES if cities else AREAS_OF_RANGES, source, ("zip5", "finance_no"), stage="areas", table="areas"
    )
    tried = engine.map(ask_elsewhere, answers, standards, stage="tried", shared={"areas": paths_of(areas, "areas")})
    again = engine.sql(
        "SELECT * FROM tried",
        {"tried": paths_of(tried, "addresses")},
        ("zip5", "address_key"),
        stage="asked_again",
        table="addresses",
        key="zip5",
        rows=STREET_ROWS,
    )
    elsewhere = engine.map(
        answer_part, _with_ranges(run, again, ranges, "asked_again"), standards, stage="elsewhere", shared=whole
    )
    shared = {"elsewhere": paths_of(elsewhere, "answers")} | ({"cities": [cities]} if cities else {})
    return engine.map(settle, answers, standards, stage="settled", shared=shared)


def _with_ranges(run: Run, addresses: Parts, ranges: list[Path], stage: str) -> Parts:
    """Put beside each part of addresses all ranges of its ZIPs."""
    if not rows_of(addresses, "addresses"):
        return [part | {"ranges": _empty_like(run, ranges)} for part in addresses]
    tables = {"ranges": ranges, "addresses": paths_of(addresses, "addresses")}
    bounds = bounds_of(addresses, "addresses", "zip5")
    beside = run.engine.sql(_RANGES, tables, _RANGE_ORDER, stage=stage, table="ranges", key="zip5", bounds=bounds)
    return join_parts(addresses, beside)


def _empty_like(run: Run, ranges: list[Path]) -> Path:
    path = run.engine.work / "no_ranges.parquet"
    write_part(path, pq.read_schema(ranges[0]).empty_table())
    return path
