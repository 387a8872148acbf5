"""How duplicates are found: blocking rules, comparisons, learning, thresholds, ceilings, vetoes."""

from dq.standards.matching.blocking import BLOCKING_FEATURES, EVERY_PAIR, BlockingRule, BlockingRules
from dq.standards.matching.ceilings import Ceilings, Distances
from dq.standards.matching.learning import Learning, ReviewShare, TrainedOn, UsualRelatives
from dq.standards.matching.policy import Matching
from dq.standards.matching.thresholds import (
    BalancedBounds,
    Prior,
    SafeBounds,
    ThresholdBounds,
    ThresholdPairs,
    Thresholds,
)
from dq.standards.matching.vetoes import NeverMerge, Veto, Vetoes
from dq.standards.matching.words import Extras, Words

__all__ = [
    "BLOCKING_FEATURES",
    "EVERY_PAIR",
    "BalancedBounds",
    "BlockingRule",
    "BlockingRules",
    "Ceilings",
    "Distances",
    "Extras",
    "Learning",
    "Matching",
    "NeverMerge",
    "Prior",
    "ReviewShare",
    "SafeBounds",
    "ThresholdBounds",
    "ThresholdPairs",
    "Thresholds",
    "TrainedOn",
    "UsualRelatives",
    "Veto",
    "Vetoes",
    "Words",
]
