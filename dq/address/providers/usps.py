"""USPS Addresses API v3: one lookup a call, about sixty an hour, a token that must not be fetched twice."""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from pydantic import SecretStr

from dq.address.providers.calling import Caller, CallFailedError, Manners, Reply, UnreadableError
from dq.address.providers.clock import Clock
from dq.address.providers.contract import SETTLED, Address, Answer, Quota, Terms, failures
from dq.address.providers.delivery_points import DeliveryPoint, answer_of, text_of

BASE_URL: Final = "https://apis.usps.com"
TEST_URL: Final = "https://apis-tem.usps.com"
QUOTA: Final = Quota(calls=60, period_s=3600.0, burst=5)
"""What users of the API report for a new application, all endpoints and tokens together; USPS raises it on request."""

_TITLE: Final = "USPS API"
_SECRETS: Final = (
    "check DQ_USPS_CLIENT_ID and DQ_USPS_CLIENT_SECRET, and that no other program uses them "
    "(a new token ends the old one)"
)
_TOKEN_S: Final = 3600.0
"""Lifetime of a token whose answer does not say it."""
_MARGIN_S: Final = 60.0
"""A token is renewed this long before its end, so that it does not end on its way."""
_LONGEST_LINE: Final = 100
"""Delivery lines have 64 characters at most (Publication 28 section 354); what is longer is text, not an address."""

_MEANINGS: Final = (
    (("more than one", "multiple"), "multiple", "more than one address fits"),
    (("insufficient",), "street_not_found", "the address is insufficient to match"),
    (("invalid delivery address",), "street_not_found", "this is no delivery address"),
    (("city", "state"), "zip_city_mismatch", "city and state cannot be verified"),
    (("no match", "address not found", "could not be found"), "street_not_found", "no such address is known"),
)
"""Words of an error message (400 and 404 carry either, whatever the specification says) → outcome and sentence."""


def is_askable(address: Address) -> bool:
    """Tell whether a lookup has what it must: a line, a state, and a city or a ZIP."""
    return bool(
        0 < len(address.line1) <= _LONGEST_LINE
        and re.fullmatch(r"[A-Z]{2}", address.state)
        and (address.city or re.fullmatch(r"[0-9]{5}", address.zip5))
    )


TERMS: Final = Terms(
    name="usps",
    source="usps_api",
    title=_TITLE,
    batch_size=1,
    quota=QUOTA,
    settled=SETTLED,
    is_askable=is_askable,
    caution="USPS grants its API for mailing and shipping with USPS, not for cleaning lists: read its terms first",
)


class UspsAddresses:
    """Asks the USPS Addresses API.

    Args:
        client_id: Consumer key of the application.
        client_secret: Its secret.
        base_url: Production by default; `TEST_URL` is the test environment.
        quota: What the application is granted.
        clock: Time.
        manners: Timeouts, retries, breaker.
    """

    def __init__(
        self,
        client_id: SecretStr,
        client_secret: SecretStr,
        *,
        base_url: str = BASE_URL,
        quota: Quota | None = QUOTA,
        clock: Clock | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._clock = clock or Clock()
        self._caller = Caller(base_url, _TITLE, _SECRETS, quota, self._clock, manners)
        self._client_id, self._client_secret = client_id, client_secret
        self._lock = threading.Lock()
        self._token: SecretStr | None = None
        self._token_ends = 0.0
        self.terms = replace(TERMS, quota=quota)

    @property
    def calls(self) -> int:
        """HTTP requests sent so far, retries and tokens included."""
        return self._caller.calls

    @property
    def down(self) -> str:
        """Why nothing more is asked; `""` while the API answers."""
        return self._caller.down

    def close(self) -> None:
        """Give the connections back."""
        self._caller.close()

    def verify(self, addresses: Sequence[Address]) -> list[Answer]:
        """Ask one lookup per address; return an answer for each, in their order."""
        answers = []
        for address in addresses:
            try:
                answers.append(self._verify(address))
            except CallFailedError as failed:
                answers += failures([address], failed.reason)
        return answers

    def _verify(self, address: Address) -> Answer:
        token = self._bearer(None)
        answer = self._look_up(address, token)
        if answer is None:
            answer = self._look_up(address, self._bearer(token))
        if answer is None:
            self._caller.refuse(401)
            raise CallFailedError("http_401")
        return answer

    def _look_up(self, address: Address, token: SecretStr) -> Answer | None:
        """Return the answer, None where the token is refused."""
        given = {
            "streetAddress": address.street,
            "secondaryAddress": address.unit,
            "city": address.city,
            "state": address.state,
            "ZIPCode": address.zip5 if re.fullmatch(r"[0-9]{5}", address.zip5) else "",
            "urbanization": address.urbanization,
        }
        return self._caller.send(
            "GET",
            "/addresses/v3/address",
            lambda reply: None if reply.status == 401 else _read(address, reply),
            accepted=(200, 400, 401, 404),
            params={name: value for name, value in given.items() if value},
            headers={"Authorization": f"Bearer {token.get_secret_value()}", "Accept": "application/json"},
        )

    def _bearer(self, refused: SecretStr | None) -> SecretStr:
        """Return a token that holds; a new one only where the last has ended or is the one that was refused."""
        with self._lock:
            if self._token is None or self._token is refused or self._clock.now() >= self._token_ends:
                self._token = None
                self._token, lifetime = self._fetch_token()
                self._token_ends = self._clock.now() + lifetime - _MARGIN_S
            return self._token

    def _fetch_token(self) -> tuple[SecretStr, float]:
        status, token, lifetime = self._caller.send(
            "POST",
            "/oauth2/v3/token",
            _read_token,
            accepted=(200, 400, 401, 403),
            json={
                "client_id": self._client_id.get_secret_value(),
                "client_secret": self._client_secret.get_secret_value(),
                "grant_type": "client_credentials",
            },
        )
        if token is None:
            self._caller.refuse(status)
            raise CallFailedError(f"http_{status}")
        return token, lifetime


def _read_token(reply: Reply) -> tuple[int, SecretStr | None, float]:
    if reply.status != 200:
        return reply.status, None, 0.0
    body = reply.json()
    token = text_of(body, "access_token")
    # A header takes printable ASCII only; whatever else came is no token.
    if not token or not token.isascii() or not token.isprintable():
        raise UnreadableError("the answer has no token")
    # The lifetime comes as a number or, as documented, as text.
    said = str(body.get("expires_in", ""))
    return 200, SecretStr(token), float(said) if said.isascii() and said.isdigit() else _TOKEN_S


def _read(address: Address, reply: Reply) -> Answer:
    body = reply.json()
    if not isinstance(body, Mapping):
        raise UnreadableError("the answer is no object")
    if reply.status != 200:
        return _read_error(address, body, reply.status)
    found = body.get("address")
    if not isinstance(found, Mapping) or not text_of(found, "streetAddress"):
        raise UnreadableError("the answer has no address")
    # The specification and the examples of USPS name these parts differently.
    more = body.get("additionalInfo") or body.get("addressAdditionalInfo")
    codes = [*_codes(body, "corrections", "addressCorrections"), *_codes(body, "matches", "addressMatches")]
    lines = (text_of(found, "streetAddress"), text_of(found, "secondaryAddress"))
    point = DeliveryPoint(
        _TITLE,
        TERMS.source,
        line1=" ".join(filter(None, lines)),
        city=text_of(found, "city"),
        state=text_of(found, "state"),
        zip5=text_of(found, "ZIPCode"),
        zip4=text_of(found, "ZIPPlus4"),
        point=text_of(more, "deliveryPoint"),
        # The specification allows one character where 31 and 32 are sent: letters are footnotes, numbers are not.
        footnotes="".join(code for code in codes if len(code) == 1 and code.isalpha()),
        dpv=text_of(more, "DPVConfirmation").upper(),
        # The description of this field says the opposite; its name and the answers mean: nobody takes mail in.
        is_vacant=text_of(more, "vacant").upper() == "Y",
        is_default="32" in codes,
    )
    return answer_of(address, point)


def _codes(body: Mapping[str, object], *names: str) -> list[str]:
    rows = next((rows for name in names if isinstance(rows := body.get(name), list)), [])
    return [code for row in rows if (code := text_of(row, "code"))]


def _read_error(address: Address, body: Mapping[str, object], status: int) -> Answer:
    """Return what an error says of the address; a failure where it says something else, such as a wrong path."""
    error = body.get("error")
    rows = error.get("errors") if isinstance(error, Mapping) else None
    texts = [text_of(row, name) for row in (rows if isinstance(rows, list) else []) for name in ("title", "detail")]
    message = " ".join([text_of(error, "message"), *texts]).lower()
    for words, outcome, sentence in _MEANINGS:
        if any(word in message for word in words):
            return Answer(address.address_key, outcome, detail=f"{_TITLE}: {sentence}.")
    if status == 404:
        raise UnreadableError("nothing is found here, addresses or not")
    return Answer(address.address_key, failure=f"http_{status}")
