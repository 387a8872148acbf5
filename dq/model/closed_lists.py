"""Closed lists: the only words that a column of that kind may hold."""

from typing import Final

PARTY_TYPES: Final = ("person", "organization")
CONTACT_KINDS: Final = ("address", "email", "phone", "mobile", "fax", "website")
CONTACT_ROLES: Final = ("primary", "billing", "shipping", "mailing", "home", "work", "seasonal", "registered", "other")
CONSENTS: Final = ("opt_in", "opt_out", "unknown")
RELATION_TYPES: Final = ("works_for", "parent", "ships_for", "replaces")
DIMENSIONS: Final = (
    "completeness",
    "validity",
    "conformity",
    "uniqueness",
    "consistency",
    "accuracy",
    "timeliness",
)
SEVERITIES: Final = ("stop", "warn", "info")
LAYERS: Final = ("raw", "standardized", "golden")
OUTCOMES: Final = ("match", "possible_match", "non_match")
JUDGEMENTS: Final = ("SAME", "DIFFERENT", "UNSURE")
MATCH_AT: Final = ("safe", "balanced")
ADDRESS_OUTCOMES: Final = (
    "confirmed",
    "unit_missing",
    "unit_unconfirmed",
    "building_default",
    "range_only",
    "multiple",
    "number_out_of_range",
    "street_not_found",
    "no_delivery",
    "vacant",
    "moved",
    "consistent",
    "zip_city_mismatch",
    "zip_invalid",
    "unverified",
    "foreign",
    "parse_doubt",
    "missing",
)

REFUSAL_KINDS: Final = {
    "mail": ("address",),
    "email": ("email",),
    "call": ("phone", "mobile"),
    "text": ("mobile",),
    "fax": ("fax",),
}
"""Channel a CRM has one flag for → the contact points whose consent it speaks of."""
