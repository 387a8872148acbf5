"""Smarty US Street: batches, candidates in any order, DPV as Smarty says it."""

import json

import pytest

from dq.address.providers import Address
from dq.address.providers.smarty import is_askable
from tests.address.providers.server import Reply
from tests.address.providers.services import AUTH_ID, AUTH_TOKEN, Smarty, json_reply, smarty_candidate
from tests.address.providers.worlds import asking


def addresses(count):
    return [
        Address(f"key{number}", f"{number} OAK ST", city="SPRINGFIELD", state="IL", zip5="62704")
        for number in range(1, count + 1)
    ]


def answers(service, asked):
    with asking("smarty", service) as provider:
        return provider.verify(asked)


def test_a_batch_is_one_post_with_keys_in_the_query():
    service = Smarty()
    home = Address("key", "7 OAK ST APT 2", unit="APT 2", city="SPRINGFIELD", state="IL", zip5="62704")
    answer = answers(service, [home])[0]
    (request,) = service.requests
    assert (request.method, request.path) == ("POST", "/street-address")
    assert request.query == {"auth-id": AUTH_ID, "auth-token": AUTH_TOKEN}
    assert json.loads(request.body) == [
        {
            "input_id": "key",
            "street": "7 OAK ST",
            "secondary": "APT 2",
            "city": "SPRINGFIELD",
            "state": "IL",
            "zipcode": "62704",
            "candidates": 2,
            "match": "strict",
        }
    ]
    assert (answer.outcome, answer.zip4, answer.dpv, answer.dpv_footnotes) == ("confirmed", "3737", "Y", "AABB")
    assert (answer.footnotes, answer.corrections) == ("N", ())
    assert answer.delivery_point[:2] == "01"


def test_a_subscription_may_be_named():
    service = Smarty()
    with asking("smarty", service, DQ_SMARTY_LICENSE="us-core-cloud") as provider:
        provider.verify(addresses(1))
    assert service.requests[0].query["license"] == "us-core-cloud"


def test_a_hundred_go_in_one_call_and_one_more_in_two():
    service = Smarty()
    found = answers(service, addresses(101))
    assert [answer.address_key for answer in found] == [f"key{number}" for number in range(1, 102)]
    assert {answer.outcome for answer in found} == {"confirmed"}
    assert sorted(len(json.loads(request.body)) for request in service.requests) == [50, 51]


def test_a_body_above_32k_is_sent_in_two():
    service = Smarty()
    long = [
        Address(f"k{number}", f"{number} {'LONG ' * 15}ST", city="X" * 200, state="IL", zip5="62704")
        for number in range(100)
    ]
    assert {answer.failure for answer in answers(service, long)} == {""}
    assert len(service.requests) == 2


@pytest.mark.parametrize("is_nameless", [False, True])
def test_candidates_are_found_in_any_order_and_a_missing_one_means_no_match(is_nameless):
    service = Smarty()
    service.is_reversed, service.is_nameless = True, is_nameless
    service.book = {"2 OAK ST": [], "3 OAK ST": [{}, {}], "4 OAK ST": [{"analysis": {"dpv_match_code": "D"}}]}
    found = answers(service, addresses(5))
    assert [answer.outcome for answer in found] == [
        "confirmed",
        "street_not_found",
        "multiple",
        "unit_missing",
        "confirmed",
    ]
    assert (found[2].zip4, found[2].dpv, found[2].corrections) == ("", "", ())


def test_a_candidate_nobody_can_place_leaves_the_silent_addresses_unanswered():
    service = Smarty()
    good = smarty_candidate({"street": "1 OAK ST", "input_id": "key1"})
    service.faults.append(json_reply([good, {**good, "input_id": "who", "input_index": 77}, "row"]))
    assert [(answer.outcome, answer.failure) for answer in answers(service, addresses(3))] == [
        ("confirmed", ""),
        ("", "unreadable_answer"),
        ("", "unreadable_answer"),
    ]


@pytest.mark.parametrize("code", ["", None])
def test_a_blank_code_means_that_the_address_is_not_in_the_usps_data(code):
    service = Smarty()
    service.book["1 OAK ST"] = [{"analysis": {"dpv_match_code": code}}]
    assert answers(service, addresses(1))[0].outcome == "street_not_found"


@pytest.mark.parametrize("part", ["components", "analysis"])
def test_a_candidate_without_its_parts_is_no_answer(part):
    service = Smarty()
    service.book["1 OAK ST"] = [{part: None}]
    assert [answer.failure for answer in answers(service, addresses(2))] == ["unreadable_answer", ""]


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(200, b'[{"input_index": 0, "compo'), "unreadable_answer"),
        (Reply(200, b"{}"), "unreadable_answer"),
        (Reply(200, b"\xff\xfe"), "unreadable_answer"),
        (Reply(400, b"Bad Request"), "http_400"),
    ],
)
def test_what_is_no_answer_leaves_the_whole_batch_unanswered(reply, failure):
    service = Smarty()
    service.faults.append(reply)
    assert [answer.failure for answer in answers(service, addresses(3))] == [failure] * 3
    assert len(service.requests) == 1


def test_nothing_found_at_all_is_an_empty_list():
    service = Smarty()
    service.faults.append(json_reply([]))
    assert [answer.outcome for answer in answers(service, addresses(2))] == ["street_not_found"] * 2


@pytest.mark.parametrize("status", [401, 402, 403])
def test_refused_keys_end_asking(status):
    service = Smarty()
    service.faults.append(Reply(status))
    with asking("smarty", service) as provider:
        assert provider.verify(addresses(1))[0].failure == f"http_{status}"
        assert provider.verify(addresses(1))[0].failure == "not_asked"
        assert str(status) in provider.down
        assert "DQ_SMARTY_AUTH_TOKEN" in provider.down
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (Address("k", "1 OAK ST", zip5="62704"), True),
        (Address("k", "1 OAK ST", city="SPRINGFIELD", state="IL"), True),
        (Address("k", "1 OAK ST", city="SPRINGFIELD"), False),
        (Address("k", "", zip5="62704"), False),
    ],
)
def test_a_lookup_needs_a_line_and_a_place(address, expected):
    assert is_askable(address) is expected
