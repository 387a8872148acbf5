"""Addresses held against ranges of a street file: which record answers, which +4 it determines, what it corrects.

Knows no file and no provider. A range shows that a number can exist; that mail would arrive nobody here says.
"""

from dq.address.range_match.areas import ask_elsewhere
from dq.address.range_match.queries import ADDRESSES, AREAS_OF_CITIES, AREAS_OF_RANGES, RANGE_ROWS, RANGES, TRIED
from dq.address.range_match.settling import settle
from dq.address.range_match.verify import answer, verify_addresses

__all__ = [
    "ADDRESSES",
    "AREAS_OF_CITIES",
    "AREAS_OF_RANGES",
    "RANGES",
    "RANGE_ROWS",
    "TRIED",
    "answer",
    "ask_elsewhere",
    "settle",
    "verify_addresses",
]
