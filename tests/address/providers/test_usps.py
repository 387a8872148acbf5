"""USPS Addresses v3: tokens, single lookups, and answers read leniently."""

import json

import pytest

from dq.address.providers import Address, open_provider
from dq.address.providers.usps import is_askable
from tests.address.providers.server import Reply
from tests.address.providers.services import CLIENT_SECRET, ENVIRON, Usps, json_reply, usps_body, usps_error
from tests.address.providers.worlds import BRISK, Time, asking

HOME = Address("k1", "742 EVERGREEN TER APT 2B", unit="APT 2B", city="SPRINGFIELD", state="IL", zip5="62704")
NEXT = Address("k2", "744 EVERGREEN TER", city="SPRINGFIELD", state="IL", zip5="62704")
STREET = "742 EVERGREEN TER"


def one(service, address=HOME, **settings):
    with asking("usps", service, **settings) as provider:
        return provider.verify([address])[0]


def test_a_lookup_is_one_get_with_the_unit_by_itself():
    service = Usps()
    answer = one(service)
    assert [(request.method, request.path) for request in service.requests] == [
        ("POST", "/oauth2/v3/token"),
        ("GET", "/addresses/v3/address"),
    ]
    assert service.requests[1].query == {
        "streetAddress": STREET,
        "secondaryAddress": "APT 2B",
        "city": "SPRINGFIELD",
        "state": "IL",
        "ZIPCode": "62704",
    }
    assert (answer.outcome, answer.zip4, answer.delivery_point, answer.dpv) == ("confirmed", "1234", "425", "Y")
    assert (answer.corrections, answer.detail.startswith("USPS API (DPV Y)")) == ((), True)


def test_what_is_no_zip_is_not_sent_and_an_urbanization_is():
    service = Usps()
    one(service, Address("k", "1 CALLE A", urbanization="URB LAS LOMAS", city="PONCE", state="PR", zip5="7"))
    assert service.requests[1].query == {
        "streetAddress": "1 CALLE A",
        "city": "PONCE",
        "state": "PR",
        "urbanization": "URB LAS LOMAS",
    }


@pytest.mark.parametrize("lifetime", ["3599", 3599, "soon", None])
def test_one_token_serves_until_shortly_before_its_end(lifetime):
    service, time = Usps(), Time()
    service.lifetime = lifetime
    with asking("usps", service, time) as provider:
        for _ in range(20):
            provider.verify([HOME])
        assert service.tokens == 1
        time.at += 3600
        assert provider.verify([HOME])[0].outcome == "confirmed"
    assert service.tokens == 2


def test_a_refused_token_is_renewed_once():
    service = Usps()
    with asking("usps", service) as provider:
        provider.verify([HOME])
        service.tokens += 1  # somebody else fetched a token: ours has ended
        assert provider.verify([HOME])[0].outcome == "confirmed"
        assert (service.tokens, provider.down) == (3, "")


def test_refused_twice_ends_asking_with_a_clear_word():
    service = Usps()
    service.faults.extend([usps_error(401, "Unauthorized")] * 2)
    with asking("usps", service) as provider:
        answers = provider.verify([HOME, NEXT])
        assert "DQ_USPS_CLIENT_SECRET" in provider.down
        assert "401" in provider.down
    assert [answer.failure for answer in answers] == ["http_401", "not_asked"]
    assert [request.path for request in service.requests].count("/oauth2/v3/token") == 2
    assert len(service.requests) == 4


@pytest.mark.parametrize("status", [400, 401, 403])
def test_wrong_secrets_end_asking_and_are_not_told(status):
    service = Usps()
    service.exempt = set()
    service.faults.append(json_reply({"error": "invalid_client", "client_secret": CLIENT_SECRET}, status))
    with asking("usps", service) as provider:
        assert provider.verify([HOME])[0].failure == f"http_{status}"
        assert "DQ_USPS_CLIENT_ID" in provider.down
        assert CLIENT_SECRET not in provider.down
    assert len(service.requests) == 1


@pytest.mark.parametrize("body", [b'{"access_to', b"[]", b'{"access_token": 5}', b'{"access_token": "a\\nb"}', b"null"])
def test_a_token_that_is_none_leaves_the_address_unanswered(body):
    service = Usps()
    service.exempt = set()
    service.faults.append(Reply(200, body))
    assert one(service).failure == "unreadable_answer"


@pytest.mark.parametrize(
    ("status", "message", "outcome"),
    [
        (400, "The city in the request is missing or invalid.", "zip_city_mismatch"),
        (400, "The state code in the request is missing or invalid.", "zip_city_mismatch"),
        (400, "The city and state are missing or together unverifiable.", "zip_city_mismatch"),
        (400, "The address information in the request is insufficient to match.", "street_not_found"),
        (400, "More than one address was found matching the requested address.", "multiple"),
        (404, "More than one address was found matching the requested address.", "multiple"),
        (404, "The address requested is an invalid delivery address.", "street_not_found"),
        (404, "There is no match for the address requested.", "street_not_found"),
        (404, "Address Not Found.", "street_not_found"),
    ],
)
def test_errors_about_the_address_are_answers(status, message, outcome):
    service = Usps()
    service.book[STREET] = usps_error(status, message)
    answer = one(service)
    assert (answer.outcome, answer.zip4, answer.dpv) == (outcome, "", "")
    assert answer.detail.startswith("USPS API: ")


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply(404, b"<html>no such page</html>"), "unreadable_answer"),
        (usps_error(404, "The resource is not here"), "unreadable_answer"),
        (json_reply({"fault": {"faultstring": "Unable to identify proxy"}}, 404), "unreadable_answer"),
        (usps_error(400, "streetAddress is too long"), "http_400"),
        (json_reply({"error": None}, 400), "http_400"),
        (json_reply({}), "unreadable_answer"),
        (json_reply({"address": {"city": "SPRINGFIELD"}}), "unreadable_answer"),
        (json_reply(["address"]), "unreadable_answer"),
        (Reply(200, json.dumps({"address": {"streetAddress": "742"}}).encode()[:-9]), "unreadable_answer"),
        (json_reply({"address": {"streetAddress": "742 EVERGREEN TER"}}), "no_verdict"),
        (Reply(302, b"", {"Location": "http://127.0.0.1:9/"}), "http_302"),
        (Reply(418), "http_418"),
    ],
)
def test_what_is_no_answer_leaves_the_address_unanswered(reply, failure):
    service = Usps()
    service.book[STREET] = reply
    assert one(service).failure == failure


def test_parts_may_have_the_names_of_the_examples_instead_of_the_specification():
    service = Usps()
    body = usps_body({"streetAddress": STREET, "secondaryAddress": "APT 2B", "state": "IL"}, DPVConfirmation="D")
    for name in ("additionalInfo", "corrections", "matches"):
        body[f"address{name[0].upper()}{name[1:]}"] = body.pop(name)
    body["addressCorrections"] = [{"code": "32", "text": "Default address"}, {"code": "N"}, {"code": None}, "x"]
    service.book[STREET] = json_reply(body)
    answer = one(service)
    assert (answer.outcome, answer.footnotes, answer.delivery_point[:2]) == ("unit_missing", "N", "")


def test_vacant_means_that_nobody_takes_mail_in():
    service = Usps()
    service.book[STREET] = json_reply(usps_body({"streetAddress": STREET, "state": "IL"}, vacant="Y"))
    assert one(service).outcome == "vacant"


def test_the_quota_holds_for_every_hour_tokens_included():
    service, time = Usps(), Time()
    stamps = []
    answer = service.answer
    service.answer = lambda request: stamps.append(time.at) or answer(request)
    with asking("usps", service, time) as provider:
        for _ in range(130):
            provider.verify([NEXT])
    assert len(stamps) == 131 + service.tokens - 1
    busiest = max(sum(1 for other in stamps if start <= other < start + 3600) for start in stamps)
    assert 58 <= busiest <= 60


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (HOME, True),
        (Address("k", "1 A ST", state="IL", zip5="62704"), True),
        (Address("k", "1 A ST", state="IL", city="SPRINGFIELD"), True),
        (Address("k", "1 A ST", state="IL"), False),
        (Address("k", "1 A ST", city="SPRINGFIELD", zip5="62704"), False),
        (Address("k", "1 A ST", state="ILLINOIS", zip5="62704"), False),
        (Address("k", "", state="IL", zip5="62704"), False),
        (Address("k", f"1 {'A' * 120}", state="IL", zip5="62704"), False),
    ],
)
def test_a_lookup_needs_a_line_a_state_and_a_city_or_zip(address, expected):
    assert is_askable(address) is expected


def test_another_place_can_be_asked_and_nothing_is_sent_before():
    service = Usps()
    provider = open_provider("usps", ENVIRON, base_url="https://apis-tem.usps.com", manners=BRISK)
    assert (provider.calls, provider.down, service.requests) == (0, "", [])
    provider.close()
