"""What every online source of evidence agrees on: what is asked, what is answered, what its terms are. Calls nobody."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import pandas as pd

from dq.address.findings import FINDINGS
from dq.model import TEXT

SETTLED: Final = frozenset({"confirmed", "foreign", "missing", "vacant", "moved"})
"""Outcomes that no answer about the delivery point would change, so that no lookup is spent on them."""


@dataclass(frozen=True)
class Address:
    """What leaves the house: one distinct standardised US address in upper case, and nobody's name.

    `address_line2` has no place here: it holds c/o lines, firms and recipients. Of it only a Puerto Rican
    urbanization is taken over, which is part of where mail goes.

    Attributes:
        address_key: Of `dq.address.findings.address_key`; the answer is filed under it.
        line1: The delivery line with its unit.
        unit: The end of `line1` that names the unit (`APT 2B`), `""` where there is none.
        urbanization: Name with `URB`, `""` outside Puerto Rico.
        city: City or `""`.
        state: Two-letter code or `""`.
        zip5: Five digits or `""`.
    """

    address_key: str
    line1: str
    unit: str = ""
    urbanization: str = ""
    city: str = ""
    state: str = ""
    zip5: str = ""

    @property
    def street(self) -> str:
        """The delivery line without its unit."""
        return self.line1.removesuffix(self.unit).rstrip() if self.unit else self.line1


@dataclass(frozen=True)
class Correction:
    """A value the source writes differently: a column of `dq.model.ADDRESS_COLUMNS`, before, after, why."""

    field: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class Answer:
    """What came of asking for one address; exactly one of three: an outcome, silence, or a failure.

    Attributes:
        address_key: Whose answer this is.
        outcome: One of `dq.model.ADDRESS_OUTCOMES`; `""` where the source knows nothing or did not answer.
        failure: Why there is no answer, in one word (`timeout`, `http_500`, `unreadable_answer`); `""` when there is.
        zip4: Four digits or `""`.
        delivery_point: Two digits and the check digit, or `""`.
        footnotes: AMS/CASS letters as the source gave them, or `""`.
        dpv: The source's own DPV code, or `""`.
        dpv_footnotes: The source's own DPV footnotes, or `""`.
        corrections: What the source writes differently.
        detail: One sentence for a steward that names the source.
    """

    address_key: str
    outcome: str = ""
    failure: str = ""
    zip4: str = ""
    delivery_point: str = ""
    footnotes: str = ""
    dpv: str = ""
    dpv_footnotes: str = ""
    corrections: tuple[Correction, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class Quota:
    """How much a source may be asked: at most `calls` in any stretch of `period_s` seconds, `burst` of them at once."""

    calls: int
    period_s: float
    burst: int

    @property
    def refill_per_s(self) -> float:
        """Tokens a second of a bucket that holds `burst`: with a full bucket, any period still sees `calls` at most."""
        return max(self.calls - self.burst, 1) / self.period_s

    def seconds(self, calls: int) -> float:
        """Return how long that many calls wait for the quota at the least."""
        return max(calls - self.burst, 0) / self.refill_per_s


@dataclass(frozen=True)
class Terms:
    """What is known of a source before it is asked: enough to plan calls without a key.

    Attributes:
        name: The word of the command line and of the cache's folder.
        source: Its word in `dq.address.findings.GRADES`.
        title: Its name in sentences.
        batch_size: Addresses of one call, at most.
        quota: Its quota, None where none is known.
        settled: Outcomes that an answer of this source would not change.
        is_askable: Whether the source takes this address: what it demands is there.
        caution: What a person must know before the first call, `""` for nothing.
    """

    name: str
    source: str
    title: str
    batch_size: int
    quota: Quota | None
    settled: frozenset[str]
    is_askable: Callable[[Address], bool]
    caution: str = ""


class Provider(Protocol):
    """An online source of evidence. It never raises for what the other side does; it says so in its answers."""

    @property
    def terms(self) -> Terms:
        """What is known before asking."""

    @property
    def calls(self) -> int:
        """HTTP requests sent so far, retries and tokens included."""

    @property
    def down(self) -> str:
        """Why nothing more is asked, in one sentence; `""` while the source answers."""

    def verify(self, addresses: Sequence[Address]) -> list[Answer]:
        """Ask for at most `terms.batch_size` addresses; return an answer for each, in their order."""

    def close(self) -> None:
        """Give the connections back."""


class Listener(Protocol):
    """Told how asking goes. Lines hold no personal data."""

    def say(self, line: str) -> None:
        """Hear one sentence a person should read."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """Hear how many addresses are done."""


def failures(addresses: Iterable[Address], reason: str) -> list[Answer]:
    """Return the answers of addresses that a call left without one."""
    return [Answer(address.address_key, failure=reason) for address in addresses]


def findings(answers: Iterable[tuple[str, Answer]], source: str) -> pd.DataFrame:
    """Return the answers with an outcome as findings.

    Args:
        answers: (ISO date of the answer, answer) pairs; silence and failures are left out, for they are no evidence.
        source: One of `dq.address.findings.GRADES`.

    Returns:
        One row per answer with an outcome, columns `dq.address.findings.FINDINGS`, all text; `""` is null.
    """
    rows = [
        {
            "address_key": answer.address_key,
            "source": source,
            "evidence_on": day,
            "outcome": answer.outcome,
            "zip4": answer.zip4,
            "delivery_point": answer.delivery_point,
            "footnotes": answer.footnotes,
            "dpv": answer.dpv,
            "dpv_footnotes": answer.dpv_footnotes,
            "corrections": corrections_text(answer.corrections),
            "detail": answer.detail,
        }
        for day, answer in answers
        if answer.outcome
    ]
    frame = pd.DataFrame(rows, columns=list(FINDINGS)).astype(TEXT)
    return frame.mask(frame == "").astype(TEXT)


def corrections_text(corrections: Sequence[Correction]) -> str:
    """Return corrections as findings hold them: a JSON list of [field, before, after, why], `""` for none."""
    rows = [[row.field, row.before, row.after, row.why] for row in corrections]
    return json.dumps(rows, ensure_ascii=False) if rows else ""
