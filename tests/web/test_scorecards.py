"""The scorecard of every part of a house, for whoever may see it, down to the records and over time."""

import csv
import html
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dq.stewardship import movements
from dq.stewardship.goals import Metric, set_goal
from dq.stewardship.house import run_of
from dq.stewardship.sampling import answer_question, draw_sample, next_question
from tests.web.homes import NOW, App
from tests.web.later import MENDED, add_later_run, add_run_again


def card_in(app: App) -> dict[str, object]:
    """Return what the run says of itself: the oracle."""
    run = run_of(app.house)
    path = app.house.runs_folder / str(run["run_id"]) / "scorecard.json"
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


def rows(browser: TestClient, address: str) -> list[dict[str, str]]:
    """Return a file of the app as rows."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_scores_of_the_house_are_those_of_the_run(app: App, lee: TestClient) -> None:
    said, told = card_in(app), lee.get(f"/api/v1/runs/{run_of(app.house)['run_id']}/scorecard").json()
    for name in ("score", "band", "dimensions", "sources", "by_source", "records", "clean_records"):
        assert told[name] == said[name], name
    failed = {rule["rule_id"]: (rule["evaluated"], rule["failed"]) for rule in told["rules"]}
    assert failed == {
        rule["rule_id"]: (rule["evaluated"], rule["failed"])
        for rule in said["rules"]  # type: ignore[attr-defined]
        # What a target demands has a page of its own.
        if (rule["evaluated"] or rule["failed"])
        and rule["rule_id"] in {one.rule_id for one in app.house.standards.rules}
    }
    table = {row["source"]: row for row in rows(lee, "/export/scorecard/groups.csv")}
    assert {name: float(table[name]["all"]) for name in said["sources"]} == said["sources"]  # type: ignore[attr-defined]


def test_a_part_of_the_house_is_named_by_the_address(app: App, lee: TestClient) -> None:
    said = card_in(app)
    page = lee.get("/scorecard?source=crm").text
    assert f"{int(said['sources']['crm'])}<small>of 100" in page  # type: ignore[index]
    assert "The whole house" in page
    for by in ("source", "department", "state", "party_type"):
        for view in ("test", "record"):
            table = rows(lee, f"/export/scorecard/groups.csv?by={by}&view={view}")
            *groups, total = table
            counted = sum(int(row["records"] or 0) for row in groups)
            assert counted == int(total["records"]) == said["records"], (by, view)
            troubled = sum(int(row["with a problem"]) for row in groups)
            assert troubled == int(total["with a problem"])
    texans = lee.get("/scorecard?segment=state%3DTX").text
    assert "State TX" in texans
    texas = lee.get("/records?segment=state%3DTX&severity=problem").text
    in_texas = next(row for row in rows(lee, "/export/scorecard/groups.csv?by=state&all=1") if row["state"] == "TX")
    assert f"on {int(in_texas['with a problem']):,} records" in texas
    first = next(row for row in rows(lee, "/export/scorecard/rules.csv?segment=state%3DTX") if int(row["wrong"]))
    findings = rows(lee, f"/export/records.csv?segment=state%3DTX&rule={first['rule']}")
    assert len(findings) == int(first["wrong"]), "the number and the list behind it agree"
    assert int(first["of"]) > int(first["wrong"])
    told = lee.get(f"/api/v1/runs/{run_of(app.house)['run_id']}/scorecard?segment=state%3DTX").json()
    by_customers = {row["state"]: row for row in rows(lee, "/export/scorecard/groups.csv?by=state&view=record&all=1")}
    assert told["score"] == float(in_texas["all"]) != float(by_customers["TX"]["all"]), "both views"


def test_a_steward_sees_the_figures_of_her_departments(app: App, maria: TestClient, vic: TestClient) -> None:
    said = card_in(app)
    for browser in (maria, vic):
        told = browser.get(f"/api/v1/runs/{run_of(app.house)['run_id']}/scorecard").json()
        assert told["sources"] == {"crm": said["sources"]["crm"]}  # type: ignore[index]
        assert told["records"] < said["records"]  # type: ignore[operator]
        page = browser.get("/scorecard").text
        assert "web_signups" not in page
        assert "The whole house" in page, "its totals are nobody's secret by default"
        for address in ("?department=finance", "?source=billing", "/origins?department=finance"):
            answer = browser.get(f"/scorecard{address}")
            assert answer.status_code == 404 or "billing" not in answer.text, address
    born = maria.get("/scorecard/origins").text
    assert "billing" not in born
    closed = app.house.policy.model_copy(update={"totals": "own_departments"})
    app.house.standards = replace(app.house.standards, stewardship=closed)
    run = run_of(app.house)["run_id"]
    assert "The whole house" not in maria.get("/scorecard").text
    assert "Nothing is lost" not in maria.get(f"/runs/{run}").text
    assert "Nothing is lost" in app.signed_in("lee").get(f"/runs/{run}").text


def test_whom_to_ask_stands_where_somebody_would_ask(lee: TestClient) -> None:
    assert "answers for it: ask there" in lee.get(f"/scorecard/rules/{MENDED}").text
    assert "Ask lead of the data stewards." in lee.get("/scorecard/dimensions/uniqueness").text
    assert "ask sales" in lee.get("/scorecard").text


@pytest.mark.parametrize("rewritten", ["", MENDED])
def test_what_moved_leads_to_its_records(app: App, own_home: Path, lee: TestClient, rewritten: str) -> None:
    assert "Why it moved" not in lee.get("/scorecard").text, "one run has nothing before it"
    mended = add_later_run(app, own_home, rewritten=rewritten)
    assert not movements._COUNTED or all("later" not in key for key in movements._COUNTED)
    page = lee.get("/scorecard?run=later").text
    assert not any("later" in key for key in movements._COUNTED), "it was counted when the run was taken in"
    assert "Why it moved by +" in page
    part = "rules" if rewritten else "fixed"
    address = f"part={part}&counted=test"
    listed = rows(lee, f"/export/moved.csv?run=later&{address}")
    mine = [row for row in listed if row["Record"] == mended]
    assert [(row["Rule"], row["Came or went"]) for row in mine] == [(MENDED, "went")]
    assert f"/scorecard/moved?run=later&{address}" in html.unescape(page)
    assert mended in lee.get(f"/scorecard/moved?run=later&{address}&source=crm").text
    assert mended not in app.signed_in("finn").get(f"/scorecard/moved?run=later&{address}").text
    if rewritten:
        assert "1 rule changed" in page
        own, today = (rows(lee, f"/export/scorecard/trend.csv?run=later&rules={rules}") for rules in ("", "today"))
        assert own[0]["validity"] != today[0]["validity"], "under today's rules the earlier run is scored without it"
        assert [row["validity"] for row in today] == [today[0]["validity"]] * 2
    else:
        assert "1 went" in lee.get(f"/scorecard/rules/{MENDED}?run=later").text
        first = rows(lee, "/export/scorecard/trend.csv")[0]["run"]
        moved = rows(lee, f"/export/differences.csv?run=later&against={first}")
        assert any(row["Number"].startswith("Score: Records put right") for row in moved)
        assert "What was mended since" in page
        assert "By record: " in lee.get(f"/runs/later?against={first}").text
        in_segment = lee.get("/scorecard?run=later&segment=party_type%3Dperson").text
        assert "Why it moved by +" in in_segment, "by values tested, within a segment too"


def test_any_two_runs_lead_to_the_records_behind_what_moved(app: App, own_home: Path, lee: TestClient) -> None:
    first = run_of(app.house)["run_id"]
    mended = add_later_run(app, own_home)
    add_run_again(app, own_home)
    page = html.unescape(lee.get(f"/runs/latest?against={first}").text)
    address = f"run=latest&since={first}&counted=test&part=fixed"
    assert f"/scorecard/moved?{address}" in page
    assert [row["Record"] for row in rows(lee, f"/export/moved.csv?{address}")] == [mended]
    assert mended in lee.get(f"/scorecard/moved?{address}&source=crm").text
    assert mended not in app.signed_in("finn").get(f"/scorecard/moved?{address}").text
    assert lee.get(f"/scorecard/moved?{address}".replace(str(first), "nobody")).status_code == 404


def test_the_matching_is_told_as_people_measured_it(app: App, own_home: Path, lee: TestClient, vic: TestClient) -> None:
    del own_home
    before = vic.get("/scorecard").text
    assert "Nobody has checked it yet." in before
    assert "cannot know its own mistakes" in before
    ann, chief = app.actor("ann"), app.actor("lee")
    drawn = draw_sample(app.house, chief, "November", per_band=6, at=NOW)
    while question := next_question(app.house, chief, drawn.number):
        answer_question(app.house, chief, drawn.number, question.number, "SAME", at=NOW)
    again = next_question(app.house, ann, drawn.number)
    if again:
        answer_question(app.house, ann, drawn.number, again.number, "DIFFERENT", at=NOW)
    after = vic.get("/scorecard").text
    assert "wrong merges among 10,000 merged pairs; between " in after
    assert "more answers would halve that range" in after
    assert ("had a second opinion" in after) == bool(again)
    assert "Nobody has checked it yet." not in after
    for page in (before, after):
        assert "no duplicates" not in page.lower()


def test_goals_have_a_picture_and_numbers_can_be_typed(app: App, lee: TestClient, maria: TestClient) -> None:
    due, chief = date(2027, 1, 31), app.actor("lee")
    set_goal(app.house, chief, "Clean Texas", Metric(segment="state=TX"), 99, due, "lee", at=NOW)
    card = lee.get("/scorecard").text
    assert "Clean Texas" in card
    assert "measured, the value wanted, and where it may end" in card
    place = {"name": "Clean crm", "metric": "dimension:validity", "target": "99", "due_on": "2027-01-31"}
    assert lee.post("/goals", data={**place, "place": "source:crm"}, follow_redirects=True).status_code == 200
    assert "records with no problem of validity, in crm" in lee.get("/goals").text
    in_texas = {**place, "name": "Texan mails", "metric": f"rule:{MENDED}", "place": "segment:state=TX"}
    assert lee.post("/goals", data=in_texas, follow_redirects=True).status_code == 200
    assert lee.post("/goals", data={**in_texas, "place": "moon:full"}).status_code == 422
    for day, value in (("2026-10-31", "120"), ("2026-11-20", "99")):
        typed = {"name": "returned mail", "measured_on": day, "value": value, "department": "sales"}
        assert maria.post("/goals/numbers", data=typed, follow_redirects=True).status_code == 200
    page = maria.get("/goals").text
    assert "-21 since 31 Oct 2026" in page
    assert "returned mail over time" in page
    assert "No number yet." in app.signed_in("finn").get("/goals").text
    assert [row["Value"] for row in rows(maria, "/export/numbers.csv")] == ["120.0", "99.0"]
