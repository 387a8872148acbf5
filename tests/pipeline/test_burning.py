"""The burn-down: which runs stand on one line, where it leads, what is needed a day, and the page that shows it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from dq.operations.burn_down import refresh_burn_down
from dq.pipeline.burning import burn_downs, history_in
from dq.quality.scorecard.burn_down_page import render_burn_down
from dq.settings import load_settings

FIRST = date(2026, 11, 10)
CUT_OVER = date(2026, 12, 5)


def put(folder: Path, day: date, blocked: int, *, tag: str = "", parked: int = 0, source: str = "crm") -> Path:
    """Write what a run of 1,000 customers leaves for a burn-down."""
    folder.mkdir()
    account = {"target": "salesforce", "path": "bulk_api", "assign": "leads", "unit": "customers", "customers": 1000}
    account |= {"would_load": 1000 - blocked - parked, "blocked": blocked, "parked": parked}
    manifest = {
        "run_id": folder.name,
        "tag": tag,
        "as_of": day.isoformat(),
        "finished_at": f"{day}T10:00:00Z",
        "sources": [{"source": source}],
        "conversion": [account],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    objects = {"Account": {"loads": 900, "alters": 7}, "Contact": {"pollutes": 3, "alters": 1}}
    readiness = [{"target": "salesforce", "objects": objects}]
    (folder / "readiness.json").write_text(json.dumps(readiness), encoding="utf-8")
    return folder


def test_runs_of_the_same_sources_lead_to_the_day_of_the_cut_over(tmp_path: Path) -> None:
    blocked = [200, 182, 161, 142, 119]
    runs = [put(tmp_path / f"run{n}", FIRST + timedelta(3 * n), left) for n, left in enumerate(blocked)]
    other = put(tmp_path / "other", FIRST, 900, source="billing")
    (burn,) = burn_downs(history_in([other, *reversed(runs), tmp_path]), CUT_OVER)
    assert [point.blocked for point in burn.points] == blocked
    assert (burn.points[0].altered, burn.points[0].messy, burn.points[0].run) == (8, 3, "run0")
    assert burn.needed == 10  # 119 in 13 days: nine a day leave two
    document = burn.document()
    expected = document["expected"]
    assert expected["low"] < expected["value"] < expected["high"] <= 100
    assert 96 < expected["value"] < 97  # 2 % of 1,000 in three days, 88 % thirteen days before
    assert document["sentence"] == "at this pace 96.7 % (96.1–97.2) on 5 December; 10 a day needed"
    page = render_burn_down([document])
    assert 'role="img" aria-label="customers that load into salesforce by day' in page
    assert page.count("<tr><th") == 7  # head, five runs, what is expected
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")


def test_too_few_days_a_day_that_has_come_and_parked_customers(tmp_path: Path) -> None:
    early = put(tmp_path / "early", FIRST, 100, tag="mock-1", parked=500)
    again = put(tmp_path / "again", FIRST + timedelta(1), 50, source="elsewhere")
    (alone,) = burn_downs(history_in([early]), CUT_OVER)
    assert (alone.points[0].percent, alone.points[0].run) == (80.0, "mock-1")
    assert alone.document()["sentence"] == "1 day measured, 4 are needed to say where it leads; 4 a day needed"
    (named,) = burn_downs(history_in([early, again]), CUT_OVER, named=True)
    assert len(named.points) == 2
    (late,) = burn_downs(history_in([early]), FIRST)
    assert late.document()["sentence"] == "the cut-over was on 10 November: 100 customers did not load"
    assert burn_downs(history_in([tmp_path]), CUT_OVER) == []


def test_runs_of_a_home_stand_on_one_line_whatever_their_sources_are_called(tmp_path: Path) -> None:
    home, beside = tmp_path / "home", tmp_path / "beside"
    (home / "var" / "runs").mkdir(parents=True)
    beside.mkdir()
    settings = replace(load_settings(), home=home)
    assert refresh_burn_down(replace(settings, cut_over=CUT_OVER)) is None, "no run yet"
    for number, source in enumerate(("crm", "crm_export", "crm")):
        put(home / "var" / "runs" / f"run{number}", FIRST + timedelta(3 * number), 200, source=source)
    put(beside / "elsewhere", FIRST + timedelta(1), 700, source="billing", tag="trial")
    last = put(beside / "last", FIRST + timedelta(9), 200, source="crm_2026_11")
    assert refresh_burn_down(settings, last) is None, "nobody says when"
    page = refresh_burn_down(replace(settings, cut_over=CUT_OVER), last)
    assert page is not None
    text = page.read_text(encoding="utf-8")
    assert text.count("<tr><th") == 6  # head, four runs, what is expected
    assert "It stands at 80.0 %: if it stays so, 78.3–81.5 % on 5 December; 13 a day needed." in text
    assert "Left out, since about other sources: trial." in text
    (alone,) = burn_downs(history_in([*(home / "var" / "runs").iterdir(), last]), CUT_OVER)
    assert (len(alone.points), len(alone.left_out)) == (1, 3), "beside each other they are about other sources"
    (undated,) = burn_downs(history_in([last]), None)
    assert undated.document()["sentence"] == "200 customers are blocked; no day of the cut-over is set"


def test_when_all_load_the_sentence_still_says_what_may_happen(tmp_path: Path) -> None:
    runs = [put(tmp_path / f"run{n}", FIRST + timedelta(3 * n), left) for n, left in enumerate((100, 50, 20, 0))]
    (burn,) = burn_downs(history_in(runs), CUT_OVER)
    assert burn.document()["sentence"] == (
        "nobody is blocked today; it stands at 100 %: if it stays so, 99.8–100 % on 5 December"
    )
