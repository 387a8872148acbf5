"""How likely a match is before anything is compared, and from which weight it is one."""

import math
from typing import TypeVar

from pydantic import Field, model_validator

from dq.standards.reader import Policy


class Prior(Policy):
    """How likely two random records are one customer.

    Attributes:
        matches_per_record: How many other records of the same customer a record is expected to have.
        least_records: Fewer records than this are judged as if there were so many: a small file is a sample.
    """

    matches_per_record: float = Field(gt=0)
    least_records: int = Field(gt=1)

    def weight(self, records: int) -> float:
        """Return log2 of the prior odds among `records` records of one party type."""
        return round(math.log2(self.matches_per_record / max(records, self.least_records)), 6)


class SafeBounds(Policy):
    """Where the threshold of `safe` may lie; it is read off the run's own pairs.

    Attributes:
        wrong_share: Share of wrong matches expected above the threshold.
        lowest: Never a lower threshold.
        highest: Never a higher one, however the pairs look.
        review: Weight from which a pair is worth a person's time.
    """

    wrong_share: float = Field(gt=0, lt=1)
    lowest: float
    highest: float
    review: float

    @model_validator(mode="after")
    def _ordered(self) -> "SafeBounds":
        return _in_order(self)


class BalancedBounds(Policy):
    """Where the threshold of `balanced` may lie: the expected F1 of the run's own pairs is highest there.

    Attributes:
        lowest: Never a lower threshold.
        highest: Never a higher one.
        review: Weight from which a pair is worth a person's time.
    """

    lowest: float
    highest: float
    review: float

    @model_validator(mode="after")
    def _ordered(self) -> "BalancedBounds":
        return _in_order(self)


Bounds = TypeVar("Bounds", SafeBounds, BalancedBounds)


def _in_order(bounds: Bounds) -> Bounds:
    if not bounds.review <= bounds.lowest <= bounds.highest:
        raise ValueError("review, lowest and highest must not fall")
    return bounds


class ThresholdBounds(Policy):
    """The two settings of `--match-at`."""

    safe: SafeBounds
    balanced: BalancedBounds


class Thresholds(Policy):
    """Match weights from which a pair is a match, or worth a person's look."""

    match_threshold: float
    review_threshold: float

    @model_validator(mode="after")
    def _ordered(self) -> "Thresholds":
        if self.review_threshold > self.match_threshold:
            raise ValueError("review_threshold is above match_threshold")
        return self


class ThresholdPairs(Policy):
    """Thresholds of both settings, as found for a run."""

    safe: Thresholds
    balanced: Thresholds
