"""What can be done with a case beside deciding it: on pages, without JavaScript."""

import re
from dataclasses import replace

from starlette.testclient import TestClient

from dq.standards.stewardship import Reason
from dq.stewardship.actor import HOUSE
from dq.stewardship.deciding import decide_pair
from dq.stewardship.queue import case_of, facets, queue
from dq.stewardship.working import assign, escalate
from dq.store.cases import Case, CaseFilter
from tests.web.homes import App


def ruled(app: App, name: str) -> Case:
    """Return a case of a rule that is wholly somebody's."""
    mine = app.actor(name)
    found = queue(app.house, mine, CaseFilter(), limit=500).cases
    return next(one for one in found if one.rule_id and mine.owns(one.department, app.house.policy))


def text_of(page: str) -> str:
    """Return what a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.split("<main", 1)[-1]))


def test_a_case_is_taken_left_and_asked_again(app: App, maria: TestClient) -> None:
    case = ruled(app, "maria")
    url = f"/cases/{case.case_id}"
    assert "Nobody has done anything with it yet." in maria.get(f"{url}/about").text
    page = maria.post(f"{url}/assign", data={"version": case.version, "to": "person:maria"}).text
    assert "It is with Maria Lopez now." in page
    assert case_of(app.house, HOUSE, case.case_id).assignee == "maria"
    form = {"version": case.version + 1, "until": "2026-12-24", "reason": "project_pending", "comment": "new form"}
    page = text_of(maria.post(f"{url}/waive", data=form).text)
    assert "Left as it is until 24 Dec 2026, that day included." in page
    assert "Maria Lopez left it as it is until 24 Dec 2026: a project will mend it; new form" in page
    assert case_of(app.house, HOUSE, case.case_id).waived_until == "2026-12-24"
    page = text_of(maria.post(f"{url}/reopen", data={"version": case.version + 2}).text)
    assert "It is open again" in page
    page = text_of(maria.post(f"{url}/undo", data={"version": case.version + 3}).text)
    assert "took back: asked it again" in page
    assert case_of(app.house, HOUSE, case.case_id).status == "waived"


def test_days_and_reasons_are_the_houses(app: App, maria: TestClient) -> None:
    case = ruled(app, "maria")
    form = {"version": case.version, "until": "2026-12-24", "reason": "project_pending"}
    url = f"/cases/{case.case_id}/waive"
    assert maria.post(url, data=form | {"reason": "because"}).status_code == 422
    own = Reason(code="vip_call", title="the board calls them", closes=("waive",))
    policy = app.house.policy.model_copy(update={"reasons": (*app.house.policy.reasons, own)})
    app.house.standards = replace(app.house.standards, stewardship=policy)
    assert "the board calls them" in maria.get(f"/cards/{case.card_id}").text
    assert "the board calls them" in maria.get(f"/cases/{case.case_id}/about").text
    assert maria.post(url, data=form | {"until": "2026-11-23"}).status_code == 422, "today is no day to come"
    assert maria.post(url, data=form | {"until": "2028-11-23"}).status_code == 422
    assert maria.post(f"/cases/{case.case_id}/assign", data={"version": "1", "to": "pool:friends"}).status_code == 422
    assert maria.post(f"/cases/{case.case_id}/assign", data={"version": "1", "to": "person:lee"}).status_code == 403


def test_a_lead_gives_work_to_who_sees_it(app: App, lee: TestClient, maria: TestClient) -> None:
    case = ruled(app, "maria")
    page = lee.get(f"/cases/{case.case_id}/about").text
    assert 'value="person:maria"' in page
    assert 'value="person:finn"' not in page
    lee.post(f"/cases/{case.case_id}/assign", data={"version": case.version, "to": "person:maria"})
    assert "Maria Lopez" in text_of(maria.get("/queue?assignee=maria").text)


def test_an_absence_gives_the_work_to_who_stands_in(app: App, maria: TestClient, lee: TestClient) -> None:
    case = ruled(app, "maria")
    assign(app.house, app.actor("maria"), case.case_id, version=case.version, at=app.clock(), to="maria")
    form = {"user_name": "maria", "from_on": "2026-11-23", "until_on": "2026-11-30", "delegate": "lee"}
    assert "Lee Chen" in text_of(maria.post("/absences", data=form).text)
    assert maria.post("/absences", data=form | {"delegate": "vic"}).status_code == 422, "a viewer works no cases"
    assert "Maria Lopez" in text_of(lee.get("/absences").text)
    assert "Nobody is away." in maria.post("/absences/1/end").text
    assert maria.post("/absences/1/end").status_code == 404


def test_a_disputed_pair_says_who_said_what(app: App, lee: TestClient, maria: TestClient) -> None:
    mine = app.actor("maria")
    pairs = queue(app.house, mine, CaseFilter(kind=("possible_match",)), limit=100).cases
    pair = next(one for one in pairs if one.department == one.department_r == "sales")
    decide_pair(app.house, mine, pair.case_id, "UNSURE", version=pair.version, at=app.clock())
    page = text_of(lee.get(f"/matches/{pair.case_id}").text)
    assert "What was said: Maria Lopez: unsure." in page
    assert maria.get(f"/matches/{pair.case_id}").status_code == 200
    case = ruled(app, "maria")
    escalate(app.house, mine, case.case_id, version=case.version, at=app.clock(), comment="look at <b>this</b>")
    assert "look at &lt;b&gt;this&lt;/b&gt;" in lee.get(f"/cases/{case.case_id}/about").text


def test_a_customer_is_taken_apart_and_put_together_again(app: App, lee: TestClient) -> None:
    run = queue(app.house, HOUSE, CaseFilter(), limit=1).cases[0].last_run_id
    query = "SELECT golden_id FROM identities GROUP BY golden_id HAVING count(*) = 2 ORDER BY golden_id LIMIT 1"
    url = f"/golden/{app.house.tables(run).sql(query)[0]['golden_id']}"
    record = re.findall(r'name="leave" value="([^"]+)"', lee.get(url).text)[0]
    page = lee.post(f"{url}/apart", data={"how": "ticked", "leave": record, "comment": "father and son"}).text
    assert "Taken apart with the next run" in page
    form = re.search(r'action="(/cases/[^"]+/undo)"><input type="hidden" name="version" value="(\d+)"', page)
    assert form
    assert "father and son" in lee.post(form[1], data={"version": form[2]}).text
    assert "Taken apart with the next run" not in lee.get(url).text


def test_the_card_tells_what_happened(app: App, maria: TestClient) -> None:
    case = ruled(app, "maria")
    maria.post(f"/cases/{case.case_id}/rule", data={"opinion": "wrong"})
    maria.post(f"/cases/{case.case_id}/assign", data={"version": case.version, "to": "person:maria"})
    page = text_of(maria.get(f"/cards/{case.card_id}").text)
    assert "What happened here Maria Lopez gave it to Maria Lopez" in page


def test_the_api_decides_for_many_like_the_page(app: App, maria: TestClient, vic: TestClient) -> None:
    case = ruled(app, "maria")
    wanted = {"rule_id": [case.rule_id]}
    seen = maria.post("/api/v1/decisions/preview", json=wanted).json()
    assert seen["count"] > 0
    body = {"name": "for a while", "wanted": wanted, "action": "waive", "reason": "project_pending", "days": 7}
    assert vic.post("/api/v1/decisions", json=body | {"expected": seen["count"]}).status_code == 403
    assert maria.post("/api/v1/decisions", json=body | {"expected": seen["count"] + 1}).status_code == 409
    made = maria.post("/api/v1/decisions", json=body | {"expected": seen["count"]}).json()
    assert (made["hits"], made["state"]) == (seen["count"], "active")
    assert case_of(app.house, HOUSE, case.case_id).status == "waived"
    assert maria.post("/api/v1/decisions/for a while/end", json={"reopen": True}).json()["state"] == "retired"
    assert case_of(app.house, HOUSE, case.case_id).status == "open"


def test_leads_keep_the_reasons_of_the_house(app: App, maria: TestClient) -> None:
    lee = app.signed_in("lee")
    assert maria.get("/reasons").status_code == 403
    assert maria.post("/reasons", data={"title": "on hold", "closes": "waive"}).status_code == 403
    made = lee.post("/reasons", data={"title": "waiting for the notary", "closes": ["waive", "resolve"]})
    assert "“waiting for the notary” can be chosen from now on." in made.text
    assert lee.post("/reasons", data={"title": "no time"}).status_code == 422, "offered for nothing"
    renamed = {"version": "1", "title": "at the notary", "closes": "waive"}
    assert "before: waiting for the notary" in lee.post("/reasons/waiting_for_the_notary", data=renamed).text
    stale = lee.post("/reasons/waiting_for_the_notary", data=renamed)
    assert stale.status_code == 409
    gone = lee.post("/reasons/waiting_for_the_notary/offer", data={"version": "2", "is_offered": "false"})
    assert "no longer offered" in gone.text
    assert lee.post("/reasons/nobody/offer", data={"version": "0", "is_offered": "false"}).status_code == 404
    assert maria.post("/api/v1/reasons", json={"title": "on hold", "closes": ["waive"]}).status_code == 403
    made = lee.post("/api/v1/reasons", json={"title": "on hold", "closes": ["waive"]}).json()
    assert (made["code"], made["version"]) == ("on_hold", 1)
    assert lee.post("/api/v1/reasons/on_hold", json={"version": 1, "is_offered": False}).json()["is_offered"] is False
    assert lee.post("/api/v1/reasons/on_hold", json={"version": 1, "title": "late"}).status_code == 409
    known = {one["code"]: one for one in maria.get("/api/v1/reasons").json()}
    assert [one["title"] for one in known["waiting_for_the_notary"]["before"]] == [
        "at the notary", "waiting for the notary",
    ]  # fmt: skip


def test_what_a_rule_finds_is_narrowed_by_value_and_pattern(app: App) -> None:
    lee = app.signed_in("lee")

    def counted(rule: str, column: str) -> list[tuple[str, int]]:
        return [one for one in facets(app.house, HOUSE, CaseFilter(rule_id=(rule,)), column) if one[0]]

    rules = [rule for rule, _ in facets(app.house, HOUSE, CaseFilter(), "rule_id") if rule]
    rule = next(one for one in rules if min(len(counted(one, name)) for name in ("value", "pattern")) > 1)
    page = lee.get("/queue", params={"rule": rule}).text
    assert "<h2>Value</h2>" in page
    assert "<h2>Pattern</h2>" in page
    assert "<h2>Value</h2>" not in lee.get("/queue").text, "of everything there are too many"
    pattern, count = counted(rule, "pattern")[0]
    narrowed = text_of(lee.get("/queue", params={"rule": rule, "pattern": pattern}).text)
    assert f"{count} case{'' if count == 1 else 's'}, narrowed to" in narrowed
