"""All comparisons of a pair: which ladder looks at which feature."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dq.matching.address_ladder import addresses, vicinities
from dq.matching.contact_ladders import Weighed, emails, other_ids, phones, websites
from dq.matching.encoding import MISSING, Codes, Column
from dq.matching.identity_ladders import birth_years, equal_or_other, generations, identifiers, tax_ids
from dq.matching.known import Counts, Known
from dq.matching.model import PartyModel
from dq.matching.organization_ladders import by_website, named_for_town, organization_names, spelled_by_sites
from dq.matching.person_ladders import birth_dates, first_names, last_names, middle_names
from dq.matching.scoring import DECIMALS, Scale, scale
from dq.standards.ladders import Ladder, OrganizationComparisons, PersonComparisons
from dq.standards.matching import Matching

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
        prior: Weight of each pair before any evidence.
        relatives: Bits by which ceilings move for each pair (see `model.PartyModel`).
        names: Level names per comparison.
        levels: Level numbers, MISSING where a side has no value.
        weights: Weight of each level, 0 where it is missing.
        reachable: Share of all records of the party type with a phone or an e-mail address.
        chain: Which pairs are of organisations whose websites have several places.
        streetless: Which pairs are of organisations of which one has neither street nor box.
        own_names: Which pairs are of people whose given names are common, each in its own right.
        beside_marked: Which pairs have a name and a door at which somebody of the name has Jr, Sr or a number.
        town_name: Which pairs without two places to compare are of organisations of one website that are named for
            their town.
    """

    prior: NDArray[np.float64]
    relatives: NDArray[np.float64]
    names: dict[str, tuple[str, ...]]
    levels: dict[str, NDArray[np.int8]]
    weights: dict[str, NDArray[np.float64]]
    reachable: float = 1.0
    chain: NDArray[np.bool_] | None = None
    own_names: NDArray[np.bool_] | None = None
    beside_marked: NDArray[np.bool_] | None = None
    town_name: NDArray[np.bool_] | None = None
    streetless: NDArray[np.bool_] | None = None

    @property
    def total(self) -> NDArray[np.float64]:
        """Return the match weight of each pair."""
        return np.round(self.prior + sum(self.weights.values()), DECIMALS)

    @property
    def is_supported(self) -> NDArray[np.bool_]:
        """Say for which pairs anything speaks; two records that have nothing in common are no question to anybody."""
        supported = np.zeros(len(self.prior), dtype=bool)
        for weights in self.weights.values():
            supported |= weights > 0
        return supported

    def at(self, comparison: str, *levels: str) -> NDArray[np.bool_]:
        """Say which pairs are at one of the levels of a comparison; none where it was not made."""
        if comparison not in self.levels:
            return np.zeros(len(next(iter(self.levels.values()))), dtype=bool)
        wanted = np.zeros(len(self.names[comparison]) + 1, dtype=bool)
        wanted[[self.names[comparison].index(level) for level in levels]] = True
        # MISSING is the last of all.
        found: NDArray[np.bool_] = wanted[self.levels[comparison]]
        return found


_OWN_NAME = 0.001
"""Share of people from which on a name is one that parents give: Kim and Jack, not only Kimberly and John."""


def weigh_persons(known: Known, left: Codes, right: Codes, policy: Matching, model: PartyModel | None) -> Evidence:
    """Compare pairs of persons."""
    names, columns = known.names, known.columns
    scales = scales_of(policy.person, known, known.persons, policy)
    made = {
        "first_name": given_weights(
            first_names(names, left, right, scales["first_name"], known.nicknames),
            known,
            left,
            right,
            scales["first_name"],
        ),
        "middle_name": counted_weights(
            scales["middle_name"], middle_names(names, left, right, scales["middle_name"]), known.middle, left
        ),
        "last_name": counted_weights(
            scales["last_name"],
            last_names(names, columns["last_parts"], columns["former"], left, right, scales["last_name"]),
            known.last,
            left,
        ),
    }
    for name, feature, ladder in (
        ("generation", "generation", generations),
        ("birth_date", "birth_on", birth_dates),
        ("birth_year", "birth_year", birth_years),
        ("sex", "sex", equal_or_other),
        ("tax_id", "tax_id", tax_ids),
    ):
        made[name] = single_weights(scales[name], columns[feature], ladder, left, right)
    made["birth_year"] = _unless_compared(made["birth_year"], made["birth_date"])
    made["other_id"] = other_ids(known.other_ids, left, right, scales["other_id"])
    made["phone"] = phones(known.phones, left, right, scales["phone"], known.is_generic("person", "phones"))
    made["email"] = emails(known.emails, left, right, scales["email"], known.is_generic("person", "emails"))
    made["address"] = addresses(
        known.addresses, left, right, scales["address"], known.is_generic("person", "addresses")
    )
    evidence = _evidence(made, scales, *odds(known, left, right, policy.prior.weight(known.persons), model))
    common = [_expected(known.first, np.maximum(known.first.codes[side], 0)) >= _OWN_NAME for side in (left, right)]
    return replace(
        evidence,
        reachable=known.reachable["person"],
        own_names=common[0] & common[1],
        beside_marked=known.beside_marked[left] | known.beside_marked[right],
    )


def weigh_organizations(
    known: Known, left: Codes, right: Codes, policy: Matching, model: PartyModel | None
) -> Evidence:
    """Compare pairs of which at least one is an organisation."""
    scales = scales_of(policy.organization, known, known.organizations, policy)
    made = {"name": organization_names(known.name_words, left, right, scales["name"])}
    made["legal_form"] = single_weights(scales["legal_form"], known.columns["legal_form"], equal_or_other, left, right)
    for name in ("tax_id", "lei", "duns"):
        made[name] = single_weights(scales[name], known.columns[name], identifiers, left, right)
    made["other_id"] = other_ids(known.other_ids, left, right, scales["other_id"])
    made["phone"] = phones(known.phones, left, right, scales["phone"], known.is_generic("organization", "phones"))
    made["email"] = emails(known.emails, left, right, scales["email"], known.is_generic("organization", "emails"))
    made["website"] = websites(
        known.lists["domains"], left, right, scales["website"], known.is_generic("organization", "domains")
    )
    made["address"] = addresses(
        known.addresses, left, right, scales["address"], known.is_generic("organization", "addresses")
    )
    cut_out = known.cut_out[left] | known.cut_out[right]
    made["name"], own_sites = _with_websites(made, known, left, right, scales)
    made["vicinity"] = _where(cut_out, vicinities(known.addresses, left, right, scales["vicinity"]))
    for name, levels in _PERSONS_OWN.items():
        others = cut_out & ~own_sites if name == "website" else cut_out
        made[name] = _unless_persons_own(made[name], others, [scales[name].place(level) for level in levels])
    evidence = _evidence(made, scales, *odds(known, left, right, policy.prior.weight(known.organizations), model))
    chain = known.in_chain[left] & known.in_chain[right]
    town_name = np.zeros(len(left), dtype=bool)
    rows = np.flatnonzero(evidence.at("website", "exact") & (evidence.levels["address"] == MISSING))
    for side in (left, right):
        town_name[rows] |= named_for_town(known.name_words, known.addresses, side[rows])
    streetless = known.streetless[left] | known.streetless[right]
    evidence = replace(evidence, chain=chain, town_name=town_name, streetless=streetless)
    return replace(evidence, reachable=known.reachable["organization"])


def _with_websites(
    made: dict[str, Weighed], known: Known, left: Codes, right: Codes, scales: dict[str, Scale]
) -> tuple[Weighed, NDArray[np.bool_]]:
    """Return the names, with those that a website in common explains, and which pairs have a website of their own each.

    A website made of the name is the organisation's, also where it was cut out of a person's row.
    """
    names, sites = scales["name"], scales["website"]
    same_site = made["website"][0] == sites.place("exact")
    differ = np.isin(made["name"][0], [names.place("some_words"), names.place("other")])
    two_sites = (made["website"][0] == sites.place("other")) & (known.cut_out[left] | known.cut_out[right])
    rows = np.flatnonzero((same_site & differ) | (two_sites & ~differ))
    spelled = [np.zeros(len(left), dtype=bool) for _ in range(2)]
    for flags, side in zip(spelled, (left, right), strict=True):
        flags[rows] = spelled_by_sites(known.name_words, known.lists["domains"], side[rows])
    return by_website(made["name"], names, same_site, spelled[0] | spelled[1]), two_sites & spelled[0] & spelled[1]


def _unless_compared(made: Weighed, whole: Weighed) -> Weighed:
    """Leave out what a fuller value has said already: the year of two birth dates."""
    levels, weights = made
    said = whole[0] != MISSING
    return np.where(said, MISSING, levels).astype(np.int8), np.where(said, 0.0, weights)


_PERSONS_OWN = {
    "website": ("other",),
    "address": ("same_street", "same_zip", "same_city", "near_by", "same_region", "other"),
}
"""What says nothing where an organisation was cut out of a person's row: it may be the person's home or mailbox."""


def _where(rows: NDArray[np.bool_], made: Weighed) -> Weighed:
    """Leave out what is compared in some rows only."""
    levels, weights = made
    return np.where(rows, levels, MISSING).astype(np.int8), np.where(rows, weights, 0.0)


def _unless_persons_own(made: Weighed, cut_out: NDArray[np.bool_], places: list[int]) -> Weighed:
    """Leave out where an organisation is not: the address in a person's row may be the person's home."""
    levels, weights = made
    elsewhere = cut_out & np.isin(levels, places)
    return np.where(elsewhere, MISSING, levels).astype(np.int8), np.where(elsewhere, 0.0, weights)


def counted_weights(scale_: Scale, levels: NDArray[np.int8], counts: Counts, left: Codes) -> Weighed:
    """Weigh levels with the frequency of the left value where both sides have the same."""
    codes = np.maximum(counts.codes[left], 0)
    exact = levels == scale_.place("exact")
    expected = counts.expected[codes] if counts.expected is not None else None
    return scale_.weigh(levels, np.where(exact, counts.records[codes], 0), expected)


def given_weights(levels: NDArray[np.int8], known: Known, left: Codes, right: Codes, scale_: Scale) -> Weighed:
    """Weigh given names; crossed names by how many are called so rightly, since last names then count nothing.

    However many records there are, another Thomas John is as likely as Thomas is as a given and John as a family name.
    """
    first, last = known.first, known.last
    codes = np.maximum(first.codes[left], 0)
    expected = _expected(first, codes)
    swapped = np.flatnonzero(levels == scale_.place("swapped"))
    by_chance = np.ones(len(swapped))
    for mine, theirs in ((last, first), (first, last)):
        one, other = mine.codes[left[swapped]], theirs.codes[right[swapped]]
        by_chance *= np.where((one >= 0) & (other >= 0), _expected(theirs, np.maximum(one, 0)), 1.0)
    expected[swapped] = scale_.undiluted(by_chance)
    sharers = np.where(levels == scale_.place("exact"), first.records[codes], 0)
    sharers[swapped] = 1
    return scale_.weigh(levels, sharers, expected)


def _expected(names: Counts, codes: Codes) -> NDArray[np.float64]:
    """Return the shares of people elsewhere who have the names of these codes."""
    assert names.expected is not None, "lists say how frequent given and family names are"
    return names.expected[codes]


def single_weights(
    scale_: Scale,
    column: Column,
    ladder: Callable[[Column, Codes, Codes, Scale], NDArray[np.int8]],
    left: Codes,
    right: Codes,
) -> Weighed:
    counts = column.sharers if len(column.sharers) else np.zeros(1, dtype=np.int64)
    return counted_weights(scale_, ladder(column, left, right, scale_), Counts(column.codes, counts, None), left)


def scales_of(
    ladders: PersonComparisons | OrganizationComparisons, known: Known, records: int, policy: Matching
) -> dict[str, Scale]:
    made: dict[str, Scale] = {}
    for name in type(ladders).model_fields:
        ladder = getattr(ladders, name)
        assert isinstance(ladder, Ladder)
        made[name] = scale(ladder, known.filled(name, records), policy.frequency_records)
    return made


def odds(
    known: Known, left: Codes, right: Codes, fixed: float, model: PartyModel | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weight of each pair before any evidence, and how far its ceilings move."""
    if model is None:
        return np.full(len(left), fixed), np.zeros(len(left))
    groups = known.sources.of_pairs(left, right)
    prior, relatives = (
        np.array(model.in_groups(name, known.sources.groups), dtype=np.float64) for name in ("prior", "relatives")
    )
    return prior[groups], relatives[groups]


def _evidence(
    made: dict[str, Weighed], scales: dict[str, Scale], prior: NDArray[np.float64], relatives: NDArray[np.float64]
) -> Evidence:
    return Evidence(
        prior=prior,
        relatives=relatives,
        names={name: scales[name].names for name in made},
        levels={name: levels for name, (levels, _) in made.items()},
        weights={name: weights for name, (_, weights) in made.items()},
    )
