"""Golden records: which value of which record survives, under which id. Never decides who is a duplicate."""

from dq.survivorship.golden import SurvivePolicy, survive
from dq.survivorship.identity import inherit_golden_ids

__all__ = ["SurvivePolicy", "inherit_golden_ids", "survive"]
