"""The scorecard: what the results of a run come to, for a steward who has a minute. Judges nothing."""

from dq.quality.scorecard.match_charts import LEAST_SHARED, LevelShares, MatchPictures, draw
from dq.quality.scorecard.matching import GenericValue, MatchCounts, MatchTable, match_table
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
    "LEAST_SHARED",
    "AddressCount",
    "Duplicates",
    "Example",
    "GenericValue",
    "LevelShares",
    "MatchCounts",
    "MatchPictures",
    "MatchTable",
    "RunFacts",
    "Scorecard",
    "ScorecardInput",
    "as_json",
    "draw",
    "headline",
    "make_scorecard",
    "match_table",
    "render_page",
]
