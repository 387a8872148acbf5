"""What a conversion needs of clean customers: rows of a target, whether they would load, and the shortest way there."""

from dq.conversion.assigning import GOLDEN_GRAIN, RECORD_GRAIN, Grain
from dq.conversion.findings import ALONE, Surroundings, find
from dq.conversion.rows import Customers, TargetRows, build_rows
from dq.conversion.verdicts import judge

__all__ = [
    "ALONE",
    "GOLDEN_GRAIN",
    "RECORD_GRAIN",
    "Customers",
    "Grain",
    "Surroundings",
    "TargetRows",
    "build_rows",
    "find",
    "judge",
]
