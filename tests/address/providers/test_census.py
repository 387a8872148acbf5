"""The Census batch geocoder: a file out, a file back, and no more than a hint."""

import pytest

from dq.address.providers import Address
from dq.address.providers.census import is_askable
from tests.address.providers.server import Reply
from tests.address.providers.services import Census
from tests.address.providers.worlds import asking


def address(line, **cells):
    return Address(line, line, **{"city": "SPRINGFIELD", "state": "IL", "zip5": "62704", **cells})


OAKS = [address(f"{number} OAK ST") for number in range(1, 6)]


def answers(service, asked):
    with asking("census", service) as provider:
        return provider.verify(asked)


def test_a_batch_is_a_multipart_file_without_header_or_unit():
    service = Census()
    home = address("7 OAK, ST APT 2", unit="APT 2")
    answer = answers(service, [home, OAKS[0]])[0]
    assert service.files == [
        [["0", "7 OAK, ST", "SPRINGFIELD", "IL", "62704"], ["1", "1 OAK ST", "SPRINGFIELD", "IL", "62704"]]
    ]
    assert (answer.outcome, answer.zip4, answer.dpv, answer.corrections) == ("range_only", "", "", ())
    assert answer.detail == "Census geocoder: the number is plausible."


def test_a_tie_is_several_and_no_match_is_no_word_against_the_address():
    service = Census()
    service.book = {"2 OAK ST": ["No_Match"], "3 OAK ST": ["Tie"]}
    service.left_out = {"4 OAK ST"}
    found = answers(service, OAKS)
    assert [(answer.outcome, answer.failure) for answer in found] == [
        ("range_only", ""),
        ("", ""),
        ("multiple", ""),
        ("", "missing_in_answer"),
        ("range_only", ""),
    ]


@pytest.mark.parametrize(
    ("matched", "outcome"),
    [
        ("1 OAK AVE, SPRINGFIELD, IL, 62704", "range_only"),
        ("1 OAK ST, SPRINGFIELD, IL, 62702", ""),
        ("11 OAK ST, SPRINGFIELD, IL, 62704", ""),
        ("", ""),
    ],
)
def test_an_inexact_match_counts_only_for_the_same_number_and_zip(matched, outcome):
    service = Census()
    service.book["1 OAK ST"] = ["Match", "Non_Exact", matched, "-89.65,39.79", "112233", "L"]
    answer = answers(service, OAKS[:1])[0]
    assert answer.outcome == outcome
    assert answer.failure == ""
    assert not outcome or f"spelled there as {matched}" in answer.detail


@pytest.mark.parametrize(
    "body",
    [
        b'"0","1 OAK ST","Match","Exact","1 OAK ST, X, IL, 62704","-89,39","1","L"\n"1","2 OAK ST, SPRI',
        b'"0","1 OAK ST","Match","Exact","1 OAK ST, X, IL, 62704","-89,39","1","L"\n"1","2 OAK ST","Match"\n',
        b'0,1 OAK ST,match,exact,"1 OAK ST, X, IL, 62704","-89,39",1,L\r\n1,2 OAK ST,Sorry\r\n\r\n77,x,Tie\r\nx,y,Tie',
    ],
)
def test_rows_that_are_cut_off_or_unknown_are_left_unanswered(body):
    service = Census()
    service.faults.append(Reply(200, body))
    assert [(answer.outcome, answer.failure) for answer in answers(service, OAKS[:2])] == [
        ("range_only", ""),
        ("", "missing_in_answer"),
    ]


@pytest.mark.parametrize("body", [b"", b"<html><body>Sorry</body></html>", b'{"errors": ["busy"]}', b"\xff\x00"])
def test_a_page_instead_of_a_file_is_no_answer(body):
    service = Census()
    service.faults.append(Reply(200, body))
    assert [answer.failure for answer in answers(service, OAKS)] == ["unreadable_answer"] * 5


def test_ten_thousand_go_in_one_call_and_more_in_several():
    service = Census()
    found = answers(service, [address(f"{number} OAK ST") for number in range(10_001)])
    assert [len(rows) for rows in service.files] == [5000, 5001]
    assert {answer.outcome for answer in found} == {"range_only"}


@pytest.mark.parametrize(
    ("line", "cells", "expected"),
    [
        ("1 OAK ST", {}, True),
        ("N6W23001 BLUEMOUND RD", {}, True),
        ("112-10 BRONX RD", {"zip5": ""}, True),
        ("PO BOX 5", {}, False),
        ("RR 2 BOX 7", {}, False),
        ("1 OAK ST", {"zip5": "", "city": ""}, False),
        ("", {}, False),
    ],
)
def test_boxes_and_routes_are_not_asked(line, cells, expected):
    assert is_askable(address(line, **cells)) is expected
