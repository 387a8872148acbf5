"""Golden records: which value of which record survives, under which id. Never decides who is a duplicate."""

from dq.survivorship.golden import SurvivePolicy, survive
from dq.survivorship.identity import inherit_golden_ids
from dq.survivorship.relations import golden_relations_query

__all__ = ["SurvivePolicy", "golden_relations_query", "inherit_golden_ids", "survive"]
