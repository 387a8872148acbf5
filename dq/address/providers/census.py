"""The Census Bureau's batch geocoder: ten thousand addresses a call, no key, and a hint at most.

It matches against potential house numbers of TIGER streets. A match means that such a number is plausible, no match
means nothing, and of delivery or ZIP+4 it knows nothing at all.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from dq.address.providers.calling import Caller, CallFailedError, Manners, Reply, UnreadableError
from dq.address.providers.clock import Clock
from dq.address.providers.contract import SETTLED, Address, Answer, Quota, Terms, failures

BASE_URL: Final = "https://geocoding.geo.census.gov"
BENCHMARK: Final = "Public_AR_Current"

_TITLE: Final = "Census geocoder"
_BATCH: Final = 10_000
_BODY_BYTES: Final = 5_000_000
"""A call takes 10,000 rows or 5 MB."""
_TIMEOUT_S: Final = 900.0
"""A full batch takes minutes."""
_LONGEST_LINE: Final = 100
_SETTLED: Final = SETTLED | {
    "unit_missing",
    "unit_unconfirmed",
    "building_default",
    "range_only",
    "multiple",
    "number_out_of_range",
    "street_not_found",
    "no_delivery",
}
"""Whoever gave these has seen more than a range of potential numbers."""


def is_askable(address: Address) -> bool:
    """Tell whether TIGER could know it: a house number and a street, and a ZIP or city and state. No boxes."""
    has_number = re.match(r"\S*[0-9]", address.street)
    has_place = re.fullmatch(r"[0-9]{5}", address.zip5) or (address.city and address.state)
    return bool(has_number and has_place and len(address.line1) <= _LONGEST_LINE)


TERMS: Final = Terms(
    name="census",
    source="census",
    title=_TITLE,
    batch_size=_BATCH,
    quota=None,
    settled=_SETTLED,
    is_askable=is_askable,
    caution="a match is a hint that the number is plausible, never a confirmation; no ZIP+4 comes from here",
)


class _Row(NamedTuple):
    """What the geocoder says of one address: `match`, `no_match` or `tie`; `exact` or `non_exact`; its spelling."""

    status: str
    exactness: str
    matched: str


class CensusGeocoder:
    """Asks the Census Bureau's batch geocoder.

    Args:
        benchmark: Edition of the streets.
        base_url: Where the geocoder is.
        quota: None is known.
        clock: Time.
        manners: Timeouts, retries, breaker.
    """

    def __init__(
        self,
        *,
        benchmark: str = BENCHMARK,
        base_url: str = BASE_URL,
        quota: Quota | None = None,
        clock: Clock | None = None,
        manners: Manners | None = None,
    ) -> None:
        manners = manners or Manners(timeout_s=_TIMEOUT_S)
        self._caller = Caller(base_url, _TITLE, "it needs no key; try again later", quota, clock, manners)
        self._benchmark = benchmark
        self.terms = replace(TERMS, quota=quota)

    @property
    def calls(self) -> int:
        """HTTP requests sent so far, retries included."""
        return self._caller.calls

    @property
    def down(self) -> str:
        """Why nothing more is asked; `""` while the geocoder answers."""
        return self._caller.down

    def close(self) -> None:
        """Give the connections back."""
        self._caller.close()

    def verify(self, addresses: Sequence[Address]) -> list[Answer]:
        """Ask for all addresses, in as few calls as the geocoder takes; return an answer for each, in their order."""
        body = _file(addresses)
        if len(addresses) > 1 and (len(addresses) > _BATCH or len(body) > _BODY_BYTES):
            middle = len(addresses) // 2
            return [*self.verify(addresses[:middle]), *self.verify(addresses[middle:])]
        try:
            rows = self._caller.send(
                "POST",
                "/geocoder/locations/addressbatch",
                lambda reply: _read(reply, len(addresses)),
                files={"addressFile": ("addresses.csv", body, "text/csv")},
                data={"benchmark": self._benchmark},
            )
        except CallFailedError as failed:
            return failures(addresses, failed.reason)
        return [_answer(address, rows.get(position)) for position, address in enumerate(addresses)]


def _file(addresses: Sequence[Address]) -> bytes:
    """Return the file that is sent: id, street, city, state, ZIP, no header. Ids are positions in the call."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(
        (position, address.street, address.city, address.state, address.zip5)
        for position, address in enumerate(addresses)
    )
    return text.getvalue().encode()


def _read(reply: Reply, count: int) -> Mapping[int, _Row]:
    """Return the rows by position; rows that are cut off or have an unknown status are left out."""
    rows: dict[int, _Row] = {}
    try:
        for cells in csv.reader(io.StringIO(reply.content.decode("utf-8", "replace")), strict=True):
            row = _Row(*(cell.strip() for cell in [*cells[2:5], "", "", ""][:3]))
            status = row.status.lower()
            is_whole = status in {"no_match", "tie"} or (status == "match" and len(cells) >= 6)
            if is_whole and cells[0].strip().isdecimal() and int(cells[0]) < count:
                rows[int(cells[0])] = row._replace(status=status, exactness=row.exactness.lower())
    except csv.Error:
        # Cut off inside a quoted field: what came before it counts.
        pass
    if not rows:
        raise UnreadableError("no row of the answer belongs to an address")
    return rows


def _answer(address: Address, row: _Row | None) -> Answer:
    if row is None:
        return Answer(address.address_key, failure="missing_in_answer")
    if row.status == "tie":
        return Answer(address.address_key, "multiple", detail=f"{_TITLE}: more than one place fits.")
    if row.status == "match" and _is_same(address, row):
        spelled = "" if row.exactness == "exact" else f", spelled there as {row.matched}"
        return Answer(address.address_key, "range_only", detail=f"{_TITLE}: the number is plausible{spelled}.")
    return Answer(address.address_key)


def _is_same(address: Address, row: _Row) -> bool:
    """Tell whether an inexact match is still about this address: same number, and the same ZIP where there is one."""
    if row.exactness == "exact":
        return True
    number = address.street.partition(" ")[0]
    zip5 = row.matched.rpartition(",")[2].strip()
    return row.matched.startswith(f"{number} ") and zip5 == (address.zip5 or zip5)
