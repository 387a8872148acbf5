"""Who may do what: every route, every role, one's own department and another's."""

import csv
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from starlette.routing import Match, Route
from starlette.testclient import TestClient

from dq.engine.querying import Filter
from dq.stewardship.actor import HOUSE
from dq.stewardship.house import run_of
from dq.stewardship.queue import queue
from dq.store.cases import CaseFilter
from tests.web.homes import PEOPLE, App

CASES = list(csv.DictReader((Path(__file__).parents[1] / "cases" / "web_permissions.csv").open(encoding="utf-8")))
WHO = {"nobody": "", "viewer": "vic", "steward": "maria", "lead": "lee", "admin": "ann"}
"""Column → login; viewer and steward see sales only."""
DECIDED_ELSEWHERE = {
    "/static/{name}",
    "/sign-out",
    "/sign-in/company",
    "/sign-in/company/back",
    "/sign-in/opening/{token}",
    "/api/v1/openapi.json",
    "/api/v1/{path:path}",
    "/matches/undo",
    "/account/password",
    "/account/tokens/{number}/revoke",
    "/goals/{number}/close",
}
"""Routes with tests of their own: they need something that exists first, or belong to nobody."""


@pytest.fixture
def names(app: App) -> dict[str, str]:
    """Return ids of things of sales, and of things of finance that sales does not share."""
    run = run_of(app.house)
    tables = app.house.tables(run["run_id"])

    def only(department: str) -> tuple[str, str]:
        """Return a record and its customer where every record of the customer is the department's."""
        query = (
            "SELECT min(record_id) AS record_id, golden_id FROM identities GROUP BY golden_id "
            "HAVING bool_and(department = ?) ORDER BY golden_id LIMIT 1"
        )
        found = tables.sql(query, [department])[0]
        return str(found["record_id"]), str(found["golden_id"])

    def asked(department: str, kind: str) -> tuple[str, str]:
        cases = queue(app.house, HOUSE, CaseFilter(kind=(kind,), department=(department,)), limit=500).cases
        own = next(one for one in cases if one.department == one.department_r == department)
        return own.case_id, own.card_id

    record, golden = only("sales")
    other_record, other_golden = only("finance")
    case, card = asked("sales", "missing_value")
    other_case, other_card = asked("finance", "missing_value")
    return {
        "record": record,
        "golden": golden,
        "other_record": other_record,
        "other_golden": other_golden,
        "case": case,
        "card": card,
        "other_case": other_case,
        "other_card": other_card,
        "pair": asked("sales", "possible_match")[0],
        "other_pair": _pair_of_finance(app),
        "run": str(run["run_id"]),
    }


def _pair_of_finance(app: App) -> str:
    """Make a possible duplicate inside finance where the run found none: the case of a pair is only a row."""
    from dq.store.cases import insert_cases

    pairs = list(queue(app.house, HOUSE, CaseFilter(kind=("possible_match",)), limit=500).cases)
    own = [one for one in pairs if one.department == one.department_r == "finance"]
    if own:
        return own[0].case_id
    tables = app.house.tables(pairs[0].last_run_id)
    rows = tables.page("records", [Filter("department", "=", "finance")], limit=2, columns=["record_id"]).rows
    left, right = sorted(str(row["record_id"]) for row in rows)
    made = vars(pairs[0]) | {"case_id": "pair-of-finance", "record_id": left, "record_id_r": right}
    made |= {"source": "billing", "source_r": "billing", "department": "finance", "department_r": "finance"}
    with app.house.store.write() as connection:
        insert_cases(connection, [made])
    return "pair-of-finance"


@pytest.mark.parametrize("role", WHO)
def test_every_route_knows_who_may(app: App, names: dict[str, str], role: str) -> None:
    browser = app.signed_in(WHO[role]) if WHO[role] else app.open()
    escaped = {name: quote(value, safe="") for name, value in names.items()}
    wrong = []
    for case in CASES:
        asked = urlsplit(case["path"].format(**escaped))
        expected = int(case[role])
        if case["method"] == "GET":
            answer = browser.get(asked.path, follow_redirects=expected == 200)
        else:
            form = {name: values[-1] for name, values in parse_qs(asked.query, keep_blank_values=True).items()}
            answer = browser.post(asked.path, data=form, follow_redirects=expected == 200)
        if answer.status_code != expected:
            wrong.append(f"{case['method']} {case['path']}: {answer.status_code} instead of {expected}")
    assert wrong == []


def test_no_route_is_forgotten(app: App) -> None:
    listed = {
        route.path
        for case in CASES
        for route in _routes(app.open())
        if route.matches({"type": "http", "path": urlsplit(case["path"]).path, "method": case["method"]})[0]
        == Match.FULL
    }
    posts = {"/api/v1/cases/{case_id}/" + name for name in ("judgement", "resolution", "waiver", "opening", "undo")} | {
        "/api/v1/reports"
    }
    assert {route.path for route in _routes(app.open())} - listed - DECIDED_ELSEWHERE - posts == set()


def _routes(browser: TestClient) -> list[Route]:
    found: list[Route] = []

    def walk(routes: object) -> None:
        for route in routes:  # type: ignore[attr-defined]
            if isinstance(route, Route):
                found.append(route)
            elif getattr(route, "routes", None):
                walk(route.routes)

    walk(browser.app.routes)  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("path", ["/records/{}", "/golden/{}", "/cases/{}", "/cards/{}", "/matches/{}", "/runs/{}"])
@pytest.mark.parametrize(
    "guess",
    [
        "0",
        "%00",
        "..%2F..%2Fdq.toml",
        "'%20OR%201=1--",
        "%F0%9F%92%A9",
        "a" * 3000,
        "%25s",
        "{{7*7}}",
        "%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_guessed_ids_open_nothing(maria: TestClient, path: str, guess: str) -> None:
    answer = maria.get(path.format(guess))
    assert answer.status_code in (404, 422)
    assert "<script>alert" not in answer.text
    assert "49" not in answer.text.split("<main", 1)[-1]


def test_a_viewer_sees_no_personal_value(app: App, vic: TestClient, names: dict[str, str]) -> None:
    row = app.house.tables(names["run"]).rows_of("records", "record_id", [names["record"]])[0]
    personal = [str(row[name]) for name in ("last_name", "email", "address_line1", "organization_name") if row[name]]
    assert personal
    quoted = quote(names["record"], safe="")
    for path in (f"/records/{quoted}", f"/golden/{names['golden']}", f"/api/v1/records/{quoted}"):
        text = vic.get(path).text
        assert not [value for value in personal if value in text]


def test_a_steward_sees_the_other_half_masked(app: App, maria: TestClient) -> None:
    cases = queue(app.house, HOUSE, CaseFilter(kind=("possible_match",)), limit=500).cases
    shared = next(one for one in cases if {one.department, one.department_r} > {"sales"})
    text = maria.get(f"/matches/{shared.case_id}").text
    other = shared.record_id if shared.department != "sales" else shared.record_id_r
    row = app.house.tables(shared.last_run_id).rows_of("records", "record_id", [other])[0]
    name = str(row["last_name"] or row["organization_name"])
    assert "masked" in text
    assert f"<td>{name}" not in text
    assert "is a proposal to them" in text


def test_everybody_has_the_role_of_the_table() -> None:
    assert {PEOPLE[name][0] for name in WHO.values() if name} == {"viewer", "steward", "lead", "admin"}
