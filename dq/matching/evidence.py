"""All comparisons of a pair: which ladder looks at which feature."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dq.matching.address_ladder import addresses
from dq.matching.contact_ladders import Weighed, emails, phones, websites
from dq.matching.encoding import Codes, Column
from dq.matching.known import Counts, Known
from dq.matching.organization_ladders import organization_names
from dq.matching.person_ladders import (
    birth_dates,
    equal_or_other,
    first_names,
    generations,
    identifiers,
    last_names,
    middle_names,
)
from dq.matching.scoring import DECIMALS, Scale, scale
from dq.standards.matching import Ladder, Matching, OrganizationComparisons, PersonComparisons

CEILING = "ceiling"
"""What is taken back because a household, a building or the branches of a company share it (see `ceilings`)."""
COMPARISONS = (
    *PersonComparisons.model_fields,
    CEILING,
    *(name for name in OrganizationComparisons.model_fields if name not in PersonComparisons.model_fields),
)
"""Every comparison in the order of the columns of `pairs`."""


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

    @property
    def total(self) -> NDArray[np.float64]:
        """Return the match weight of each pair."""
        return np.round(self.prior + sum(self.weights.values()), DECIMALS)

    def at(self, comparison: str, *levels: str) -> NDArray[np.bool_]:
        """Say which pairs are at one of the levels of a comparison; none where it was not made."""
        if comparison not in self.levels:
            return np.zeros(len(next(iter(self.levels.values()))), dtype=bool)
        places = [self.names[comparison].index(level) for level in levels]
        return np.isin(self.levels[comparison], places)


def weigh_persons(known: Known, left: Codes, right: Codes, policy: Matching) -> Evidence:
    """Compare pairs of persons."""
    names, columns = known.names, known.columns
    scales = _scales(policy.person, known, known.persons, policy)
    made = {
        "first_name": _counted(
            scales["first_name"],
            first_names(names, left, right, scales["first_name"], known.nicknames),
            known.first,
            left,
        ),
        "middle_name": _counted(
            scales["middle_name"], middle_names(names, left, right, scales["middle_name"]), known.middle, left
        ),
        "last_name": _counted(
            scales["last_name"],
            last_names(names, columns["last_parts"], left, right, scales["last_name"]),
            known.last,
            left,
        ),
    }
    for name, feature, ladder in (
        ("generation", "generation", generations),
        ("birth_date", "birth_on", birth_dates),
        ("tax_id", "tax_id", identifiers),
    ):
        made[name] = _single(scales[name], columns[feature], ladder, left, right)
    made["phone"] = phones(known.phones, left, right, scales["phone"])
    made["email"] = emails(known.emails, left, right, scales["email"])
    made["address"] = addresses(known.addresses, left, right, scales["address"])
    return _evidence(made, scales, policy.prior.weight(known.persons))


def weigh_organizations(known: Known, left: Codes, right: Codes, policy: Matching) -> Evidence:
    """Compare pairs of which at least one is an organisation."""
    scales = _scales(policy.organization, known, known.organizations, policy)
    made = {"name": organization_names(known.name_words, left, right, scales["name"])}
    made["legal_form"] = _single(scales["legal_form"], known.columns["legal_form"], equal_or_other, left, right)
    for name in ("tax_id", "lei", "duns"):
        made[name] = _single(scales[name], known.columns[name], identifiers, left, right)
    made["phone"] = phones(known.phones, left, right, scales["phone"])
    made["email"] = emails(known.emails, left, right, scales["email"])
    made["website"] = websites(known.lists["domains"], left, right, scales["website"])
    made["address"] = addresses(known.addresses, left, right, scales["address"])
    return _evidence(made, scales, policy.prior.weight(known.organizations))


def _counted(scale_: Scale, levels: NDArray[np.int8], counts: Counts, left: Codes) -> Weighed:
    """Weigh levels with the frequency of the left value where both sides have the same."""
    codes = np.maximum(counts.codes[left], 0)
    exact = levels == scale_.place("exact")
    expected = counts.expected[codes] if counts.expected is not None else None
    return scale_.weigh(levels, np.where(exact, counts.records[codes], 0), expected)


def _single(
    scale_: Scale,
    column: Column,
    ladder: Callable[[Column, Codes, Codes, Scale], NDArray[np.int8]],
    left: Codes,
    right: Codes,
) -> Weighed:
    counts = column.sharers if len(column.sharers) else np.zeros(1, dtype=np.int64)
    return _counted(scale_, ladder(column, left, right, scale_), Counts(column.codes, counts, None), left)


def _scales(
    ladders: PersonComparisons | OrganizationComparisons, known: Known, records: int, policy: Matching
) -> dict[str, Scale]:
    made: dict[str, Scale] = {}
    for name in type(ladders).model_fields:
        ladder = getattr(ladders, name)
        assert isinstance(ladder, Ladder)
        made[name] = scale(ladder, known.filled(name, records), policy.frequency_records)
    return made


def _evidence(made: dict[str, Weighed], scales: dict[str, Scale], prior: float) -> Evidence:
    return Evidence(
        prior=prior,
        names={name: scales[name].names for name in made},
        levels={name: levels for name, (levels, _) in made.items()},
        weights={name: weights for name, (_, weights) in made.items()},
    )
