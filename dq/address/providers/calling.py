"""How a source is called: one HTTP client with timeouts, quota, bounded retries and a breaker. The only door to httpx.

Nothing a source does raises out of here but `CallFailedError`, and no address or secret is ever part of its text or
of a log: the query part of every URL that httpx would log is cut off.
"""

import ipaddress
import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx

from dq import __version__
from dq.address.providers.clock import Clock, TokenBucket
from dq.address.providers.contract import Quota
from dq.errors import DQError, SettingsError

Read = TypeVar("Read")

_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that may be gone a moment later: too slow, too many, faults of the server."""
_REFUSED: Final = {
    401: "refuses the credentials (401)",
    402: "has no active subscription for these credentials (402)",
    403: "denies access with these credentials (403)",
}
"""Statuses that every further call would get as well."""


class CallFailedError(DQError):
    """A call without an answer; `reason` is the word it is counted under."""

    def __init__(self, reason: str, message: str = "") -> None:
        super().__init__(message or f"no answer: {reason}")
        self.reason = reason


class UnreadableError(DQError):
    """An answer that is not what the protocol says; never holds what was in it."""


@dataclass(frozen=True)
class Manners:
    """How stubborn a caller is.

    Attributes:
        timeout_s: Seconds to wait for an answer; connecting takes at most ten of them.
        attempts: Calls for one answer, the first included: a fault of a moment is over after three retries.
        backoff_s: Seconds before the first retry, doubled before each further one. No random part: one client asks.
        patience_s: The longest wait a source may demand; more than an hour means: come back another time.
        breaker: Calls in a row without an answer after which nothing more is asked.
    """

    timeout_s: float = 30.0
    attempts: int = 4
    backoff_s: float = 1.0
    patience_s: float = 3600.0
    breaker: int = 3


@dataclass(frozen=True)
class Reply:
    """An answer of the status codes the caller asked for."""

    status: int
    content: bytes

    def json(self) -> Any:
        """Return the body as JSON.

        Raises:
            UnreadableError: It is none, cut off in the middle, for example.
        """
        try:
            return json.loads(self.content)
        except ValueError as error:
            raise UnreadableError("the body is no JSON") from error


class Caller:
    """Calls one source.

    Args:
        base_url: Where the source is; http only on the machine itself.
        title: The source's name in sentences.
        hint: What to do when it refuses the credentials.
        quota: Its quota, None for none.
        clock: What waiting is measured by.
        manners: Timeouts, retries, breaker.

    Attributes:
        calls: Requests sent, retries included.
        down: Why nothing more is asked; `""` while the source answers.
    """

    def __init__(
        self,
        base_url: str,
        title: str,
        hint: str,
        quota: Quota | None = None,
        clock: Clock | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._manners, self._clock = manners or Manners(), clock or Clock()
        self._title, self._hint = title, hint
        self._bucket = TokenBucket(quota, self._clock)
        self._failed_in_a_row = 0
        self.calls = 0
        self.down = ""
        timeout = httpx.Timeout(self._manners.timeout_s, connect=min(self._manners.timeout_s, 10.0))
        # On the machine itself there is no TLS to verify, and the environment's proxies would lead out of the house.
        url = checked_url(base_url)
        leaves_house = not url.startswith("http:")
        self._client = httpx.Client(
            base_url=url,
            timeout=timeout,
            headers={"User-Agent": f"dq/{__version__}"},
            trust_env=leaves_house,
            verify=leaves_house,
        )
        self._filter = _QueryHidden()
        logging.getLogger("httpx").addFilter(self._filter)

    def __repr__(self) -> str:
        return f"Caller({self._title!r})"

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
        logging.getLogger("httpx").removeFilter(self._filter)

    def send(
        self,
        method: str,
        path: str,
        read: Callable[[Reply], Read],
        *,
        accepted: Collection[int] = (200,),
        **request: Any,
    ) -> Read:
        """Send a request until it is answered, bounded, and return what `read` makes of the answer.

        Args:
            method: GET or POST.
            path: Below the base URL.
            read: Makes the result of a reply; may raise `UnreadableError`.
            accepted: Status codes that are answers.
            request: What httpx takes besides: `params`, `json`, `data`, `files`, `headers`.

        Raises:
            CallFailedError: No answer. Waiting, retries and the breaker are behind it.
        """
        if self.down:
            raise CallFailedError("not_asked", self.down)
        try:
            reply = self._persist(method, path, accepted, request)
            result = read(reply)
        except UnreadableError as error:
            self._count("unreadable_answer")
            raise CallFailedError("unreadable_answer") from error
        except CallFailedError as failed:
            self._count(failed.reason)
            raise
        self._failed_in_a_row = 0
        return result

    def give_up(self, why: str) -> None:
        """Ask nothing more, for a reason that every call would meet."""
        self.down = self.down or f"{self._title} {why}"

    def refuse(self, status: int) -> None:
        """Give up after a status that concerns the credentials, with what to do about it."""
        self.give_up(f"{_REFUSED.get(status, f'refuses the credentials ({status})')}: {self._hint}")

    def _persist(self, method: str, path: str, accepted: Collection[int], request: Mapping[str, Any]) -> Reply:
        reason = ""
        for attempt in range(self._manners.attempts):
            self._bucket.take()
            self.calls += 1
            wait = self._manners.backoff_s * 2**attempt
            try:
                response = self._client.request(method, path, **request)
            except httpx.TimeoutException:
                reason = "timeout"
            except httpx.RequestError:
                reason = "connection"
            else:
                if response.status_code in accepted:
                    return Reply(response.status_code, response.content)
                reason = f"http_{response.status_code}"
                if response.status_code in _REFUSED:
                    self.refuse(response.status_code)
                if response.status_code not in _PASSING:
                    break
                wait = self._demanded(response, wait)
            if self.down or attempt == self._manners.attempts - 1:
                break
            self._clock.sleep(wait)
        raise CallFailedError(reason)

    def _demanded(self, response: httpx.Response, otherwise: float) -> float:
        """Return the seconds `Retry-After` asks for; give up where that is beyond all patience."""
        wait = retry_after(response.headers.get("Retry-After", ""), self._clock.now())
        if wait is None:
            return otherwise
        if wait > self._manners.patience_s:
            self.give_up(f"wants {wait:.0f} s of silence (HTTP {response.status_code}): start again after that")
        return wait

    def _count(self, reason: str) -> None:
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= self._manners.breaker:
            self.give_up(f"left {self._failed_in_a_row} calls in a row without an answer (last: {reason})")


class _QueryHidden(logging.Filter):
    """httpx logs whole URLs: addresses stand in their queries, and Smarty's keys."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(arg.copy_with(query=None) if isinstance(arg, httpx.URL) else arg for arg in record.args)
        return True


def retry_after(header: str, now: float) -> float | None:
    """Return the seconds a `Retry-After` header asks for, None where it says nothing (RFC 9110 section 10.2.3).

    >>> retry_after("30", 0.0), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 15.0), retry_after("soon", 0.0)
    (30.0, 45.0, None)
    """
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None


def checked_url(url: str) -> str:
    """Return the base URL of a source, its scheme in lower case.

    Raises:
        SettingsError: It is not https (http on the machine itself is), or holds a name and password.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    is_private = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    if is_private and parts.hostname and not parts.username and not parts.password:
        return parts.geturl()
    raise SettingsError(
        "the address of a provider is no plain https URL",
        "addresses and keys travel encrypted: https://host, without a name or password in it",
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
