"""Smarty's US Street API: up to a hundred addresses a call, candidates with their DPV analysis."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, NamedTuple

from pydantic import SecretStr

from dq.address.providers.calling import Caller, CallFailedError, Manners, Reply, UnreadableError
from dq.address.providers.clock import Clock
from dq.address.providers.contract import SETTLED, Address, Answer, Quota, Terms, failures
from dq.address.providers.delivery_points import DeliveryPoint, answer_of, text_of

BASE_URL: Final = "https://us-street.api.smarty.com"
Match = Literal["strict", "invalid"]

_TITLE: Final = "Smarty"
_SECRETS: Final = "check DQ_SMARTY_AUTH_ID and DQ_SMARTY_AUTH_TOKEN, and the subscription"
_BATCH: Final = 100
_BODY_BYTES: Final = 32_000
"""A call takes a hundred addresses or 32K, whichever is less (Smarty's description of its API)."""
_CANDIDATES: Final = 2
"""Two candidates prove that an address is ambiguous; nobody picks among more."""
_LONGEST_LINE: Final = 100
"""Smarty reads no further."""


def is_askable(address: Address) -> bool:
    """Tell whether a lookup has what it must: a line, and a ZIP or city and state."""
    has_place = re.fullmatch(r"[0-9]{5}", address.zip5) or (address.city and address.state)
    return bool(0 < len(address.line1) <= _LONGEST_LINE and has_place)


TERMS: Final = Terms(
    name="smarty",
    source="smarty",
    title=_TITLE,
    batch_size=_BATCH,
    quota=None,
    settled=SETTLED,
    is_askable=is_askable,
    caution="Smarty bills every address that is asked",
)


class _Candidates(NamedTuple):
    """Candidates by position of the address; `is_complete` is false where one belongs to nobody."""

    by_position: Mapping[int, Sequence[Mapping[str, object]]]
    is_complete: bool


class SmartyStreet:
    """Asks Smarty's US Street API.

    Args:
        auth_id: Secret key, first half.
        auth_token: Secret key, second half.
        license: Subscription to be used where the account has several, `""` for its default.
        match: `strict` returns valid addresses and says when several fit; `invalid` returns what is wrong as well,
            and takes ambiguous addresses for invalid ones.
        base_url: Where the API is.
        quota: Calls the subscription allows; None leaves it to the answers 429.
        clock: Time.
        manners: Timeouts, retries, breaker.
    """

    def __init__(
        self,
        auth_id: SecretStr,
        auth_token: SecretStr,
        *,
        license: str = "",
        match: Match = "strict",
        base_url: str = BASE_URL,
        quota: Quota | None = None,
        clock: Clock | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._caller = Caller(base_url, _TITLE, _SECRETS, quota, clock, manners)
        self._auth_id, self._auth_token = auth_id, auth_token
        self._license, self._match = license, match
        self.terms = replace(TERMS, quota=quota)

    @property
    def calls(self) -> int:
        """HTTP requests sent so far, retries included."""
        return self._caller.calls

    @property
    def down(self) -> str:
        """Why nothing more is asked; `""` while the API answers."""
        return self._caller.down

    def close(self) -> None:
        """Give the connections back."""
        self._caller.close()

    def verify(self, addresses: Sequence[Address]) -> list[Answer]:
        """Ask for all addresses, in as few calls as the API takes; return an answer for each, in their order."""
        body = json.dumps([self._lookup(address) for address in addresses]).encode()
        if len(addresses) > 1 and (len(addresses) > _BATCH or len(body) > _BODY_BYTES):
            middle = len(addresses) // 2
            return [*self.verify(addresses[:middle]), *self.verify(addresses[middle:])]
        keys = [address.address_key for address in addresses]
        try:
            found = self._caller.send(
                "POST",
                "/street-address",
                lambda reply: _read(reply, keys),
                params=self._query(),
                content=body,
                headers={"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"},
            )
        except CallFailedError as failed:
            return failures(addresses, failed.reason)
        return [
            _answer(address, found.by_position.get(position, ()), is_complete=found.is_complete)
            for position, address in enumerate(addresses)
        ]

    def _query(self) -> dict[str, str]:
        keys = {"auth-id": self._auth_id.get_secret_value(), "auth-token": self._auth_token.get_secret_value()}
        return {**keys, "license": self._license} if self._license else keys

    def _lookup(self, address: Address) -> dict[str, str | int]:
        given = {
            "input_id": address.address_key,
            "street": address.street,
            "secondary": address.unit,
            "city": address.city,
            "state": address.state,
            "zipcode": address.zip5,
            "urbanization": address.urbanization,
        }
        filled: dict[str, str | int] = {name: value for name, value in given.items() if value}
        return {**filled, "candidates": _CANDIDATES, "match": self._match}


def _read(reply: Reply, keys: Sequence[str]) -> _Candidates:
    """Sort the candidates by the address they belong to: by its id, else by its index; order means nothing."""
    body = reply.json()
    if not isinstance(body, list):
        raise UnreadableError("the answer is no list")
    position_of = {key: position for position, key in enumerate(keys)}
    found: dict[int, list[Mapping[str, object]]] = defaultdict(list)
    is_complete = True
    for row in body:
        index = row.get("input_index") if isinstance(row, Mapping) else None
        position = position_of.get(text_of(row, "input_id"), index if isinstance(index, int) else -1)
        if 0 <= position < len(keys):
            found[position].append(row)
        else:
            is_complete = False
    return _Candidates(found, is_complete)


def _answer(address: Address, candidates: Sequence[Mapping[str, object]], *, is_complete: bool) -> Answer:
    key = address.address_key
    if not candidates and not is_complete:
        # A candidate nobody can place may be this address's: silence about it proves nothing.
        return Answer(key, failure="unreadable_answer")
    if not candidates:
        return Answer(key, "street_not_found", detail=f"{_TITLE}: no such address is known.")
    if len(candidates) > 1:
        return Answer(key, "multiple", detail=f"{_TITLE}: more than one address fits.")
    return _answer_of(address, candidates[0])


def _answer_of(address: Address, candidate: Mapping[str, object]) -> Answer:
    parts, analysis = candidate.get("components"), candidate.get("analysis")
    if not isinstance(parts, Mapping) or not isinstance(analysis, Mapping):
        return Answer(address.address_key, failure="unreadable_answer")
    dpv = text_of(analysis, "dpv_match_code").upper()
    if not dpv:
        # Blank means: not present in the USPS data (Smarty's description of the field).
        return Answer(address.address_key, "street_not_found", detail=f"{_TITLE}: the address is not in the USPS data.")
    point = DeliveryPoint(
        _TITLE,
        TERMS.source,
        line1=text_of(candidate, "delivery_line_1"),
        city=text_of(parts, "city_name"),
        state=text_of(parts, "state_abbreviation"),
        zip5=text_of(parts, "zipcode"),
        zip4=text_of(parts, "plus4_code"),
        point=text_of(parts, "delivery_point"),
        # `A#N#`, and Smarty's own two-letter ones, which are no AMS footnotes.
        footnotes="".join(note for note in text_of(analysis, "footnotes").split("#") if len(note) == 1),
        dpv=dpv,
        dpv_footnotes=text_of(analysis, "dpv_footnotes"),
        is_vacant=text_of(analysis, "dpv_vacant").upper() == "Y",
    )
    return answer_of(address, point)
