"""The sheet a committee signs: its counts and sums tie to the tables, and it says what it does not know."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dq.errors import NotFoundError, SettingsError
from dq.pipeline.go_no_go import LetBe, decide, sheet_name
from dq.pipeline.loading.folder import write_about, write_state
from dq.pipeline.loading.timing import hours_of, keep_times, span_of
from dq.stewardship.blocker_waivers import BlockerWaiver
from tests.finished import FinishedRun


@pytest.fixture
def mock(tmp_path: Path) -> Path:
    """Two answers to 300 accounts, half an hour apart, and one to a contact."""
    folder = tmp_path / "mock-2"
    ids = [f"G{number}" for number in range(300)]
    results = pd.DataFrame({"row_id": [*ids, "C1"], "object": ["Account"] * 300 + ["Contact"], "loaded": "yes"})
    write_state(folder, "results", results.assign(target_id=None, error=None))
    counts = {"Account": {"insert": 305, "update": 0, "merge": 0}, "Contact": {"insert": 1, "update": 0, "merge": 0}}
    answers = {"loaded": 301, "refused": 5, "problems": []}
    write_about(folder, {"target": "salesforce", "path": "bulk_api", "counts": counts, "answers": answers})
    refusals = [{"object": "Account", "code": "DUPLICATES_DETECTED", "rows": 5, "example": ""}]
    (folder / "reconciliation.json").write_text(json.dumps({"refusals": refusals}), encoding="utf-8")
    files, rows = [], []
    for number, part in enumerate((ids[:200], ids[200:], ["C1"])):
        path = tmp_path / f"{number}.csv"
        path.write_text("External_Id__c\n", encoding="utf-8")
        os.utime(path, (1_700_000_000 + number * 1800, 1_700_000_000 + number * 1800))
        files.append(path)
        rows.append(pd.DataFrame({"External_Id__c": part}))
    keep_times(folder, files, rows, {"Account": ids, "Contact": ["C1"]})
    return folder


def test_hours_are_those_between_answers_or_are_not_known(mock: Path, tmp_path: Path) -> None:
    accounts, contacts = {"loaded": 300, "hours": 0.5, "at_least": True}, {"loaded": 1, "hours": None, "at_least": True}
    assert hours_of(mock) == {"Account": accounts, "Contact": contacts}
    with pytest.raises(NotFoundError):
        hours_of(tmp_path)


def test_hours_are_those_somebody_said(mock: Path, tmp_path: Path) -> None:
    answer, sent = tmp_path / "2.csv", {"Contact": ["C1"], "Account": ["G0"]}
    rows = [pd.DataFrame({"External_Id__c": ["C1"]})]
    keep_times(mock, [answer], rows, sent, span_of("2026-12-05T22:00", None))
    os.utime(answer, (1_800_000_000, 1_800_000_000))
    keep_times(mock, [answer], rows, sent, span_of("2026-12-05T23:00+00:00", "2026-12-06T01:30+00:00"))
    keep_times(mock, [answer], rows, sent, span_of("2026-12-05T22:30Z", None))
    said = hours_of(mock)
    assert said["Contact"] == {"loaded": 1, "hours": said["Contact"]["hours"], "at_least": False}
    assert said["Contact"]["hours"] >= 3.0, "the first beginning and the last end count"
    assert said["Account"]["at_least"], "nobody said anything of accounts"
    for started, ended in (("yesterday", None), ("2026-12-05T22:00", "2026-12-05T21:00")):
        with pytest.raises(SettingsError):
            span_of(started, ended)


def test_the_sheet_ties_to_the_run(sample_run: FinishedRun, mock: Path) -> None:
    said = {
        "owner": "",
        "department": "",
        "until": "2026-12-31",
        "reason": "known",
        "comment": "",
        "by": "ann",
        "at": "",
    }
    readiness = json.loads((sample_run.out / "readiness.json").read_text(encoding="utf-8"))[0]
    rule = next(trouble["rule_id"] for trouble in readiness["troubles"] if trouble["verdict"] == "reject")
    waiver = BlockerWaiver(number=7, target="salesforce", rule_id=rule, is_over=False, **said)
    document, page = decide(sample_run.out, "salesforce", LetBe(blockers=[waiver]), mock)
    assert sum(line["customers"] for line in document["owners"]) == readiness["customers"]
    assert sum(line["loading"] for line in document["owners"]) == readiness["loading"]
    amounts = pd.read_parquet(sample_run.out / "records.parquet", columns=["value_amount"])["value_amount"]
    hundredths = (pd.to_numeric(amounts) * 100).round().sum()
    assert sum(line["value"] for line in document["sources"]) == hundredths > 0
    assert all(0 <= line["value_loading"] <= line["value"] for line in document["sources"])
    ledger = json.loads((sample_run.out / "manifest.json").read_text(encoding="utf-8"))["ledger"]["total"]
    assert sum(line["read"] for line in document["sources"]) == ledger["read"]
    (line,) = [one for one in document["blockers"] if one["waivers"]]
    assert (line["waived"], line["waivers"][0]["by"]) == (line["rows"], "ann")
    over, late = decide(sample_run.out, "salesforce", LetBe(blockers=[replace(waiver, is_over=True)]), None)
    assert over["open_rows"] >= document["open_rows"] + 1
    assert "(that of ann ended on 2026-12-31)" in late
    assert "ann, until 2026-12-31" in page
    assert "at least 0.5 h for 300 rows" in page
    assert "In the mock 301 of 306 rows went in, 5 were refused: 5 DUPLICATES_DETECTED." in page
    own = (sample_run.out / sheet_name("dynamics")).read_text(encoding="utf-8")
    assert "Waivers are not known" in own
    assert "No mock was named" in own


def test_a_sheet_needs_a_run_and_one_target(sample_run: FinishedRun, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="several targets"):
        decide(sample_run.out, None, None, None)
    with pytest.raises(SettingsError, match="none of the run's"):
        decide(sample_run.out, "hubspot", None, None)
    with pytest.raises(NotFoundError):
        decide(tmp_path, None, None, None)
