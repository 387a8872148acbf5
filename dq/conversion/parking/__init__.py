"""What is not converted: whom the parking rules speak of, who is parked, and what each rule would come to."""

from dq.conversion.parking.contacts import RELATION_COLUMNS, relations_of
from dq.conversion.parking.judging import HITS, Known, find_hits
from dq.conversion.parking.parked import EVERYWHERE, PARKED_COLUMNS, decide, decide_for, without_parked
from dq.conversion.parking.previewing import RuleCount, count_rules

__all__ = [
    "EVERYWHERE",
    "HITS",
    "PARKED_COLUMNS",
    "RELATION_COLUMNS",
    "Known",
    "RuleCount",
    "count_rules",
    "decide",
    "decide_for",
    "find_hits",
    "relations_of",
    "without_parked",
]
