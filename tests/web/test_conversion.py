"""The pages of a conversion: what loads, what a lead lets be, who is not converted and comes back."""

import os
import re
import shutil
from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from dq.stewardship.actor import HOUSE
from dq.stewardship.exporting import overrides
from dq.stewardship.house import run_of
from dq.stewardship.queue import queue
from dq.store.cases import CaseFilter
from dq.web.readying import target_page
from tests.web.homes import App

API = "/api/v1/readiness/salesforce"


def _target(browser: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = browser.get(API).json()
    return found


def test_what_loads_is_counted_for_the_reader_and_for_the_house(lee: TestClient, maria: TestClient) -> None:
    whole, hers = _target(lee), _target(maria)
    assert whole["house"] is None, "all of it is the lead's"
    assert hers["house"] == {**whole["customers"], "loading": whole["loading"]}
    assert 0 < hers["due"] < whole["due"]
    assert whole["loading"] + whole["customers"]["reject"] == whole["due"]
    page = maria.get("/readiness").text
    assert f"{hers['loading']:,} of {hers['due']:,} of your customers load today" in page
    assert f"The whole house: {whole['loading']:,} of {whole['due']:,}." in page
    assert "Leave something for now" not in page
    assert "no day of the cut-over is set" in page
    rows = lee.get(f"{API}/customers").json()
    assert rows["total"] > maria.get(f"{API}/customers").json()["total"] > 0


def test_values_are_masked_for_whoever_only_reads(vic: TestClient, maria: TestClient) -> None:
    asked = {"target": "salesforce", "verdict": "pollutes"}
    seen, masked = (browser.get("/readiness/customers", params=asked).text for browser in (maria, vic))
    assert "•" in masked
    assert "Personal data are masked for you." in masked
    names = re.findall(r'<a href="/golden/[^"]+">([^<]+)</a>', seen)
    assert names
    assert not [name for name in names if name in masked and "•" not in name and not name.startswith("G")]


def test_a_lead_lets_a_blocker_be_and_it_is_open_again_after_its_day(app: App, lee: TestClient) -> None:
    before = _target(lee)
    line = next(one for one in before["blockers"] if one["verdict"] == "reject")
    form = {"target": "salesforce", "what": f"rule:{line['rule_id']}", "until": "2026-12-01", "comment": "mock-3"}
    assert lee.post("/readiness/waivers", data={**form, "reason": "made_up"}).status_code == 422
    page = lee.post("/readiness/waivers", data={**form, "reason": "project_pending"}).text
    assert "Left as it is until 1 Dec 2026; then it is open again." in page
    assert "Lee Chen until 1 Dec 2026" in page
    assert "“mock-3”" in page
    assert lee.post("/readiness/waivers", data={**form, "reason": "project_pending"}).status_code == 409
    held = _target(lee)
    assert held["open_rows"] < before["open_rows"]
    assert held["loading"] == before["loading"], "who may stay out does not load"
    later = target_page(app.house, app.actor("lee"), "salesforce", app.clock() + timedelta(days=9))
    assert later.blocked.open_rows == before["open_rows"]
    assert [one.is_over for one in later.waivers] == [True]
    number = held["waivers"][0]["number"]
    ended = lee.post(f"/readiness/waivers/{number}/end", data={"target": "salesforce"})
    assert "Ended: it counts as open again." in ended.text


def test_a_parked_customer_is_brought_back_and_left_to_the_rules_again(app: App, lee: TestClient) -> None:
    found = lee.get("/api/v1/parked").json()
    assert found["total"] == sum(rule["customers"] for rule in found["rules"]) > 0
    first = found["rows"][0]
    page = lee.get("/parked").text
    assert f"{found['total']:,} customers are not converted" in page
    assert first["name"].replace("&", "&amp;").replace("'", "&#39;") in page
    given = {"customer": first["golden_id"], "reason": "asked_customer", "rule": first["rule"]}
    done = lee.post("/parked/back", data=given).text
    assert "the next run converts this customer" in done
    assert "comes back with the next run" in done
    assert set(overrides(app.house)["column"]) == {"is_parked"}
    assert lee.post(f"/api/v1/parked/{first['golden_id']}/back", json={"reason": "asked_customer"}).status_code == 409
    assert [one["golden_id"] for one in lee.get("/api/v1/parked").json()["brought_back"]] == [first["golden_id"]]
    undone = lee.post("/parked/again", data=given).text
    assert "the rules decide about this customer again" in undone
    assert overrides(app.house).empty
    told = lee.get("/export/parked.csv").text
    assert len(told.splitlines()) == found["total"] + 1


def test_whom_a_list_brought_back_is_on_the_page(app: App, lee: TestClient) -> None:
    run_id = str(run_of(app.house)["run_id"])
    one = app.house.tables(run_id).sql("SELECT record_id, golden_id FROM crosswalk ORDER BY record_id LIMIT 1", [])[0]
    line = f"{one['record_id']},{one['golden_id']},inactive,called us,Ben,2026-11-20,list\n"
    runs = app.house.runs_folder
    shared = runs.resolve()
    runs.unlink()  # the runs are every test's; this one writes
    shutil.copytree(shared, runs, copy_function=os.link)
    file = runs / run_id / "brought_back.csv"
    file.unlink(missing_ok=True)
    file.write_text("record_id,golden_id,rules,reason,by,on,origin\n" + line, encoding="utf-8")
    app.house.forget(run_id)
    page = lee.get("/parked").text
    assert "called us" in page
    assert "by a list of Ben, 2026-11-20; this run converts it already" in page
    assert "Leave it to the rules again" not in page


def test_every_readiness_route_is_in_the_description(lee: TestClient) -> None:
    paths = lee.get("/api/v1/openapi.json").json()["paths"]
    for path in ("/readiness/{target}", "/readiness/{target}/waivers", "/parked/{golden_id}/back"):
        assert f"/api/v1{path}" in paths


def test_whom_the_target_refuses_is_work_that_leads_to_what_it_takes(app: App, lee: TestClient) -> None:
    tables = app.house.tables(str(run_of(app.house)["run_id"]))
    refused = tables.sql("SELECT golden_id, \"check\", value FROM blockers WHERE verdict = 'reject'")
    everybody = {str(row["golden_id"]) for row in refused}
    values = {str(row["value"]) for row in refused if row["check"] == "not_in_picklist"}
    orphans = {
        str(row["golden_id"]) for row in refused if row["check"] == "parent_missing" and row["value"] in everybody
    }
    own = {str(row["golden_id"]) for row in refused if row["check"] not in ("not_in_picklist", "parent_missing")}
    customers = own | {
        str(row["golden_id"]) for row in refused if row["check"] == "parent_missing" and row["value"] not in everybody
    }
    blocked = queue(app.house, HOUSE, CaseFilter(kind=("blocked",)), limit=500).cases
    unmapped = queue(app.house, HOUSE, CaseFilter(kind=("unmapped_value",), column_name=("Industry",)), limit=500).cases
    assert values
    assert sorted(case.value for case in unmapped) == sorted(values), "one per value, not one per record"
    assert sorted(case.golden_id for case in blocked) == sorted(customers), "one per customer, however much is wrong"
    of_values = {str(row["golden_id"]) for row in refused if row["check"] == "not_in_picklist"}
    waiting = {
        str(one["golden_id"]) for one in lee.get(f"{API}/waiting?limit=500").json()["rows"] if one["has_own"] == "no"
    }
    assert waiting == orphans - own - of_values, "nothing else is wrong with them"
    assert len(waiting) > len(customers), "most of what is refused is no work of its own"
    whole = _target(lee)
    explained = customers | of_values | waiting
    assert len(explained) == whole["due"] - whole["loading"], "customers less those that load, each in one way"
    worth = {case.value: case.unblocks for case in unmapped}
    assert sum(worth.values()) + sum(case.unblocks for case in blocked) >= len(explained)
    assert {case.pool for case in (*blocked, *unmapped)} == {"stewards"}
    for case in (blocked[0], unmapped[0]):
        assert case.evidence.startswith("Salesforce would refuse")
        for place in (f"/cases/{case.case_id}/about", f"/cases/{case.case_id}"):
            assert 'href="/readiness?target=salesforce"' in lee.get(place).text


def test_a_customer_that_waits_leads_to_whoever_decides(app: App, lee: TestClient, maria: TestClient) -> None:
    listed = lee.get(f"{API}/waiting?limit=500").json()
    assert listed["total"] == listed["customers"] + listed["also"]
    first = listed["rows"][0]
    page = lee.get(f"/golden/{first['golden_id']}").text
    assert "Salesforce would refuse this customer because it would refuse" in page
    assert "Nothing has to be mended here: it loads once the other does." in page
    case = re.search(r'href="/cases/([0-9a-f]+)">Decide it there', page)
    assert case is not None
    about = lee.get(f"/cases/{case[1]}/about").text
    assert f'href="/readiness/waiting?case={case[1]}"' in about
    assert first["golden_id"] in lee.get(f"/readiness/waiting?case={case[1]}").text
    assert f"{listed['customers']} wait for another customer" in lee.get("/readiness").text
    assert len(lee.get("/export/waiting.csv").text.splitlines()) == listed["total"] + 1
    hers = maria.get(f"{API}/waiting?limit=500").json()
    assert hers["customers"] + hers["also"] + hers["others"] == listed["total"]
    finn = app.signed_in("finn")
    his = finn.get(f"{API}/waiting?limit=500").json()
    assert (his["rows"], his["others"]) == ([], listed["total"]), "those who wait are not his, and their number is told"
    assert finn.get(f"/golden/{first['golden_id']}").status_code == 404
    assert maria.get("/readiness/waiting?case=0000").status_code == 404
