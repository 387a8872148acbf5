"""What people decided, through `dq apply` night after night: never asked again, and a proposal is no decision yet."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dq.errors import TransitionError
from dq.operations.applying import Applied, apply_in_home
from dq.pipeline import RunPlan, run_all
from dq.pipeline.listening import Silence
from dq.pipeline.planning import convert_into, make_plan
from dq.settings import Settings
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.approvals import approve
from dq.stewardship.deciding import decide_pair
from dq.stewardship.exporting import write_decisions
from dq.stewardship.goals import Metric, set_goal
from dq.stewardship.house import House, open_house, run_of
from dq.stewardship.importing import add_run
from dq.stewardship.people import add_user, user_named
from dq.stewardship.queue import case_of, queue, today
from dq.stewardship.rule_waivers import waive_rule
from dq.stewardship.values import override_value
from dq.stewardship.working import resolve, waive
from dq.store.cases import Case, CaseFilter
from dq.tables.reading.source import parse_sources
from dq.web.aiming import goal_cards
from tests.pipeline.runs import AS_OF, sample_sources
from tests.web.homes import NOW, lay_out, settings_of

pytestmark = pytest.mark.system  # whole runs
NIGHTS = 5
"""Each is a run with everything: a quarter of a thousand rows, and a system to load them into."""
MANY = 30
"""Nights over the small home."""
ROWS = 30
"""Of the small home: the fewest that leave pairs in doubt, one of them in billing; a night takes two seconds."""
SPOILT = ("100002", "100004", "100005", "100006")
"""Four of the ten who signed up with a phone: theirs is none at first."""
PHONES = {"billing": (b";", b"TEL"), "web_signups": (b",", b"cell")}
"""Source → what parts its cells, and the header of the phone."""
BORN = "birth_on"


def _open(house: House, actor: Actor, **narrowed: tuple[str, ...]) -> list[Case]:
    return list(queue(house, actor, CaseFilter(status=("open",), **narrowed), limit=1000).cases)


def _states(house: House, case_ids: list[str]) -> dict[str, tuple[str, str]]:
    cases = [case_of(house, HOUSE, case_id) for case_id in case_ids]
    return {case.case_id: (case.status, case.outcome) for case in cases}


def _apply(house: House, settings: Settings) -> Applied:
    return apply_in_home(house, settings, HOUSE, Silence(), workers=1)


def _golden(house: House, record_id: str, column: str) -> str:
    tables = house.tables(str(run_of(house)["run_id"]))
    golden_id = str(tables.rows_of("crosswalk", "record_id", [record_id])[0]["golden_id"])
    return str(tables.rows_of("golden", "golden_id", [golden_id])[0][column])


def test_nights_of_applying_ask_nothing_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    lay_out(home)
    settings = replace(settings_of(home), cut_over=date(2026, 12, 5))
    files = [str(path) for path in sample_sources(home / "extracts", 250)]
    plan = RunPlan(parse_sources(files), home / "out", settings, AS_OF, conversion=convert_into(["salesforce"]))
    house = open_house(settings)
    add_run(house, HOUSE, run_all(plan, Silence()).out, at=NOW - timedelta(days=1))
    lea = add_user(house, HOUSE, "lea", "lead", frozenset({"*"}), at=NOW).actor
    sue = add_user(house, HOUSE, "sue", "steward", frozenset({"*"}), at=NOW).actor
    with pytest.raises(TransitionError, match="no decision waits"):
        _apply(house, settings)

    # What is not about a pair: closed, left until a day, proposed, a whole rule.
    closed, left = (_open(house, lea, kind=(kind,))[0] for kind in ("invalid_value", "missing_value"))
    resolve(house, lea, closed.case_id, version=closed.version, reason="right_as_is", at=NOW)
    until = (NOW + timedelta(days=90)).date()
    waive(house, lea, left.case_id, version=left.version, at=NOW, until=until, reason="project_pending")
    born = next(case for case in _open(house, lea) if case.record_id and not case.is_pair)
    proposed = override_value(
        house, sue, born.case_id, BORN, "1971-03-04", version=born.version, at=NOW, reason="asked_customer"
    )
    assert proposed.status == "waiting"
    rule = next(case.rule_id for case in _open(house, lea) if case.rule_id)
    waived = waive_rule(house, lea, rule, until=until, reason="project_pending", at=NOW)
    assert waived
    of_rule = [case.case_id for case in queue(house, lea, CaseFilter(rule_id=(rule,)), limit=500).cases]
    assert _golden(house, born.record_id, BORN) != "1971-03-04"

    pairs = _open(house, lea, kind=("possible_match",))
    known = [closed.case_id, left.case_id, born.case_id, *of_rule]
    before = _states(house, known)
    decided: list[str] = []
    for night in range(NIGHTS):
        case = case_of(house, HOUSE, pairs[night].case_id)
        decide_pair(house, lea, case.case_id, "DIFFERENT", version=case.version, at=NOW + timedelta(minutes=night))
        decided.append(case.case_id)
        added = _apply(house, settings).added
        assert added.cases.returned == 0, night
        assert _states(house, known) == before, night
        assert set(_states(house, decided).values()) == {("resolved", "DIFFERENT")}, night
        shown = {one.case_id for card in today(house, lea, NOW).cards for one in card.cases}
        assert not shown & {*known, *decided}, night
    assert len(decided) == NIGHTS
    assert (home / "var" / "burn_down.html").is_file(), "whoever starts it, the terminal or the app"
    assert _golden(house, born.record_id, BORN) != "1971-03-04", "a proposal is no decision yet"

    waiting = case_of(house, HOUSE, born.case_id)
    approve(house, lea, born.case_id, version=waiting.version, at=NOW + timedelta(hours=1))
    assert _apply(house, settings).decisions == 1
    assert _golden(house, born.record_id, BORN) == "1971-03-04"
    house.close()


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with one small run that was held against no target; it is copied, never changed."""
    home = tmp_path_factory.mktemp("nights") / "home"
    lay_out(home)
    settings = settings_of(home)
    files = [str(path) for path in sample_sources(home / "extracts", ROWS)]
    for key in SPOILT:
        _type_phone(home, "web_signups", key, "12")
    house = open_house(settings)
    run = run_all(RunPlan(parse_sources(files), home / "out", settings, AS_OF), Silence())
    add_run(house, HOUSE, run.out, at=NOW - timedelta(days=1))
    add_user(house, HOUSE, "lea", "lead", frozenset({"*"}), at=NOW)
    house.close()
    return home


@pytest.fixture
def house(small_home: Path, tmp_path: Path) -> Iterator[House]:
    opened = open_house(settings_of(shutil.copytree(small_home, tmp_path / "home")))
    yield opened
    opened.close()


def test_thirty_nights_ask_nothing_again_until_a_phone_changes(house: House) -> None:
    lea, settings = user_named(house, "lea").actor, settings_of(house.folder)
    asked = _open(house, lea)
    pairs = [case for case in asked if case.is_pair]
    decided: list[str] = []
    for night, case in enumerate([*pairs, *(case for case in asked if case.record_id and not case.is_pair)][:MANY]):
        at = NOW + timedelta(days=night)
        if case.is_pair:
            decide_pair(house, lea, case.case_id, "DIFFERENT", version=case.version, at=at)
        else:  # so few rows have few pairs: from now on a value a night
            born_on, version = f"1971-03-{night + 1:02}", case_of(house, lea, case.case_id).version
            override_value(house, lea, case.case_id, BORN, born_on, version=version, at=at, reason="asked_customer")
        decided.append(case.case_id)
        assert _apply(house, settings).added.cases.returned == 0, night
        assert {status for status, _ in _states(house, decided).values()} == {"resolved"}, night
        assert not _shown(house, lea, at + timedelta(hours=1)) & {*decided}, night
    assert len(decided) == MANY
    assert len(pairs) > 2

    # One record has another phone in the next extract: its question comes back and says so, and no other does.
    pair = next(case for case in pairs if case.record_id.startswith("billing:"))
    _type_phone(house.folder, "billing", pair.record_id.removeprefix("billing:"), "(217) 555-0143")
    morning = NOW + timedelta(days=MANY)
    assert add_run(house, HOUSE, _nightly(house, 7), at=morning).cases.returned > 0
    again = case_of(house, lea, pair.case_id)
    assert (again.status, again.returned_because, again.uncertainty) == ("open", "phone", 1.0)
    assert [case for case in _open(house, lea) if case.returned_because and pair.record_id not in case.record_ids] == []
    assert pair.case_id in _shown(house, lea, morning), "there is room for it today"


def test_goals_are_told_from_four_real_runs(house: House) -> None:
    lea, phones = user_named(house, "lea").actor, Metric("test", "phone_is_possible", source="web_signups")
    soon, late = (NOW.date() + timedelta(days=days) for days in (8, 22))
    for name, due in (("soon", soon), ("late", late)):
        set_goal(house, lea, name, phones, 95, due, "lea", at=NOW)
    for night, key in enumerate(SPOILT[:3], start=1):
        first, *_ = goal_cards(house, lea, AS_OF + timedelta(days=3 * night))
        assert first.forecast == "Runs on 4 different days show where it is going.", night
        _type_phone(house.folder, "web_signups", key, f"(217) 555-014{night}")
        add_run(house, HOUSE, _nightly(house, 3 * night), at=NOW + timedelta(days=3 * night))
    behind, ahead = goal_cards(house, lea, AS_OF + timedelta(days=9))
    assert [(card.goal.name, card.goal.owner, card.verdict, card.tone) for card in (behind, ahead)] == [
        ("soon", "lea", "behind", "poor"),
        ("late", "lea", "on track", "good"),
    ]
    for card in (behind, ahead):
        assert card.now is not None
        assert card.now < card.goal.target
        assert "If it goes on like this: between " in card.forecast
        assert "over 4 days measured" in card.forecast


def _shown(house: House, actor: Actor, at: datetime) -> set[str]:
    return {one.case_id for card in today(house, actor, at).cards for one in card.cases}


def _type_phone(home: Path, source: str, key: str, phone: str) -> None:
    """Give one customer of a source another phone."""
    path, (comma, name) = home / "extracts" / f"{source}.csv", PHONES[source]
    content = path.read_bytes()
    place = content.splitlines()[0].split(comma).index(name)
    (line,) = (line for line in content.splitlines() if line.startswith(key.encode() + comma))
    cells = line.split(comma)
    path.write_bytes(content.replace(line, comma.join([*cells[:place], phone.encode(), *cells[place + 1 :]])))


def _nightly(house: House, days: int) -> Path:
    """Do what the flow does in a night some days later: new extracts, what people decided, the run before."""
    home = house.folder
    judgements, overrides = write_decisions(house, home)
    files = [str(home / "extracts" / name) for name in ("crm", "billing.csv", "web_signups.csv")]
    day = (AS_OF + timedelta(days=days)).isoformat()
    before = house.runs_folder / str(run_of(house)["run_id"])
    out = home / f"night-{days}"
    plan = make_plan(files, out, as_of=day, previous=before, judgements=judgements, overrides=overrides, workers=1)
    return run_all(replace(plan, settings=settings_of(home)), Silence()).out
