"""A customer taken apart: the records come back as they were, and stay apart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from dq.errors import ConflictError, NotAllowedError, NotFoundError
from dq.stewardship.actor import HOUSE, Actor
from dq.stewardship.auditing import verify_audit
from dq.stewardship.deciding import decide_pair
from dq.stewardship.exporting import judgements, write_decisions
from dq.stewardship.house import House
from dq.stewardship.importing import Added, add_run
from dq.stewardship.queue import case_of, queue
from dq.stewardship.taking_apart import judged_apart, take_apart
from dq.stewardship.undoing import undo
from dq.store.cases import CaseFilter
from tests.finished import FinishedRun, next_run
from tests.pipeline.runs import table
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, pair_case

Night = Callable[..., Added]
People = dict[str, Actor]
FAMILY = [Person(key, golden_id="GF") for key in ("1", "2", "3", "4")]
SHARED = [FAMILY[0], *(replace(one, department="service") for one in FAMILY[1:3])]


def test_records_come_back_as_they_were(
    house: House, customers_run: FinishedRun, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = customers_run.out
    add_run(house, HOUSE, first, at=NOW)
    before = table(first, "crosswalk.csv").set_index("record_id")["golden_id"]
    assert before["crm:1"] == before["crm:2"] == before["crm:3"]
    done = take_apart(house, HOUSE, before["crm:1"], ["crm:3"], at=NOW)
    assert (done.pairs, done.waiting, done.disputed) == (2, 0, 0)
    given, _ = write_decisions(house, tmp_path / "decisions")
    second = next_run(tmp_path_factory, customers_run, given)
    after = table(second, "crosswalk.csv").set_index("record_id")["golden_id"]
    assert after["crm:1"] == after["crm:2"] == before["crm:1"]
    assert after["crm:3"] not in set(before)
    alone = table(second, "golden.parquet").set_index("golden_id").loc[after["crm:3"]]
    records = table(second, "records.parquet").set_index("record_id")
    own = [name for name in alone.index if name in records and not name.startswith("do_not_")]
    assert alone[own].fillna("").tolist() == records.loc["crm:3", own].fillna("").tolist()
    # The records themselves never changed, and the next night finds nothing to ask about them.
    pd.testing.assert_frame_equal(table(second, "records.parquet"), table(first, "records.parquet"))
    added = add_run(house, HOUSE, second, at=NOW + timedelta(days=1))
    assert (added.cases.returned, queue(house, HOUSE, CaseFilter(kind=("possible_match",))).total) == (0, 0)


def test_those_who_leave_stay_together(house: House, people: People, night: Night) -> None:
    night(Given(FAMILY))
    done = take_apart(house, people["ana"], "GF", ["crm:3", "crm:4"], at=NOW)
    assert done.pairs == 4
    found = judgements(house)
    assert {*zip(found["record_id_l"], found["record_id_r"], strict=True)} == {
        ("crm:1", "crm:3"), ("crm:1", "crm:4"), ("crm:2", "crm:3"), ("crm:2", "crm:4"),
    }  # fmt: skip
    assert set(found["judgement"]) == {"DIFFERENT"}
    ids = [person.record_id for person in FAMILY]
    apart = judged_apart(house, people["ana"], ids)
    assert len(apart) == 4
    case = undo(house, people["ana"], apart[0].case_id, version=apart[0].version, at=NOW)
    assert (case.status, case.outcome) == ("gone", ""), "nobody is asked about what nobody asked"
    assert len(judgements(house)) == len(judged_apart(house, people["ana"], ids)) == 3
    assert verify_audit(house).faults == ()


def test_each_on_its_own(house: House, people: People, night: Night) -> None:
    night(Given(FAMILY))
    assert take_apart(house, people["lea"], "GF", at=NOW).pairs == 6
    with pytest.raises(NotFoundError, match="is no record"):
        take_apart(house, people["lea"], "GF", ["crm:9"], at=NOW)
    with pytest.raises(NotFoundError, match="no customer"):
        take_apart(house, people["bob"], "GF", at=NOW)
    with pytest.raises(NotAllowedError):
        take_apart(house, people["vic"], "GF", at=NOW)
    night(Given([Person("1", golden_id="GF")]), NOW + timedelta(days=1))
    with pytest.raises(ConflictError, match="holds 1 record"):
        take_apart(house, people["lea"], "GF", at=NOW)


def test_a_shared_customer_waits_for_the_other_department(house: House, people: People, night: Night) -> None:
    night(Given(SHARED))
    with pytest.raises(NotAllowedError, match="another department"):
        take_apart(house, people["ana"], "GF", at=NOW)
    assert take_apart(house, people["ana"], "GF", ["crm:1"], at=NOW).waiting == 2
    assert judgements(house).empty, "a proposal is no judgement yet"


def test_who_had_said_the_same_is_heard(house: House, people: People, night: Night) -> None:
    night(Given(FAMILY[:2], pairs=[("crm:1", "crm:2", 0.6)]))
    case = pair_case("crm:1", "crm:2")
    decide_pair(house, people["cleo"], case, "SAME", version=1, at=NOW)
    assert take_apart(house, people["ana"], "GF", at=NOW).disputed == 1
    assert case_of(house, people["lea"], case).status == "disputed"
