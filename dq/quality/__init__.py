"""Quality rules: judged by Great Expectations, told per customer. Changes no value and decides no merge."""

from dq.quality.facts import FACTS, Facts, source_columns
from dq.quality.results import failed_stops, summarize
from dq.quality.segments import sum_by_segment
from dq.quality.validate import ValidatePolicy, validate_part

__all__ = [
    "FACTS",
    "Facts",
    "ValidatePolicy",
    "failed_stops",
    "source_columns",
    "sum_by_segment",
    "summarize",
    "validate_part",
]
