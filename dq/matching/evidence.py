"""All comparisons of a pair: which ladder looks at which feature, and what persons of one household share anyway."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dq.matching.address_ladder import addresses
from dq.matching.contact_ladders import Weighed, emails, phones, websites
from dq.matching.encoding import MISSING, Codes
from dq.matching.known import Known
from dq.matching.organization_ladders import organization_names
from dq.matching.person_ladders import (
    birth_dates,
    equal_or_other,
    first_names,
    identifiers,
    last_names,
    middle_names,
)
from dq.matching.scoring import DECIMALS, Scale, scale
from dq.standards.matching import Ladder, Matching, OrganizationComparisons, PersonComparisons

HOUSEHOLD = "household"
COMPARISONS = (
    *PersonComparisons.model_fields,
    HOUSEHOLD,
    *(name for name in OrganizationComparisons.model_fields if name not in PersonComparisons.model_fields),
)
"""Every comparison in the order of the columns of `pairs`."""

_SHARED_AT_HOME = ("last_name", "address", "phone", "email")
"""What two people of one household have in common anyway."""
_OTHER_PERSON = ("other_known_name", "similar", "other")
"""First names that may be two people's."""


@dataclass(frozen=True)
class Evidence:
    """What comparing found, per comparison and pair.

    Attributes:
        prior: Weight before any evidence.
        names: Level names per comparison.
        levels: Level numbers, MISSING where a side has no value.
        weights: Weight of each level, 0 where it is missing.
    """

    prior: float
    names: dict[str, tuple[str, ...]]
    levels: dict[str, NDArray[np.int8]]
    weights: dict[str, NDArray[np.float64]]

    def at(self, comparison: str, *levels: str) -> NDArray[np.bool_]:
        """Say which pairs are at one of the levels of a comparison; none where it was not made."""
        if comparison not in self.levels:
            return np.zeros(len(next(iter(self.levels.values()))), dtype=bool)
        places = [self.names[comparison].index(level) for level in levels]
        return np.isin(self.levels[comparison], places)


def weigh_persons(known: Known, left: Codes, right: Codes, policy: Matching) -> Evidence:
    """Compare pairs of persons."""
    names, columns = known.names, known.columns
    scales = _scales(policy.person, known.persons, policy)

    def counted(levels: NDArray[np.int8], name: str, codes: Codes, counts: Codes) -> Weighed:
        exact = levels == scales[name].place("exact")
        return scales[name].weigh(levels, np.where(exact, counts[np.maximum(codes[left], 0)], 0))

    def single(name: str, feature: str, ladder: Callable[..., NDArray[np.int8]]) -> Weighed:
        column = columns[feature]
        counts = column.sharers if len(column.sharers) else np.zeros(1, dtype=np.int64)
        return counted(ladder(column, left, right, scales[name]), name, column.codes, counts)

    zero = np.zeros(1, dtype=np.int64)
    first, middle, last = (counts if len(counts) else zero for counts in (known.first, known.middle, known.last))
    made = {
        "first_name": counted(
            first_names(names, left, right, scales["first_name"], known.nicknames), "first_name", names.first, first
        ),
        "middle_name": counted(
            middle_names(names, left, right, scales["middle_name"]), "middle_name", names.middle, middle
        ),
        "last_name": counted(
            last_names(names, columns["last_parts"], left, right, scales["last_name"]), "last_name", names.last, last
        ),
        "generation": single("generation", "generation", equal_or_other),
        "birth_date": single("birth_date", "birth_on", birth_dates),
        "tax_id": single("tax_id", "tax_id", identifiers),
        "phone": phones(known.lists["phones"], left, right, scales["phone"]),
        "email": emails(known.lists["emails"], left, right, scales["email"]),
        "address": addresses(known.lists["addresses"], left, right, scales["address"]),
    }
    evidence = _evidence(made, scales, policy.prior.weight(known.persons))
    return _with_household(evidence, policy.household_prior)


def weigh_organizations(known: Known, left: Codes, right: Codes, policy: Matching) -> Evidence:
    """Compare pairs of which at least one is an organisation."""
    scales = _scales(policy.organization, known.organizations, policy)

    def single(name: str, ladder: Callable[..., NDArray[np.int8]]) -> Weighed:
        column = known.columns[name]
        levels = ladder(column, left, right, scales[name])
        counts = column.sharers if len(column.sharers) else np.zeros(1, dtype=np.int64)
        exact = levels == scales[name].place("exact")
        return scales[name].weigh(levels, np.where(exact, counts[np.maximum(column.codes[left], 0)], 0))

    made = {
        "name": organization_names(known.lists["names"], left, right, scales["name"]),
        "legal_form": single("legal_form", equal_or_other),
        "tax_id": single("tax_id", identifiers),
        "lei": single("lei", identifiers),
        "duns": single("duns", identifiers),
        "phone": phones(known.lists["phones"], left, right, scales["phone"]),
        "email": emails(known.lists["emails"], left, right, scales["email"]),
        "website": websites(known.lists["domains"], left, right, scales["website"]),
        "address": addresses(known.lists["addresses"], left, right, scales["address"]),
    }
    return _evidence(made, scales, policy.prior.weight(known.organizations))


def _scales(ladders: PersonComparisons | OrganizationComparisons, records: int, policy: Matching) -> dict[str, Scale]:
    made: dict[str, Scale] = {}
    for name in type(ladders).model_fields:
        ladder = getattr(ladders, name)
        assert isinstance(ladder, Ladder)
        made[name] = scale(ladder, records, policy.frequency_records)
    return made


def _evidence(made: dict[str, Weighed], scales: dict[str, Scale], prior: float) -> Evidence:
    return Evidence(
        prior=prior,
        names={name: scales[name].names for name in made},
        levels={name: levels for name, (levels, _) in made.items()},
        weights={name: weights for name, (_, weights) in made.items()},
    )


def _with_household(evidence: Evidence, household_prior: float) -> Evidence:
    """Take back what a household shares anyway where the first names may be two people's.

    The match weight is then at most the weight of one customer against two people of one home, which only what is a
    person's own (first and middle name, birth date, identifiers) can lift.
    """
    total = np.round(evidence.prior + sum(evidence.weights.values()), DECIMALS)
    shared = sum(evidence.weights[name] for name in _SHARED_AT_HOME)
    own = total - evidence.prior - shared
    no_name = evidence.levels["first_name"] == MISSING
    own = own + np.where(no_name, evidence.weights["email"], 0.0)
    doubtful = no_name | evidence.at("first_name", *_OTHER_PERSON)
    taken = np.round(np.minimum(household_prior + own - total, 0.0), DECIMALS)
    applies = doubtful & (taken < 0)
    levels = np.where(applies, 0, MISSING).astype(np.int8)
    return Evidence(
        evidence.prior,
        evidence.names | {HOUSEHOLD: ("may_be_two_people",)},
        evidence.levels | {HOUSEHOLD: levels},
        evidence.weights | {HOUSEHOLD: np.where(applies, taken, 0.0)},
    )
