"""Two small runs, written by hand: what came and went is told by whose it was and who touched it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from dq.engine.comparing import RunPair
from dq.errors import NotFoundError
from dq.quality.movement import (
    Changes,
    RuleWeight,
    Scope,
    Weights,
    count_changes,
    count_movement,
    counts_within,
    split,
)

RULES = {
    "zip_is_valid": RuleWeight("validity", 1.0, definition="a"),
    "customer_is_recorded_once": RuleWeight("uniqueness", 1.0, definition="b"),
}
SAME = Weights(RULES, {}, "today")


def write(
    folder: Path, records: dict[str, str], failing: Sequence[tuple[str, str]], judgements: Sequence[str] = ()
) -> None:
    """Write a run of records (id → content) and failures (rule, record); every record is judged once per rule."""
    folder.mkdir()
    frame = pd.DataFrame(
        {"record_id": list(records), "source": "crm", "department": "sales", "content": list(records.values())},
        dtype="str",
    )
    frame.to_parquet(folder / "records.parquet")
    columns = ["rule_id", "record_id"]
    wrong = pd.DataFrame(failing, columns=columns, dtype="str").assign(severity="warn")
    wrong = wrong.assign(source="crm", department="sales", golden_id=pd.Series(pd.NA, index=wrong.index, dtype="str"))
    wrong.astype("str").to_parquet(folder / "violations.parquet")
    results = pd.DataFrame(
        [
            {
                "rule_id": rule,
                "source": "crm",
                "department": "sales",
                "evaluated": len(records),
                "failed": sum(row[0] == rule for row in failing),
            }
            for rule in RULES
        ]
    )
    results.to_parquet(folder / "results.parquet")
    crosswalk = frame[["record_id"]].assign(golden_id="G" + frame["record_id"])
    crosswalk.to_csv(folder / "crosswalk.csv", index=False)
    judged = [pair.split("|") for pair in judgements]
    named = pd.DataFrame(judged, columns=["record_id_l", "record_id_r", "judgement"], dtype="str")
    named.to_csv(folder / "judgements.csv", index=False)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Write two runs: one record goes, one comes, one is put right, one spoilt, one decided on, one is older."""
    zips, once = "zip_is_valid", "customer_is_recorded_once"
    then = dict.fromkeys(("gone", "fixed", "broken", "decided", "partner", "older", "stays"), "as it was")
    now = {**then, "fixed": "typed anew", "broken": "typed anew", "new": "came"}
    del now["gone"]
    write(tmp_path / "then", then, [(zips, "gone"), (zips, "fixed"), (zips, "stays"), (once, "decided")])
    wrong = [(zips, "new"), (zips, "broken"), (zips, "stays"), (once, "older"), (zips, "older")]
    write(tmp_path / "now", now, wrong, ["decided|partner|SAME"])
    return tmp_path / "then", tmp_path / "now"


def counted(folders: tuple[Path, Path], then: Weights = SAME, now: Weights = SAME):  # type: ignore[no-untyped-def]
    pair = RunPair(*folders)
    try:
        return count_movement(pair, then, now)
    finally:
        pair.close()


def test_each_failure_is_told_by_what_happened_to_its_record(folders: tuple[Path, Path]) -> None:
    found = counted(folders)
    zips = found.by_rule["zip_is_valid"].steps
    assert zips == {"gone": (-1, -1), "new": (1, 1), "fixed": (0, -1), "broken": (0, 1), "others": (0, 1)}
    once = found.by_rule["customer_is_recorded_once"].steps
    assert once == {"gone": (-1, 0), "new": (1, 0), "decisions": (0, -1), "others": (0, 1)}
    score, records = split(found)
    assert sum(score.parts.values()) == score.difference
    assert sum(records.parts.values()) == records.difference
    assert (found.then.records, found.then.troubled, found.now.troubled) == (7, 4, 4)


def test_reference_data_are_named_where_they_changed(folders: tuple[Path, Path]) -> None:
    found = counted(folders, now=Weights(RULES, {}, "other reference data"))
    assert found.by_rule["zip_is_valid"].steps["reference"] == (0, 1)
    assert "reference" not in found.by_rule["customer_is_recorded_once"].steps, "duplicates need no reference data"


def test_a_rule_in_other_words_is_compared_with_nothing(folders: tuple[Path, Path]) -> None:
    rules = {**RULES, "zip_is_valid": RuleWeight("validity", 1.0, definition="stricter")}
    found = counted(folders, now=Weights(rules, {}, "today"))
    assert found.compared == {"customer_is_recorded_once"}
    score, records = split(found)
    assert sum(score.parts.values()) == score.difference
    assert sum(records.parts.values()) == records.difference


def test_a_run_that_counts_nothing_is_named(folders: tuple[Path, Path]) -> None:
    (folders[0] / "results.parquet").unlink()
    with pytest.raises(NotFoundError, match="how many values each rule judged"):
        counted(folders)


def test_every_part_of_the_house_has_a_movement_that_sums(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """Every second record is another department's; one moves to another state: its part of the house got it."""
    for folder, moved in zip(folders, ("TX", "CA"), strict=True):
        records = pd.read_parquet(folder / "records.parquet").sort_values("record_id")
        odd = records["record_id"].isin(["broken", "older"])
        states = odd.map({True: "CA", False: "TX"}).where(records["record_id"] != "stays", moved)
        records = records.assign(department=odd.map({True: "service", False: "sales"}), state=states)
        records.to_parquet(folder / "records.parquet")
        wrong = pd.read_parquet(folder / "violations.parquet").drop(columns="department")
        wrong = wrong.merge(records[["record_id", "department"]], on="record_id")
        wrong.to_parquet(folder / "violations.parquet")
        of = records.groupby("department").size().to_dict()
        failed = wrong.groupby(["rule_id", "department"]).size().to_dict()
        judged = [
            {"rule_id": rule, "source": "crm", "department": name, "evaluated": of[name]}
            | {"failed": failed.get((rule, name), 0)}
            for rule in RULES
            for name in of
        ]
        pd.DataFrame(judged).to_parquet(folder / "results.parquet")
    pair = RunPair(*folders)
    try:
        changes = count_changes(pair, SAME, SAME, ["state", "no_such_column"], tmp_path / "moved.parquet")
    finally:
        pair.close()
    assert Changes.from_document(json.loads(json.dumps(changes.as_document()))) == changes
    scopes = [Scope(), *(Scope(departments=frozenset({name})) for name in ("sales", "service"))]
    scopes += [Scope(segment="state=TX"), Scope(segment="state=CA"), Scope(source="nobody")]
    clean = {}
    for scope in scopes:
        score, clean[scope] = split(counts_within(changes, SAME, SAME, scope))
        assert sum(score.parts.values()) == score.difference
        assert sum(clean[scope].parts.values()) == clean[scope].difference, scope
    service = split(counts_within(changes, SAME, SAME, scopes[2]))[0]
    assert set(service.parts) - {"rules"} == {"broken", "others"}
    assert clean[scopes[4]].parts["filled"] < 0, "California got a record with a problem from Texas"
    kept = pd.read_parquet(tmp_path / "moved.parquet")
    failures = kept.loc[kept["view"] == "test"]
    assert failures.groupby("part").size().to_dict() == {"broken": 1, "decisions": 1, "fixed": 1, "gone": 1} | {
        "new": 1,
        "others": 2,
    }
    assert set(failures.loc[failures["part"] == "fixed", "change"]) == {"went"}
