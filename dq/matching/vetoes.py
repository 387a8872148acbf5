"""Facts that stand above every weight: two records that cannot be one customer."""

import numpy as np
from numpy.typing import NDArray

from dq.matching.evidence import CEILING, Evidence
from dq.standards.matching import Vetoes

RELATIVES = "other_given_name"
"""Veto of relatives; such pairs are kept whatever they weigh, so that no third record joins the two."""
RATHER_TWO = "rather_two"
"""Veto of two who are rather relatives by what they have and lack in common; no third record joins them."""
_RELATIVES_APART = ("alike_name", "alike_name_apart", "nickname_apart", "generation_alone", "born_apart")
"""Ceilings that leave two records to be rather two relatives than one person."""
_NO_RELATIVES = 4.0
"""Bits by which ceilings have moved where relatives are 16 times as rare beside matches as usual."""
WEAK_BRIDGE, KEPT_APART, MORE_RECORDS = "weak_bridge", "kept_apart", "more_records"
CUTS = (WEAK_BRIDGE, KEPT_APART, MORE_RECORDS)
"""Why a matched pair is not in one cluster all the same."""
NEVER_MERGED = "never_merge"
"""Veto of two records that the policy marks (`never_merge`)."""
SPOUSE = "spouse"
"""Veto of a wife called by her husband's name and the husband, or his estate."""
REASONS = {
    "other_tax_id": "they have two different tax ids",
    "other_lei": "they have two different legal entity identifiers",
    "other_generation": "one is Jr, Sr or a number and the other another one",
    "other_birth_date": "they were born on different days, beyond a typing error",
    "twins": "they were born on the same day and have other first names",
    NEVER_MERGED: "both carry an obligation of their own, such as open receivables (`never_merge` in matching.yml)",
    SPOUSE: "one is a wife called by her husband's name, the other is he or his estate",
    RELATIVES: "they share a home or a phone and have two different given names",
    RATHER_TWO: "they are rather two relatives than one person",
    WEAK_BRIDGE: "the other records of the two groups look like different customers",
    KEPT_APART: "records beside them must not meet",
    MORE_RECORDS: "together they had more records than any customer of these lists has",
    "judged_different": "a person judged them to be different",
}
"""Every veto with the sentence a steward reads."""


def vetoes_of(evidence: Evidence, policy: Vetoes, match_at: str) -> NDArray[np.object_]:
    """Return the first veto of each pair at a setting, the empty text where there is none."""
    is_person = "first_name" in evidence.levels
    # A typing error is forgiven in a person's id; two organisations' ids are typed from papers and looked up.
    tax_id = evidence.at("tax_id", "other") if is_person else evidence.at("tax_id", "near", "other")
    same_family = evidence.at("last_name", "exact", "compound", "typo", "sounds_alike")
    # A first name that nobody bears is more likely a garbled one than a twin's.
    other_name = evidence.at("first_name", "alike_known_name", "other_known_name")
    # In a list without relatives, two given names on one birthday are one person's before they are twins'.
    twins = evidence.at("birth_date", "exact") & same_family & other_name & ~evidence.at("tax_id", "exact")
    twins &= evidence.relatives < _NO_RELATIVES
    at_home = evidence.at(CEILING, "household", "alike_name")
    relatives = same_family & at_home & (other_name | evidence.at("first_name", "variant"))
    relatives &= ~evidence.at("tax_id", "exact", "near")
    rather_two = evidence.at(CEILING, *_RELATIVES_APART) if is_person else np.zeros(len(tax_id), dtype=bool)
    rather_two &= evidence.total <= 0
    found = (
        ("other_tax_id", policy.person_tax_id if is_person else policy.organization_tax_id, tax_id),
        ("other_lei", policy.lei, evidence.at("lei", "near", "other")),
        ("other_generation", policy.generation, evidence.at("generation", "other")),
        ("other_birth_date", policy.birth_date, evidence.at("birth_date", "generation", "other")),
        ("twins", policy.twins, twins),
        (RELATIVES, policy.given_name, relatives),
        (RATHER_TWO, policy.rather_two, rather_two),
    )
    reasons = np.full(len(twins), "", dtype=object)
    for reason, wanted, applies in reversed(found):
        if wanted == "always" or wanted == match_at:
            reasons[applies] = reason
    return reasons
