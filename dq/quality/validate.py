"""Runs the rules of one layer on one part."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from dq.model import TEXT, VIOLATIONS, Frames
from dq.quality.cells import cells_of, name_text, with_owner
from dq.quality.checks import checks_of, view_of
from dq.quality.segments import CODE, by_segment, with_segments
from dq.quality.suites import judge
from dq.quality.violations import COUNTS, counts_of, sum_counts, violations_of
from dq.standards import Standards
from dq.standards.rule_arguments import TABLES
from dq.standards.rules import Layer


@dataclass(frozen=True)
class ValidatePolicy:
    """Policy of `validate_part`; frozen and picklable.

    Attributes:
        standards: Where the rules stand.
        layer: The layer that is judged.
        as_of: The day of the run.
        segments: Columns of standardised records that units are counted by, too.
    """

    standards: Standards
    layer: Layer
    as_of: date
    segments: tuple[str, ...] = ()


def validate_part(frames: Frames, policy: ValidatePolicy) -> Frames:
    """Judge every rule of the layer whose table is among the frames, one suite per table.

    Args:
        frames: Tables of one part by the names rule files use: `records` and `contact_points` of layers raw and
            standardized, `golden` and `golden_contact_points` of layer golden, or a table of `dq.quality.FACTS`.
            `contact_points` need their `records` beside them, and `golden_contact_points` their `golden`. Segments of
            layer raw come as `segments` (see `dq.quality.segments`).
        policy: Standards, layer and day of the run.

    Returns:
        `violations` (columns of `dq.model.VIOLATIONS`, sorted; values are the source's own text, not masked),
        `rule_counts` (one row per rule, source and department: `evaluated` cells have a value, `failed` of them fail,
        `nulls` have none, `total` = `evaluated` + `nulls`) and `segment_counts` (the same per value of each segment).
        A golden record has no source and no segment.
    """
    placed, segments = with_segments(frames, policy.segments)
    tables = _prepared(placed, policy)
    meanings = _meanings(policy.standards)
    violations, counts = [], []
    for name in TABLES[policy.layer]:
        if name not in tables:
            continue
        rules = [rule for rule in policy.standards.rules if rule.layer == policy.layer and rule.table == name]
        rows = tables[name].reset_index(drop=True)
        checks = checks_of(rules, policy.as_of)
        view = view_of(rows, checks)
        verdicts = judge(view, checks)
        violations.append(violations_of(rows, view, checks, verdicts, meanings))
        counts.append(counts_of(rows, view, checks, verdicts))
    counted = pd.concat([_no_counts(), *counts], ignore_index=True)
    return {
        "violations": _sorted(violations),
        "rule_counts": sum_counts(counted),
        "segment_counts": by_segment(counted, segments),
    }


def _prepared(frames: Frames, policy: ValidatePolicy) -> Frames:
    """Add what rules read beside the tables: owners of contact points, cells of the raw layer."""
    tables = dict(frames)
    if "contact_points" in tables:
        points = tables["contact_points"]
        if "records" in tables:
            points = with_owner(points, tables["records"])
        # Nothing said is `unknown` (dq.model.CONSENTS), and a rule may ask for more than that.
        consent = points["consent"].astype(TEXT).fillna("unknown") if "consent" in points else "unknown"
        tables["contact_points"] = points.assign(consent=consent)
    if policy.layer == "standardized" and "records" in tables:
        tables["records"] = tables["records"].assign(name=name_text(tables["records"]))
    if policy.layer == "raw" and "records" in tables:
        tables |= cells_of(frames, policy.standards.ingest)
    if "golden_contact_points" in tables and "golden" in tables:
        owners = tables["golden"].drop_duplicates("golden_id").set_index("golden_id")["department"]
        points = tables["golden_contact_points"]
        tables["golden_contact_points"] = points.assign(department=points["golden_id"].map(owners))
    return tables


def _meanings(standards: Standards) -> dict[str, str]:
    flags = standards.table("flags")
    return dict(zip(flags["flag"].tolist(), flags["meaning"].tolist(), strict=True))


def _no_counts() -> pd.DataFrame:
    return pd.DataFrame(columns=[*COUNTS, CODE])


def _sorted(violations: list[pd.DataFrame]) -> pd.DataFrame:
    nothing = pd.DataFrame(columns=list(VIOLATIONS.columns), dtype=TEXT)
    found = pd.concat([nothing, *(rows for rows in violations if len(rows))], ignore_index=True)
    return found.sort_values(list(VIOLATIONS.sort), ignore_index=True, na_position="first")
