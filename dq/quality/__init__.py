"""Quality rules: judged by Great Expectations, told per customer. Changes no value and decides no merge."""

from dq.quality.facts import FACTS, Facts, source_columns
from dq.quality.results import failed_stops, summarize
from dq.quality.validate import ValidatePolicy, validate_part

__all__ = ["FACTS", "Facts", "ValidatePolicy", "failed_stops", "source_columns", "summarize", "validate_part"]
