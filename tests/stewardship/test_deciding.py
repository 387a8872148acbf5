"""Decisions on pairs: one person, two, the lead; and what the second person sees."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError, TransitionError
from dq.stewardship.actor import Actor
from dq.stewardship.approvals import approve, refuse, waiting_proposals
from dq.stewardship.auditing import verify_audit
from dq.stewardship.deciding import decide_pair
from dq.stewardship.exporting import judgements
from dq.stewardship.house import House
from dq.stewardship.importing import Added
from dq.stewardship.queue import case_of, queue, today
from dq.stewardship.second_opinions import second_opinions
from dq.stewardship.telling import history
from dq.stewardship.undoing import undo
from dq.store.cases import CaseFilter
from tests.stewardship.conftest import NOW
from tests.stewardship.runs import Given, Person, pair_case

Night = Callable[..., Added]
People = dict[str, Actor]
PAIR = Given([Person("1"), Person("2")], pairs=[("crm:1", "crm:2", 0.6)])
SHARED = Given([Person("1"), Person("2", department="service")], pairs=[("crm:1", "crm:2", 0.6)])
CASE = pair_case("crm:1", "crm:2")


def test_a_decision_closes_the_case_and_is_handed_to_the_next_run(house: House, people: People, night: Night) -> None:
    night(PAIR)
    decided = decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW, reason="same_details", seconds=4.5)
    assert (decided.became, decided.case.status, decided.case.outcome) == ("resolved", "resolved", "SAME")
    found = judgements(house).to_dict("records")
    assert [(row["record_id_l"], row["record_id_r"], row["judgement"], row["by"]) for row in found] == [
        ("crm:1", "crm:2", "SAME", "ana")
    ]
    assert len(found[0]["content_l"]) == 64


def test_the_second_of_two_sees_what_the_first_did(house: House, people: People, night: Night) -> None:
    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW)
    with pytest.raises(ConflictError, match=r"ana was first: decides SAME.*2026-11-23 08:00"):
        decide_pair(house, people["cleo"], CASE, "DIFFERENT", version=1, at=NOW)
    assert case_of(house, people["ana"], CASE).outcome == "SAME"
    assert len(judgements(house)) == 1


def test_two_who_disagree_leave_it_to_the_lead(house: House, people: People, night: Night) -> None:
    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW)
    second = decide_pair(house, people["cleo"], CASE, "DIFFERENT", version=2, at=NOW)
    assert second.became == "disputed"
    assert judgements(house).empty, "until the lead decides nobody's word holds"
    with pytest.raises(NotAllowedError, match="did not agree"):
        decide_pair(house, people["ana"], CASE, "SAME", version=3, at=NOW)
    lead = decide_pair(house, people["lea"], CASE, "DIFFERENT", version=3, at=NOW)
    assert (lead.became, lead.case.outcome) == ("resolved", "DIFFERENT")
    assert judgements(house)["judgement"].tolist()[-1] == "DIFFERENT"


def test_a_second_who_agrees_changes_nothing(house: House, people: People, night: Night) -> None:
    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW)
    second = decide_pair(house, people["cleo"], CASE, "SAME", version=2, at=NOW)
    assert (second.became, second.case.status, second.case.decided_by) == ("agreed", "resolved", "ana")


def test_a_share_of_decided_pairs_is_looked_at_twice(house: House, people: People, night: Night) -> None:
    policy = house.policy.model_copy(update={"second_opinion_share": 1.0})
    house.standards = replace(house.standards, stewardship=policy)
    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW)
    asked = {name: [case.case_id for case in second_opinions(house, people[name])] for name in people}
    assert asked == {"ana": [], "bob": [], "cleo": [CASE], "lea": [], "vic": []}, "who sees both records, but no lead"
    assert [card.cases[0].case_id for card in today(house, people["cleo"], NOW).cards] == [CASE]
    assert judgements(house)["judgement"].tolist() == ["SAME"], "what was decided holds meanwhile"
    assert decide_pair(house, people["cleo"], CASE, "SAME", version=2, at=NOW).became == "agreed"
    assert second_opinions(house, people["cleo"]) == []
    later = today(house, people["cleo"], NOW)
    assert (later.cards, later.done, later.planned) == ((), 1, 1)
    undo(house, people["cleo"], CASE, version=3, at=NOW)
    assert decide_pair(house, people["cleo"], CASE, "DIFFERENT", version=4, at=NOW).became == "disputed"
    assert queue(house, people["lea"], CaseFilter(status=("disputed",))).cases[0].pool == "leads"


def test_who_is_unsure_leaves_it_to_the_lead(house: House, people: People, night: Night) -> None:
    night(PAIR)
    assert decide_pair(house, people["ana"], CASE, "UNSURE", version=1, at=NOW).became == "disputed"
    assert decide_pair(house, people["lea"], CASE, "UNSURE", version=2, at=NOW).became == "resolved"


def test_undo_puts_back_what_was_and_withdraws_the_judgement(house: House, people: People, night: Night) -> None:
    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW)
    back = undo(house, people["ana"], CASE, version=2, at=NOW)
    assert (back.status, back.outcome, back.decided_on) == ("open", "", "{}")
    assert judgements(house).empty
    with pytest.raises(TransitionError, match="nothing to undo"):
        undo(house, people["ana"], CASE, version=3, at=NOW)
    decide_pair(house, people["ana"], CASE, "DIFFERENT", version=3, at=NOW)
    with pytest.raises(NotAllowedError, match="ana did this"):
        undo(house, people["cleo"], CASE, version=4, at=NOW)
    assert undo(house, people["lea"], CASE, version=4, at=NOW).status == "open"
    assert [event["action"] for event in history(house, people["ana"], CASE)] == [
        "decides SAME",
        "undoes: decides SAME",
        "decides DIFFERENT",
        "undoes: decides DIFFERENT",
    ]


def test_undoing_the_leads_word_brings_the_dispute_back(house: House, people: People, night: Night) -> None:
    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW)
    decide_pair(house, people["cleo"], CASE, "DIFFERENT", version=2, at=NOW)
    decide_pair(house, people["lea"], CASE, "SAME", version=3, at=NOW)
    assert undo(house, people["lea"], CASE, version=4, at=NOW).status == "disputed"
    assert judgements(house).empty
    assert undo(house, people["lea"], CASE, version=5, at=NOW).status == "resolved"
    assert judgements(house)["judgement"].tolist() == ["SAME"]


@pytest.mark.parametrize(("answer", "status", "count"), [(approve, "resolved", 1), (refuse, "disputed", 0)])
def test_a_shared_customer_takes_the_other_department(
    house: House, people: People, night: Night, answer: Callable[..., object], status: str, count: int
) -> None:
    night(SHARED)
    assert decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW).became == "waiting"
    assert judgements(house).empty
    assert waiting_proposals(house, people["ana"]) == []
    assert [each.by for each in waiting_proposals(house, people["bob"])] == ["ana"]
    with pytest.raises(NotAllowedError):
        answer(house, people["ana"], CASE, version=2, at=NOW)
    with pytest.raises(TransitionError, match="agree to it or refuse"):
        decide_pair(house, people["bob"], CASE, "SAME", version=2, at=NOW)
    answer(house, people["bob"], CASE, version=2, at=NOW)
    assert case_of(house, people["ana"], CASE).status == status
    assert len(judgements(house)) == count


def test_whoever_owns_both_halves_decides_alone(house: House, people: People, night: Night) -> None:
    night(SHARED)
    assert decide_pair(house, people["cleo"], CASE, "SAME", version=1, at=NOW).became == "resolved"


def test_who_may_not_may_not(house: House, people: People, night: Night) -> None:
    night(PAIR)
    with pytest.raises(NotAllowedError, match="viewer"):
        decide_pair(house, people["vic"], CASE, "SAME", version=1, at=NOW)
    with pytest.raises(NotFoundError):
        decide_pair(house, people["bob"], CASE, "SAME", version=1, at=NOW)
    reader = Actor("ana", "steward", frozenset({"sales"}), frozenset({"read"}))
    with pytest.raises(NotAllowedError, match="token"):
        decide_pair(house, reader, CASE, "SAME", version=1, at=NOW)
    with pytest.raises(SettingsError, match="reasons:"):
        decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW, reason="because I say so")
    assert case_of(house, people["ana"], CASE).status == "open"


def test_nothing_personal_reaches_the_audit(house: House, people: People, night: Night) -> None:
    from dq.stewardship.auditing import audit_page

    night(PAIR)
    decide_pair(house, people["ana"], CASE, "SAME", version=1, at=NOW, comment="Maria Lopez called from 555-0100")
    found, count = audit_page(house, people["lea"])
    assert (found[0]["action"], found[0]["by"]) == ("decide_pair", "ana")
    assert count == len(people) + 2
    assert not any("Lopez" in str(row) or "555" in str(row) for row in found)
    assert verify_audit(house).faults == ()
    with pytest.raises(NotAllowedError):
        audit_page(house, people["ana"])
