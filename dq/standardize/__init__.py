"""Standardising: one spelling per value, every alteration a change with its reason, every doubt a flag."""

from dq.standardize.assemble import standardize_contact_points, standardize_records
from dq.standardize.deceased import with_deceased
from dq.standardize.material import material
from dq.standardize.view import flat_view, with_country

__all__ = [
    "flat_view",
    "material",
    "standardize_contact_points",
    "standardize_records",
    "with_country",
    "with_deceased",
]
