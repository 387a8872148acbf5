"""The scorecard: what the results of a run come to, for a steward who has a minute. Judges nothing."""

from dq.quality.scorecard.numbers import (
    AddressCount,
    Duplicates,
    Example,
    RunFacts,
    Scorecard,
    ScorecardInput,
    headline,
    make_scorecard,
)
from dq.quality.scorecard.page import as_json, render_page

__all__ = [
    "AddressCount",
    "Duplicates",
    "Example",
    "RunFacts",
    "Scorecard",
    "ScorecardInput",
    "as_json",
    "headline",
    "make_scorecard",
    "render_page",
]
