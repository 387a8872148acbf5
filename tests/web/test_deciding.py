"""Deciding on pages, without JavaScript and with it."""

import re
from urllib.parse import quote

from starlette.testclient import TestClient

from dq.stewardship.actor import HOUSE
from dq.stewardship.deciding import decide_pair
from dq.stewardship.queue import case_of, queue
from dq.stewardship.telling import history
from dq.store.cases import Case, CaseFilter
from tests.web.homes import App


def pairs(app: App, name: str) -> list[Case]:
    """Return the pairs that wait for somebody."""
    return list(queue(app.house, app.actor(name), CaseFilter(kind=("possible_match",)), limit=100).cases)


def shown(text: str) -> str:
    """Return the pair a page asks about."""
    return re.findall(r'data-question="([^"]*)"', text)[0]


# ---- match review -------------------------------------------------------------------------------------------------
def test_a_pair_is_decided_by_a_form(app: App, lee: TestClient) -> None:
    first, second = pairs(app, "lee")[:2]
    page = lee.get("/matches").text
    assert shown(page) == first.case_id
    assert f'<template data-ahead><section data-question="{second.case_id}"' in re.sub(r">\s+<", "><", page)
    answer = lee.post(
        f"/matches/{first.case_id}", data={"judgement": "SAME", "version": first.version, "seconds": "7.5"}
    )
    assert answer.url.path == "/matches"
    assert shown(answer.text) == second.case_id
    assert "Saved: same customer." in answer.text
    assert "You take about 8 seconds for one." in answer.text
    case = case_of(app.house, HOUSE, first.case_id)
    assert (case.status, case.outcome, case.decided_by) == ("resolved", "SAME", "lee")


def test_the_script_gets_the_next_two(app: App, lee: TestClient) -> None:
    first, second, third = pairs(app, "lee")[:3]
    answer = lee.post(
        f"/matches/{first.case_id}",
        data={"judgement": "DIFFERENT", "version": first.version},
        headers={"x-part": "question"},
        follow_redirects=False,
    )
    assert answer.status_code == 200
    assert re.findall(r'data-question="([^"]*)"', answer.text) == [second.case_id, third.case_id]


def test_the_last_decision_is_taken_back(app: App, lee: TestClient) -> None:
    first = pairs(app, "lee")[0]
    lee.post(f"/matches/{first.case_id}", data={"judgement": "SAME", "version": first.version})
    answer = lee.post("/matches/undo")
    assert shown(answer.text) == first.case_id
    assert case_of(app.house, HOUSE, first.case_id).status == "open"
    assert lee.post("/matches/undo").status_code == 409


def test_who_comes_second_sees_who_was_first(app: App, lee: TestClient, ann: TestClient) -> None:
    first = pairs(app, "lee")[0]
    ann.post(f"/matches/{first.case_id}", data={"judgement": "DIFFERENT", "version": first.version})
    answer = lee.post(f"/matches/{first.case_id}", data={"judgement": "SAME", "version": first.version})
    assert answer.status_code == 409
    assert "Ann was first" in answer.text
    assert case_of(app.house, HOUSE, first.case_id).outcome == "DIFFERENT"


def test_a_shared_customer_is_proposed(app: App, maria: TestClient) -> None:
    shared = next(one for one in pairs(app, "maria") if one.department != one.department_r)
    answer = maria.post(f"/matches/{shared.case_id}", data={"judgement": "SAME", "version": shared.version})
    assert "somebody else has to agree" in answer.text
    assert case_of(app.house, HOUSE, shared.case_id).status == "waiting"


def test_blind_review_hides_the_machines_opinion(app: App, lee: TestClient) -> None:
    first = pairs(app, "lee")[0]
    assert 'class="for"' in lee.get(f"/matches/{first.case_id}").text
    blind = lee.get(f"/matches/{first.case_id}?blind=1").text
    assert 'class="for"' not in blind
    assert "Hidden: what the machine thinks" in blind
    data = {"judgement": "SAME", "version": first.version, "blind": "1"}
    assert lee.post(f"/matches/{first.case_id}", data=data).url.query == b"blind=1"


def test_when_all_is_decided_the_page_says_so(app: App, lee: TestClient) -> None:
    for case in pairs(app, "lee"):
        decide_pair(app.house, app.actor("lee"), case.case_id, "DIFFERENT", version=case.version, at=app.clock())
    assert "Every possible duplicate is decided." in lee.get("/matches").text


def test_words_of_engineers_stay_away(app: App, lee: TestClient) -> None:
    card = queue(app.house, HOUSE, CaseFilter(), limit=1).cases[0].card_id
    case = queue(app.house, HOUSE, CaseFilter(kind=("possible_match",)), limit=1).cases[0]
    decided = (f"/cases/{case.case_id}/about", f"/golden/{case.golden_id}", "/bulk?kind=possible_match&source=crm")
    own = ("/today", "/matches", "/queue", f"/cards/{quote(card, safe='')}", "/rules", "/rules/phone_is_possible")
    for path in (*own, *decided, "/queue?kind=possible_match", "/absences", "/scorecard", "/runs", "/goals"):
        text = re.sub(r"<[^>]*>", " ", lee.get(path).text).lower()
        found = re.search(
            r".{30}(waterfall|log2|blocking|kappa|survivorship|match_weight|\bnull\b|\bnan\b)", text, re.S
        )
        assert not found, f"{path}: {found[0]}"
        assert "None" not in re.sub(r"<[^>]*>", " ", lee.get(path).text)


# ---- cards --------------------------------------------------------------------------------------------------------
def answers(text: str) -> list[tuple[str, str]]:
    """Return case and version of every question on a card."""
    return re.findall(r'name="case" value="([^"]+)"><input type="hidden" name="version" value="(\d+)"', text)


def full_card(app: App, name: str) -> str:
    """Return a card with several cases that are no pairs."""
    cases = queue(app.house, app.actor(name), CaseFilter(), limit=1000).cases
    cards = [case.card_id for case in cases if not case.is_pair]
    paired = {case.card_id for case in cases if case.is_pair}
    return next(one for one in cards if cards.count(one) > 1 and one not in paired)


def test_a_card_is_closed_together(app: App, lee: TestClient) -> None:
    card = full_card(app, "lee")
    url = f"/cards/{quote(card, safe='')}"
    asked = answers(lee.get(url).text)
    assert len(asked) > 1
    form = {
        "case": [case for case, _ in asked],
        "version": [version for _, version in asked],
        "answer": ["resolve:fixed_at_source"] * len(asked),
        "value": [""] * len(asked),
    }
    answer = lee.post(url, data=form)
    assert answer.url.path == "/today"
    assert f"{len(asked)} questions decided together." in answer.text
    assert {case_of(app.house, HOUSE, case).status for case, _ in asked} == {"resolved"}


def test_all_of_a_card_or_nothing(app: App, lee: TestClient) -> None:
    url = f"/cards/{quote(full_card(app, 'lee'), safe='')}"
    (one, version), (other, _), *_ = answers(lee.get(url).text)
    form = {"case": [one, other], "version": [version, "99"], "answer": ["resolve:right_as_is"] * 2, "value": ["", ""]}
    assert lee.post(url, data=form).status_code == 409
    assert case_of(app.house, HOUSE, one).status == "open"
    assert not [event for event in history(app.house, HOUSE, one) if event["by"] == "lee"]


def test_a_value_without_its_reason_is_asked_about(app: App, lee: TestClient) -> None:
    url = f"/cards/{quote(full_card(app, 'lee'), safe='')}"
    one, version = answers(lee.get(url).text)[0]
    form = {"case": [one], "version": [version], "answer": [""], "value": ["12 Elm St"]}
    answer = lee.post(url, data=form)
    assert answer.status_code == 422
    assert "use my value" in answer.text
    assert lee.post(url, data=form | {"answer": ["override:asked_customer"], "value": [""]}).status_code == 422


def test_the_card_leads_to_where_it_was_typed(app: App, lee: TestClient) -> None:
    text = lee.get(f"/cards/{quote(full_card(app, 'lee'), safe='')}").text
    assert re.search(r'href="https://(crm|billing|web_signups)\.example\.com/customer/[^"]+"[^>]*noopener', text)


# ---- many at once, and a second person ----------------------------------------------------------------------------
def test_many_are_decided_after_a_look(app: App, lee: TestClient) -> None:
    wanted = CaseFilter(kind=("missing_value",))
    rule = queue(app.house, HOUSE, wanted, limit=1).cases[0].rule_id
    assert "Decide for all of these" in lee.get(f"/queue?rule={rule}").text
    page = lee.get(f"/bulk?rule={rule}").text
    expected = re.search(r'name="expected" value="(\d+)"', page)
    left_out = re.search(r'name="leave" value="([^"]+)"', page)
    assert expected
    assert left_out
    form = {"name": "known gaps", "answer": "resolve:no_better_value", "leave": left_out[1]}
    assert lee.post(f"/bulk?rule={rule}", data=form | {"expected": "99999"}).status_code == 409
    text = lee.post(f"/bulk?rule={rule}", data=form | {"expected": expected[1]}).text
    assert f"{int(expected[1]) - 1:,} case" in text
    assert case_of(app.house, HOUSE, left_out[1]).status == "open"
    assert "open again" in lee.post("/bulk/known%20gaps/retire", data={"reopen": "1"}).text
    assert queue(app.house, HOUSE, CaseFilter(rule_id=(rule,)), limit=1).total == int(expected[1])


def test_a_proposal_waits_for_the_other_side(app: App, maria: TestClient, lee: TestClient) -> None:
    shared = next(one for one in pairs(app, "maria") if one.department != one.department_r)
    maria.post(f"/matches/{shared.case_id}", data={"judgement": "SAME", "version": shared.version})
    assert "Nothing waits for you" in maria.get("/proposals").text
    text = lee.get("/proposals").text
    assert "Possible duplicate: Same customer" in text
    form = {"version": str(shared.version + 1), "verdict": "approve"}
    assert "Agreed: it is done." in lee.post(f"/proposals/{shared.case_id}", data=form).text
    case = case_of(app.house, HOUSE, shared.case_id)
    assert (case.status, case.outcome) == ("resolved", "SAME")


def test_a_sample_is_answered_blind(app: App, lee: TestClient, maria: TestClient) -> None:
    text = lee.post("/samples", data={"name": "November", "per_band": "2"}).text
    answered = 0
    while (form := re.search(r'action="(/samples/1/\d+)"', text)) is not None:
        before = {case.case_id: case.status for case in pairs(app, "lee")}
        text = lee.post(form[1], data={"judgement": "SAME", "seconds": "3"}).text
        answered += 1
        assert {case.case_id: case.status for case in pairs(app, "lee")} == before
    assert answered >= 2
    assert "What was answered" in text
    assert "times of 100" in text, "what comes out has a range"
    assert "Draw a sample" not in maria.get("/samples").text


# ---- today --------------------------------------------------------------------------------------------------------
def test_today_is_a_day_and_not_a_mountain(app: App, lee: TestClient) -> None:
    text = lee.get("/today").text
    assert "Good morning, Lee" in text
    assert 0 < text.count('<li><div><h3><a href="/') <= 40
    assert "more are open" in text


def test_done_for_today(app: App, lee: TestClient) -> None:
    lee.get("/today")
    assert "Done for today." in lee.post("/today/done").text


# ---- other forms --------------------------------------------------------------------------------------------------
def test_a_colleague_reports(app: App, vic: TestClient, maria: TestClient) -> None:
    case = next(one for one in queue(app.house, HOUSE, CaseFilter(department=("sales",))).cases if one.record_id)
    answer = vic.post("/report", data={"record": case.record_id, "words": "She moved <b>last</b> year"})
    assert answer.status_code == 200
    text = maria.get("/queue?kind=reported").text
    assert "She moved &lt;b&gt;last&lt;/b&gt; year" in text


def test_a_goal_is_set_and_closed(lee: TestClient) -> None:
    form = {"name": "Fewer gaps", "metric": "record:", "target": "99", "due_on": "2027-06-30", "owner": "Lee"}
    text = lee.post("/goals", data=form).text
    assert "Fewer gaps" in text
    number = re.search(r'action="/goals/(\d+)/close"', text)
    assert number
    assert "Fewer gaps" not in lee.post(f"/goals/{number[1]}/close", data={"version": "1"}).text


def test_a_token_is_shown_once_and_limited(app: App, maria: TestClient) -> None:
    text = maria.post("/account/tokens", data={"name": "robot", "scope": "read"}).text
    token = re.search(r"dq_[\w-]+", text)
    assert token
    assert token[0] not in maria.get("/account").text
    robot = TestClient(app.open().app, base_url="http://dq.test", headers={"authorization": f"Bearer {token[0]}"})
    assert robot.get("/api/v1/me").json()["name"] == "maria"
    case = pairs(app, "maria")[0]
    body = {"judgement": "SAME", "version": case.version}
    assert robot.post(f"/api/v1/cases/{case.case_id}/judgement", json=body).status_code == 403
    assert maria.post("/account/tokens/1/revoke").status_code == 200
    assert robot.get("/api/v1/me").status_code == 401


def test_the_api_decides_like_the_page(app: App, lee: TestClient) -> None:
    case = pairs(app, "lee")[0]
    url = f"/api/v1/cases/{case.case_id}"
    body = {"judgement": "DIFFERENT", "version": case.version}
    assert lee.post(f"{url}/judgement", json=body).json()["became"] == "resolved"
    second = lee.post(f"{url}/judgement", json=body)
    assert (second.status_code, second.json()["error"]["code"]) == (409, "conflict")
    undone = lee.post(f"{url}/undo", json={"version": case.version + 1})
    assert undone.json()["status"] == "open"
    assert [event["by"] for event in lee.get(url).json()["history"]][-2:] == ["lee", "lee"]


def test_the_audit_holds_and_says_so(lee: TestClient) -> None:
    text = lee.post("/audit/verify").text
    assert re.search(r"All \d+ rows hold", text)
