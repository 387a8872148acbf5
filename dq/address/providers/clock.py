"""Time as the providers see it: handed in, so that a test can hand in its own. Reads the clock nowhere else."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dq.address.providers.contract import Quota


@dataclass(frozen=True)
class Clock:
    """The time in seconds since 1970 and a way to let it pass."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def today(self) -> date:
        """Return the day in UTC."""
        return datetime.fromtimestamp(self.now(), UTC).date()


class TokenBucket:
    """A bucket of `quota.burst` tokens that fills at the quota's pace; whoever takes one too early waits.

    Args:
        quota: How much may be asked; None lets everything through.
        clock: What is waited by.
    """

    def __init__(self, quota: Quota | None, clock: Clock) -> None:
        self._quota, self._clock = quota, clock
        self._tokens = float(quota.burst) if quota else 0.0
        self._counted_at = clock.now()

    def take(self) -> None:
        """Take a token, waiting until there is one."""
        if self._quota is None:
            return
        self._fill(self._quota)
        if self._tokens < 1:
            self._clock.sleep((1 - self._tokens) / self._quota.refill_per_s)
            self._fill(self._quota)
        self._tokens -= 1

    def _fill(self, quota: Quota) -> None:
        now = self._clock.now()
        # A clock set back must not empty the bucket.
        passed = max(now - self._counted_at, 0.0)
        self._tokens = min(self._tokens + passed * quota.refill_per_s, float(quota.burst))
        self._counted_at = now
