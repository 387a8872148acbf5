"""What people decided, through `dq apply` night after night: never asked again, and a proposal is no decision yet."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dq.errors import TransitionError
from dq.operations.applying import Applied, apply_in_home
from dq.pipeline import RunPlan, run_all
from dq.pipeline.listening import Silence
from dq.pipeline.planning import convert_into
from dq.settings import Settings
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.approvals import approve
from dq.stewardship.deciding import decide_pair
from dq.stewardship.house import House, open_house, run_of
from dq.stewardship.importing import add_run
from dq.stewardship.people import add_user
from dq.stewardship.queue import case_of, queue, today
from dq.stewardship.rule_waivers import waive_rule
from dq.stewardship.values import override_value
from dq.stewardship.working import resolve, waive
from dq.store.cases import Case, CaseFilter
from dq.tables.reading.source import parse_sources
from tests.pipeline.runs import AS_OF, sample_sources
from tests.web.homes import NOW, lay_out, settings_of

pytestmark = pytest.mark.system  # whole runs
NIGHTS = 5
"""Each is a run. Thirty of them, taken in from files written by hand, are in `test_memory`."""
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
