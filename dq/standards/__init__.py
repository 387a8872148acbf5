"""Policy and reference data, read once, checked whole, frozen."""

from dq.standards.load import Standards, load_standards, load_survivorship
from dq.standards.row_policy import Hints, RowPolicy

__all__ = ["Hints", "RowPolicy", "Standards", "load_standards", "load_survivorship"]
