"""Says what a load path makes of the findings: blockers in the target's own words, and a verdict per row."""

from typing import Final

import pandas as pd

from dq.conversion.findings import FINDINGS
from dq.conversion.rows import TargetRows
from dq.model import BLOCKERS, LOAD_VERDICTS, TEXT
from dq.standards.targets import PARK, Certainty, Outcome, Target, TargetField, parent_field

WORST: Final = ("suppressed", "reject", "alters", "pollutes", "needs_org", "loads")
"""Verdicts from the worst on; the worst of a row's is the row's."""
STAYING_OUT: Final = ("suppressed", "reject")
"""Verdicts of rows that are not in the load: nobody wants the one, the target does not take the other."""
_FACT_OF: Final = {
    "required": "required",
    "too_long": "length",
    "not_in_picklist": "picklist",
    "not_in_open_picklist": "picklist",
    "country_unknown": "picklist",
    "state_unknown": "picklist",
    "date_out_of_range": "minimum",
    "out_of_range": "maximum",
    "duplicate_in_batch": "unique",
}
"""Check → the fact of the field it rests on."""


def judge(
    target: Target, name: str, path: str, rows: TargetRows, findings: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return blockers and verdicts of one load path.

    A row whose parent is refused cannot find it: it gets a `parent_missing` of its own, which goes down through all
    generations.

    Args:
        target: What is to be loaded into.
        name: Its name, for `rule_id`.
        path: The load path.
        rows: What would be loaded.
        findings: Of `find`.

    Returns:
        Frames of `model.BLOCKERS` and `model.LOAD_VERDICTS`, sorted as those say.
    """
    staying = _suppressed_first(target, path, findings)
    found = _with_orphans(target, path, rows, _with_blanked(target, path, staying))
    found = _households(target, path, rows, found)
    blockers = _blockers(target, name, path, rows, found)
    return blockers, _verdicts(name, path, rows, blockers)


def _suppressed_first(target: Target, path: str, findings: pd.DataFrame) -> pd.DataFrame:
    """Leave of the findings about rows that are suppressed only the reason: nothing else about them needs mending."""
    checks = {str(check) for check in findings["check"].unique()}
    out = [check for check in checks if target.outcome(check, path).verdict == "suppressed"]
    is_reason = findings["check"].isin(out)
    suppressed = set(findings.loc[is_reason, "row_id"])
    return findings.loc[is_reason | ~findings["row_id"].isin(suppressed)].reset_index(drop=True)


def _households(target: Target, path: str, rows: TargetRows, findings: pd.DataFrame) -> pd.DataFrame:
    """Say anew which rows are a second piece of a household: one that stays out is no first one."""
    if not findings["check"].eq("same_household").any():
        return findings
    staying_out = {check for check in findings["check"].unique() if target.outcome(check, path).verdict in STAYING_OUT}
    out = set(findings.loc[findings["check"].isin(staying_out), "row_id"])
    second: set[tuple[str, str]] = set()
    for (thing, key), _ in findings.loc[findings["check"].eq("same_household")].groupby(["object", "field"]):
        own = rows.objects[str(thing)]
        going = own.loc[~own["row_id"].isin(out) & own[str(key)].notna()]
        second |= {(str(thing), row) for row in going.loc[going[str(key)].duplicated(), "row_id"]}
    named = [(thing, row) in second for thing, row in zip(findings["object"], findings["row_id"], strict=True)]
    return findings.loc[findings["check"].ne("same_household") | pd.Series(named, index=findings.index)]


def _with_blanked(target: Target, path: str, findings: pd.DataFrame) -> pd.DataFrame:
    """Add what follows from values that are left out: a required field is empty then."""
    blanking = {check: target.outcome(check, path).blanks for check in findings["check"].unique()}
    if not any(blanking.values()):
        return findings
    required = {
        (thing, key) for thing in target.objects for key, field in target.in_force(thing).items() if field.required
    }
    named = pd.MultiIndex.from_frame(findings[["object", "field"]])
    emptied = findings[findings["check"].map(blanking).eq(True).to_numpy() & named.isin(required)]
    extra = emptied.drop_duplicates(["object", "row_id", "field"]).assign(check="required", value=None)
    return pd.concat([findings, extra], ignore_index=True)[list(FINDINGS)].astype(TEXT)


def _with_orphans(target: Target, path: str, rows: TargetRows, findings: pd.DataFrame) -> pd.DataFrame:
    """Add what follows for children from parents that would not load."""
    rejecting = {
        check: target.outcome(check, path).verdict in STAYING_OUT for check in findings["check"].unique()
    }  # one look per check
    refused = set(findings.loc[findings["check"].map(rejecting).eq(True), "row_id"])
    extra = []
    for thing, own in rows.objects.items():
        field = parent_field(target, thing)
        if field is None:
            continue
        known = set(findings.loc[findings["check"].eq("parent_missing") & findings["object"].eq(thing), "row_id"])
        spreads = target.outcome("parent_missing", path).verdict == "reject"
        while True:
            orphaned = own["parent_row_id"].isin(refused) & ~own["row_id"].isin(known)
            if not orphaned.any():
                break
            block = own.loc[orphaned, ["row_id", "parent_row_id"]].rename(columns={"parent_row_id": "value"})
            extra.append(block.assign(object=thing, field=field, check="parent_missing"))
            known |= set(block["row_id"])
            if spreads:
                refused |= set(block["row_id"])
    if not extra:
        return findings
    return pd.concat([findings, *extra], ignore_index=True)[list(FINDINGS)].astype(TEXT)


def _blockers(target: Target, name: str, path: str, rows: TargetRows, findings: pd.DataFrame) -> pd.DataFrame:
    blocks = []
    for (thing, key, check), group in findings.groupby(["object", "field", "check"], sort=True):
        outcome = target.outcome(str(check), path)
        if outcome.verdict == "loads":
            continue
        field = target.in_force(str(thing)).get(str(key), TargetField(label=str(key)))
        code = field.codes.get(str(check), outcome.code)
        blocks.append(
            group.assign(
                target=name,
                path=path,
                code=code,
                rule_id=f"{name}.{thing}.{str(key).replace(', ', '+')}.{code}",
                verdict=outcome.verdict,
                certainty=certainty_of(target, str(thing), field, str(check), outcome),
                message=_messages(outcome, target, str(thing), str(key), field, group["value"]),
            )
        )
    if not blocks:
        return pd.DataFrame({column: pd.Series(dtype=TEXT) for column in BLOCKERS.columns})
    known = pd.concat([own[["row_id", "golden_id", "record_id"]] for own in rows.objects.values()])
    told = pd.concat(blocks, ignore_index=True).merge(known.drop_duplicates("row_id"), on="row_id", how="left")
    return told[list(BLOCKERS.columns)].astype(TEXT).sort_values(list(BLOCKERS.sort), ignore_index=True)


def certainty_of(target: Target, thing: str, field: TargetField, check: str, outcome: Outcome) -> Certainty:
    """Return how sure a blocker is: as sure as the weakest of what it rests on."""
    fact = field.doubts.get(_FACT_OF.get(check, ""), field.source or target.objects[thing].source)
    return target.certainty(fact, outcome.source)


def _messages(
    outcome: Outcome, target: Target, thing: str, key: str, field: TargetField, values: pd.Series
) -> pd.Series:
    known = {
        "label": field.label or key,
        "field": key,
        "object": target.objects[thing].api_name or thing,
        "length": field.length,
        "limit": field.max_age_days,
        "right": field.right,
    }

    def told(value: str) -> str:
        return outcome.message.format_map({**known, "value": value, "size": len(value), "path": ""})

    texts = {value: told(value) for value in values.dropna().unique()}
    return values.map(texts, na_action="ignore").astype(TEXT).fillna(told(""))


def _verdicts(name: str, path: str, rows: TargetRows, blockers: pd.DataFrame) -> pd.DataFrame:
    ranks = {verdict: place for place, verdict in enumerate(WORST)}
    worst = blockers.assign(rank=blockers["verdict"].map(ranks)).sort_values(
        ["rank", "certainty"], ascending=[True, False]
    )
    first = worst.drop_duplicates(["object", "row_id"]).set_index(["object", "row_id"])
    frames = []
    for thing, own in rows.objects.items():
        said = first.loc[first.index.get_level_values(0) == thing].droplevel(0)
        verdict = own["row_id"].map(said["verdict"]).astype(TEXT).fillna("loads")
        frames.append(
            own[["row_id", "golden_id", "record_id", "parent_row_id"]].assign(
                object=thing,
                verdict=verdict,
                certainty=own["row_id"].map(said["certainty"]).astype(TEXT),
                would_load=~verdict.isin(STAYING_OUT),
            )
        )
    if len(rows.parked):
        kept_out = rows.parked.assign(object=PARK, verdict="parked", certainty=None, would_load=False)
        frames.append(kept_out.assign(parent_row_id=None))  # the household's account is none of this load
    if not frames:
        return pd.DataFrame({column: pd.Series(dtype=TEXT) for column in LOAD_VERDICTS.columns})
    everything = pd.concat(frames, ignore_index=True).assign(target=name, path=path)
    texts = [column for column in LOAD_VERDICTS.columns if column != "would_load"]
    everything[texts] = everything[texts].astype(TEXT)
    return everything[list(LOAD_VERDICTS.columns)].sort_values(list(LOAD_VERDICTS.sort), ignore_index=True)
