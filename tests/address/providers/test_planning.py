"""Which addresses a lookup is spent on, and what that would take."""

from decimal import Decimal

import pandas as pd
import pytest

from dq.address import standardize_addresses
from dq.address.findings import address_key
from dq.address.providers import TERMS, plan_calls
from dq.address.providers.contract import SETTLED
from dq.model import ADDRESS_OUTCOMES, TEXT
from tests.address.policies import addresses, policy
from tests.address.providers.worlds import points

SMARTY, USPS, CENSUS = TERMS["smarty"], TERMS["usps"], TERMS["census"]


def lines(plan):
    return [address.line1 for address in plan.to_ask]


@pytest.mark.parametrize("outcome", [*ADDRESS_OUTCOMES, None])
@pytest.mark.parametrize("terms", TERMS.values(), ids=lambda terms: terms.name)
def test_only_what_an_answer_could_change_is_asked(terms, outcome):
    plan = plan_calls(points("1 OAK ST", outcome=outcome), terms)
    open_to_a_hint = {None, "consistent", "unverified", "zip_city_mismatch", "zip_invalid", "parse_doubt"}
    is_open = outcome in open_to_a_hint if terms is CENSUS else outcome not in SETTLED
    assert (lines(plan), plan.settled) == ((["1 OAK ST"], 0) if is_open else ([], 1))


def test_settled_outcomes_are_those_the_issue_names():
    assert set(SETTLED) == {"confirmed", "foreign", "missing", "vacant", "moved"}


def test_an_address_is_asked_once_and_the_commonest_first():
    frame = points("3 OAK ST", "2 OAK ST", "1 OAK ST", "2 oak st", "2 OAK ST", "1 OAK ST")
    plan = plan_calls(frame, SMARTY)
    assert lines(plan) == ["2 OAK ST", "1 OAK ST", "3 OAK ST"]
    assert (plan.distinct, plan.calls) == (3, 1)
    shuffled = frame.sample(frac=1, random_state=7)
    assert plan_calls(shuffled, SMARTY) == plan


def test_of_rows_of_one_address_the_fullest_stands_for_all():
    frame = points("1 OAK ST APT 2", "1 OAK ST APT 2", "1 OAK ST APT 2")
    frame["addr_unit_type"] = pd.Series([pd.NA, "APT", pd.NA], dtype=TEXT)
    frame["addr_unit"] = pd.Series([pd.NA, "2", pd.NA], dtype=TEXT)
    assert [address.unit for address in plan_calls(frame, SMARTY).to_ask] == ["APT 2"]
    assert plan_calls(frame[::-1], SMARTY) == plan_calls(frame, SMARTY)


def test_an_address_that_is_settled_in_one_place_and_open_in_another_is_asked():
    frame = pd.concat([points("1 OAK ST", outcome="confirmed"), points("1 OAK ST")], ignore_index=True)
    assert lines(plan_calls(frame, SMARTY)) == ["1 OAK ST"]


def test_the_answer_is_filed_under_the_key_of_the_run():
    frame = points("1 OAK ST", "2 OAK ST")
    assert [a.address_key for a in plan_calls(frame, SMARTY).to_ask] == sorted(address_key(frame))
    before_corrections = frame.assign(address_key=pd.Series(["0ld", pd.NA], dtype=TEXT))
    assert {a.address_key for a in plan_calls(before_corrections, SMARTY).to_ask} == {"0ld", address_key(frame)[1]}


def test_other_kinds_of_contact_points_and_rows_without_an_address_count_for_nothing():
    frame = pd.concat([points("1 OAK ST").assign(kind="email"), points("", zip5="")], ignore_index=True)
    plan = plan_calls(frame, SMARTY)
    assert (plan.distinct, plan.to_ask) == (0, ())
    assert plan_calls(points(), SMARTY).distinct == 0


def test_budget_cache_and_price():
    frame = points(*(f"{number} OAK ST" for number in range(250)))
    asked = set(address_key(frame)[:30])
    plan = plan_calls(frame, SMARTY, asked, budget=150, price=Decimal("0.004"))
    assert (len(plan.to_ask), plan.known, plan.over_budget, plan.calls) == (150, 30, 70, 2)
    assert (plan.cost, plan.hours) == (Decimal("0.600"), None)
    assert plan_calls(frame, SMARTY, budget=-3).to_ask == ()
    said = "\n".join(plan.lines())
    assert "150 addresses in 2 calls" in said
    assert "cost: 0.60" in said
    assert "70 are over the budget" in said


def test_hours_follow_the_quota():
    plan = plan_calls(points(*(f"{number} OAK ST" for number in range(500))), USPS)
    assert (plan.calls, plan.cost) == (500, None)
    assert plan.hours == pytest.approx(9.0)
    said = "\n".join(plan.lines())
    assert "60 calls in 1 h, so about 9.0 hours" in said
    assert "no price was given" in said
    assert "terms" in said


def test_what_the_provider_does_not_take_is_counted():
    frame = points("PO BOX 5", "1 OAK ST").assign(addr_box=pd.Series(["5", pd.NA], dtype=TEXT))
    plan = plan_calls(frame, CENSUS)
    assert (lines(plan), plan.not_askable) == (["1 OAK ST"], 1)
    assert len(plan_calls(frame, SMARTY).to_ask) == 2


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ({"address_line1": "742 Evergreen Terrace #2b"}, ("742 EVERGREEN TER # 2B", "# 2B")),
        ({"address_line1": "c/o Mary Jones, 12 Oak St"}, ("12 OAK ST", "")),
        ({"address_line1": "Mary Jones 12 Oak St", "address_line2": "Attn Mary Jones"}, ("12 OAK ST", "")),
        ({"address_line1": "Jones Corp", "address_line2": "12 Oak St Apt 4"}, ("12 OAK ST APT 4", "APT 4")),
        ({"address_line1": "PO Box 12"}, ("PO BOX 12", "")),
        ({"address_line1": "RR 2 box 7"}, ("RR 2 BOX 7", "")),
        ({"address_line1": "General Delivery"}, ("GENERAL DELIVERY", "")),
        ({"address_line1": "N6W23001 Bluemound Rd"}, ("N6W23001 BLUEMOUND RD", "")),
        ({"address_line1": "Mary Jones"}, None),
        ({"address_line1": "Jones Family Trust", "address_line2": "c/o Mary Jones"}, None),
    ],
)
def test_no_name_is_among_what_would_be_sent(typed, sent):
    frame, _ = standardize_addresses(
        addresses({**typed, "city": "Springfield", "zip5": "62704", "state": "IL"}), policy()
    )
    found = [(address.line1, address.unit) for address in plan_calls(frame, SMARTY).to_ask]
    assert found == ([] if sent is None else [sent])
    assert "JONES" not in repr(plan_calls(frame, SMARTY).to_ask)


def test_of_the_line_above_only_an_urbanization_of_puerto_rico_goes_along():
    cells = {"state": "PR", "zip5": "00716", "city": "PONCE", "address_line2": "C/O MARY JONES URB LAS LOMAS"}
    (address,) = plan_calls(points("1 CALLE A", **cells), USPS).to_ask
    assert (address.urbanization, "JONES" in repr(address)) == ("URB LAS LOMAS", False)
    (address,) = plan_calls(points("1 OAK ST", address_line2="URB JONES"), USPS).to_ask
    assert address.urbanization == ""
