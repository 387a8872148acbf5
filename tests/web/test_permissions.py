"""Who may do what: every route, every role, one's own department and another's."""

import csv
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from starlette.routing import Match, Route
from starlette.testclient import TestClient

from dq.stewardship.actor import HOUSE
from dq.stewardship.house import run_of
from dq.stewardship.queue import queue
from dq.store.cases import CaseFilter, insert_cases
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

    def alone(department: str) -> dict[str, str]:
        """Return customers all of whose records are the department's, each with its first record."""
        query = (
            "SELECT golden_id, min(record_id) AS record_id FROM identities GROUP BY golden_id "
            "HAVING bool_and(department = ?) ORDER BY golden_id"
        )
        return {str(row["golden_id"]): str(row["record_id"]) for row in tables.sql(query, [department])}

    def asked(department: str) -> tuple[str, str]:
        """Return a case about one such customer, and its card."""
        own = alone(department)
        for case in queue(app.house, HOUSE, CaseFilter(department=(department,)), limit=1000).cases:
            if not case.is_pair and case.card_id in own:
                return case.case_id, case.card_id
        raise LookupError(department)

    golden, record = next(iter(alone("sales").items()))
    other_golden, other_record = next(iter(alone("finance").items()))
    case, card = asked("sales")
    other_case, other_card = asked("finance")
    return {
        "record": record,
        "golden": golden,
        "other_record": other_record,
        "other_golden": other_golden,
        "case": case,
        "card": card,
        "other_case": other_case,
        "other_card": other_card,
        "pair": pair_of(app, alone("sales")),
        "other_pair": pair_of(app, alone("finance")),
        "run": str(run["run_id"]),
    }


def pair_of(app: App, customers: Mapping[str, str]) -> str:
    """Ask about two customers of one department; a sample need not hold such a question."""
    like = queue(app.house, HOUSE, CaseFilter(kind=("possible_match",)), limit=1).cases[0]
    (golden_l, left), (golden_r, right) = sorted(customers.items(), key=lambda one: one[1])[:2]
    row = app.house.tables(like.last_run_id).rows_of("records", "record_id", [left])[0]
    of = {"source": row["source"], "department": row["department"]}
    made = vars(like) | {"case_id": f"pair-of-{row['department']}", "card_id": golden_l, **of}
    made |= {f"{name}_r": value for name, value in of.items()}
    made |= {"record_id": left, "record_id_r": right, "golden_id": golden_l, "golden_id_r": golden_r}
    with app.house.store.write() as connection:
        insert_cases(connection, [made])
    return str(made["case_id"])


# On the second database a steward, whose queries are narrowed to departments, and an administrator, whose are not.
@pytest.mark.parametrize(
    ("own_home", "role"),
    [*(("sqlite", role) for role in WHO), ("postgresql", "steward"), ("postgresql", "admin")],
    indirect=["own_home"],
)
def test_every_route_knows_who_may(app: App, names: dict[str, str], role: str) -> None:
    browser = app.signed_in(WHO[role]) if WHO[role] else app.open()
    escaped = {name: quote(value, safe="") for name, value in names.items()}
    wrong = []
    for case in CASES:
        asked = urlsplit(case["path"].format(**escaped))
        expected = int(case[role])
        form = {name: values[-1] for name, values in parse_qs(asked.query, keep_blank_values=True).items()}
        if case["method"] == "GET":
            answer = browser.get(asked.geturl(), follow_redirects=expected == 200)
        elif asked.path.startswith("/api/"):
            body = {name: int(value) if value.isdigit() else value for name, value in form.items()}
            answer = browser.post(asked.path, json=body)
        else:
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
    assert {route.path for route in _routes(app.open())} - listed - DECIDED_ELSEWHERE == set()


def _routes(browser: TestClient) -> list[Route]:
    found: list[Route] = []

    def walk(routes: object) -> None:
        for route in routes:  # type: ignore[attr-defined]
            if isinstance(route, Route):
                found.append(route)
            else:  # what an included router or a mount holds
                walk(getattr(route, "original_router", route).routes)

    walk(browser.app.routes)  # type: ignore[attr-defined]
    assert len(found) > 60, "the walk lost its way: most routes belong to routers inside"
    return found


GUESSES = (
    "0",
    "%00",
    "..%2F..%2Fdq.toml",
    "'%20OR%201=1--",
    "%F0%9F%92%A9",
    "a" * 3000,
    "%25s",
    "{{7*7}}",
    "%3Cscript%3Ealert(1)%3C/script%3E",
)


@pytest.mark.parametrize("path", ["/records/", "/golden/", "/cases/", "/cards/", "/matches/", "/runs/"])
def test_guessed_ids_open_nothing(maria: TestClient, path: str) -> None:
    for guess in GUESSES:
        answer = maria.get(path + guess)
        assert answer.status_code in (404, 422), guess
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
    personal = ("first_name", "last_name", "organization_name", "address_line1", "email", "phone")
    looked_at = 0
    for case in (one for one in cases if {one.department, one.department_r} > {"sales"}):
        tables = app.house.tables(case.last_run_id)
        rows = tables.rows_of("records", "record_id", case.record_ids)
        # The page names the other records of the two customers as well, where they are hers.
        members = tables.rows_of("crosswalk", "golden_id", [case.golden_id, case.golden_id_r])
        beside = tables.rows_of("records", "record_id", [str(row["record_id"]) for row in members])
        own = [row for row in (*rows, *beside) if row["department"] == "sales"]
        hers = " ".join(str(value) for row in own for value in row.values())
        theirs = [str(row[name]) for row in rows if row["department"] != "sales" for name in personal if row[name]]
        text = maria.get(f"/matches/{case.case_id}").text
        question = text.split("<template", 1)[0]
        assert "masked" in question
        assert "is a proposal to them" in question
        secret = [value for value in theirs if value not in hers]
        assert [value for value in secret if value in question] == []
        looked_at += len(secret)
    assert looked_at > 0


def test_everybody_has_the_role_of_the_table() -> None:
    assert {PEOPLE[name][0] for name in WHO.values() if name} == {"viewer", "steward", "lead", "admin"}
