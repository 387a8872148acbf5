"""Takes back what a household, a building or the branches of a company share: evidence that counts up to a ceiling."""

import numpy as np
from numpy.typing import NDArray

from dq.matching.encoding import MISSING
from dq.matching.evidence import CEILING, Evidence
from dq.matching.scoring import DECIMALS
from dq.standards.matching import Ceilings

_SHARED_AT_HOME = ("last_name", "address", "phone", "email")
"""What two people of one household have in common anyway."""
_OTHER_PERSON = ("alike_known_name", "other_known_name", "similar", "other")
"""First names that may be two people's."""
_SAME_NAME = ("exact", "same_words", "typo")
_PLACES = {
    "same_place": ("exact", "other_unit", "same_line", "near_street", "near_number"),
    "nearby": ("same_street", "same_zip", "same_city"),
    "elsewhere": ("other",),
}
_IDENTIFIERS = ("tax_id", "lei", "duns")

SENTENCES = {
    "household": "may be two people of one home: what a home shares does not count further",
    "same_place_other_name": "one place, other names: may be a tenant, a department or a new name",
    "nearby_other_name": "other names at other addresses of one town: may be two branches",
    "elsewhere_other_name": "other names in different places: may be two branches",
    "nearby_same_name": "one name at two addresses of one town: may be two branches",
    "elsewhere_same_name": "one name in different places: may be two branches",
    "no_place_other_name": "other names and no address to compare",
}
"""Every ceiling with the sentence a steward reads."""


def with_ceiling(evidence: Evidence, policy: Ceilings) -> Evidence:
    """Add the comparison CEILING: a negative weight where the evidence exceeds what such pairs can show."""
    names = tuple(Ceilings.model_fields)
    if "first_name" in evidence.levels:
        levels, own = _of_persons(evidence, names)
    else:
        levels, own = _of_organizations(evidence, names)
    tops = np.array([*(getattr(policy, name) for name in names), 0.0])
    taken = np.round(np.minimum(tops[levels] + own - evidence.total, 0.0), DECIMALS)
    applies = (levels != MISSING) & (taken < 0)
    return Evidence(
        evidence.prior,
        evidence.names | {CEILING: names},
        evidence.levels | {CEILING: np.where(applies, levels, MISSING).astype(np.int8)},
        evidence.weights | {CEILING: np.where(applies, taken, 0.0)},
    )


def _of_persons(evidence: Evidence, names: tuple[str, ...]) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    no_name = evidence.levels["first_name"] == MISSING
    other = evidence.at("first_name", *_OTHER_PERSON)
    shared = sum((evidence.weights[name] for name in _SHARED_AT_HOME), np.zeros(len(other)))
    own = evidence.total - evidence.prior - shared
    # An e-mail points to one person where the name agrees or is missing; another name may read the same mail.
    own = own + np.where(other | evidence.at("first_name", "nickname"), 0.0, evidence.weights["email"])
    # People borrow a relative's tax id: with another name it says no more than the address.
    namesake = evidence.at("middle_name", "other")
    borrowed = (other & ~evidence.at("first_name", "similar")) | (no_name & namesake)
    own = own - np.where(borrowed, np.maximum(evidence.weights["tax_id"], 0.0), 0.0)
    conflict = namesake | evidence.at("birth_date", "other") | evidence.at("tax_id", "other")
    levels = np.where(no_name | other | conflict, names.index("household"), MISSING).astype(np.int8)
    return levels, own


def _of_organizations(evidence: Evidence, names: tuple[str, ...]) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    same_name = evidence.at("name", *_SAME_NAME)
    levels = np.full(len(same_name), MISSING, dtype=np.int8)
    for place, address_levels in _PLACES.items():
        there = evidence.at("address", *address_levels)
        levels[there & ~same_name] = names.index(f"{place}_other_name")
        if place != "same_place":
            levels[there & same_name] = names.index(f"{place}_same_name")
    unknown = (evidence.levels["address"] == MISSING) | evidence.at("address", "generic")
    levels[unknown & ~same_name] = names.index("no_place_other_name")
    own = sum((evidence.weights[name] for name in _IDENTIFIERS), np.zeros(len(levels)))
    return levels, own
