"""Retries, waiting, the breaker, and what is never told."""

import logging
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.providers import Address, Manners, open_provider, terms_of
from dq.address.providers.calling import Caller, CallFailedError, checked_url, retry_after
from dq.errors import SettingsError
from tests.address.providers.server import Reply, serving
from tests.address.providers.services import AUTH_TOKEN, CLIENT_SECRET, ENVIRON, Census, Smarty, Usps
from tests.address.providers.worlds import BRISK, Time, asking

OAKS = [Address(f"key{number}", f"{number} OAK ST", state="IL", zip5="62704") for number in range(1, 4)]
LATER = datetime(2026, 11, 22, 12, 0, 45, tzinfo=UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def verified(service, time, manners=BRISK, name="smarty"):
    with asking(name, service, time, manners) as provider:
        return [answer.outcome or answer.failure for answer in provider.verify(OAKS)], provider.down


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_passing_faults_are_tried_again_with_growing_patience(status):
    service, time = Smarty(), Time()
    service.faults.extend([Reply(status)] * 3)
    assert verified(service, time) == (["confirmed"] * 3, "")
    assert time.slept == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("said", "waited"), [("7", 7.0), ("0", 0.0), (LATER, 45.0), ("soon", 1.0), ("-5", 1.0), ("", 1.0)]
)
def test_retry_after_is_honoured(said, waited):
    service, time = Smarty(), Time()
    service.faults.append(Reply(429, b"", {"Retry-After": said}))
    assert verified(service, time)[0] == ["confirmed"] * 3
    assert time.slept == [waited]


def test_a_wait_beyond_patience_ends_asking_instead():
    service, time = Smarty(), Time()
    service.faults.append(Reply(429, b"", {"Retry-After": "86400"}))
    outcomes, down = verified(service, time)
    assert outcomes == ["http_429"] * 3
    assert "86400 s" in down
    assert time.slept == []


def test_retries_are_bounded():
    service, time = Smarty(), Time()
    service.faults.extend([Reply(500)] * 9)
    assert verified(service, time)[0] == ["http_500"] * 3
    assert len(service.requests) == 4


@pytest.mark.parametrize(
    ("fault", "reason"), [(Reply(is_hanging=True), "timeout"), (Reply(200, b"[" * 50, is_cut=True), "connection")]
)
def test_silence_and_broken_connections_are_tried_again(fault, reason):
    service, time = Smarty(), Time()
    service.faults.append(fault)
    assert verified(service, time)[0] == ["confirmed"] * 3
    service.faults.extend([fault] * 2)
    assert verified(service, time, Manners(timeout_s=0.1, attempts=2))[0] == [reason] * 3


def test_nobody_there_is_a_counted_reason():
    provider = open_provider("census", {}, base_url="http://127.0.0.1:9", clock=Time().clock)
    assert [answer.failure for answer in provider.verify(OAKS)] == ["connection"] * 3
    provider.close()


def test_failures_in_a_row_open_the_breaker():
    service, time = Usps(), Time()
    service.faults.extend([Reply(418)] * 3)
    with asking("usps", service, time) as provider:
        found = [provider.verify([address])[0].failure for address in [*OAKS, OAKS[0]]]
        assert found == ["http_418", "http_418", "http_418", "not_asked"]
        assert "3 calls in a row" in provider.down
    assert len(service.requests) == 4


def test_an_answer_in_between_closes_the_breaker_again():
    service = Usps()
    with asking("usps", service) as provider:
        for _ in range(4):
            service.faults.extend([Reply(418)] * 2)
            assert [answer.failure for answer in provider.verify(OAKS)] == ["http_418", "http_418", ""]
        assert provider.down == ""


def test_unreadable_answers_open_the_breaker_too():
    service = Smarty()
    service.faults.extend([Reply(200, b"oops")] * 3)
    with asking("smarty", service) as provider:
        assert [provider.verify(OAKS[:1])[0].failure for _ in range(4)][2:] == ["unreadable_answer", "not_asked"]


@pytest.mark.parametrize("name", ["usps", "smarty", "census"])
def test_neither_secrets_nor_addresses_are_told(name, caplog):
    service = {"usps": Usps, "smarty": Smarty, "census": Census}[name]()
    time = Time()
    service.faults.extend([Reply(500), Reply(200, b"{"), Reply(403), Reply(200, b"x", is_cut=True)])
    with caplog.at_level(logging.DEBUG), asking(name, service, time) as provider:
        seen = [repr(provider), str(vars(provider)), repr(provider.verify(OAKS)), repr(provider.verify(OAKS))]
        seen += [provider.down, caplog.text]
    told = " ".join(seen)
    assert "HTTP Request: " in told
    for secret in [*ENVIRON.values(), "usps-token"]:
        assert secret not in told
    assert "OAK" not in caplog.text
    sent = " ".join(request.raw for request in service.requests)
    expected = {"usps": CLIENT_SECRET, "smarty": AUTH_TOKEN, "census": "OAK"}
    assert expected[name] in sent


def test_the_log_is_httpx_own_again_after_closing():
    httpx_log = logging.getLogger("httpx")
    before = list(httpx_log.filters)
    with serving(Census()) as url:
        caller = Caller(url, "Census", "")
        assert len(httpx_log.filters) == len(before) + 1
        caller.close()
    assert httpx_log.filters == before


@pytest.mark.parametrize(
    "url",
    ["http://apis.usps.com", "ftp://127.0.0.1", "https://me:secret-1@apis.usps.com", "https://", "", "https://[x"],
)
def test_only_https_leaves_the_machine(url):
    with pytest.raises(SettingsError, match="https") as raised:
        checked_url(url)
    assert "secret-1" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["https://apis-tem.usps.com", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"]
)
def test_https_and_the_machine_itself_are_fine(url):
    assert checked_url(url) == url
    assert checked_url(url.replace("http", "HTTP")) == url


@pytest.mark.parametrize(
    ("name", "environ", "message"),
    [
        ("usps", {"DQ_USPS_CLIENT_ID": "some-id"}, "DQ_USPS_CLIENT_SECRET in the environment"),
        ("smarty", {"DQ_SMARTY_AUTH_ID": " "}, "DQ_SMARTY_AUTH_ID and DQ_SMARTY_AUTH_TOKEN"),
        ("google", {}, "no provider google"),
    ],
)
def test_missing_settings_are_named(name, environ, message):
    with pytest.raises(SettingsError, match=message) as raised:
        open_provider(name, environ)
    assert "some-id" not in str(raised.value)


def test_terms_need_no_secret():
    assert (terms_of("usps").batch_size, terms_of("smarty").batch_size, terms_of("census").batch_size) == (
        1,
        100,
        10_000,
    )
    with pytest.raises(SettingsError, match="no provider"):
        terms_of("lob")


def test_a_caller_that_gave_up_sends_nothing():
    service = Census()
    with serving(service) as url:
        caller = Caller(url, "Census", "")
        caller.give_up("is out")
        with pytest.raises(CallFailedError, match="Census is out"):
            caller.send("GET", "/", lambda reply: reply)
        caller.close()
    assert (service.requests, caller.calls, repr(caller)) == ([], 0, "Caller('Census')")


@given(st.text(max_size=40), st.floats(0, 4e9))
def test_no_header_raises(header, now):
    wait = retry_after(header, now)
    assert wait is None or wait >= 0
