"""Which candidate pairs can still matter: a match, a possible match or relatives. The rest is never compared."""

import numpy as np

from dq.matching.address_ladder import vicinities
from dq.matching.contact_reach import address_reach, email_reach, phone_reach, website_reach
from dq.matching.encoding import Codes
from dq.matching.evidence import odds, scales_of, single_weights
from dq.matching.identity_ladders import equal_or_other, generations
from dq.matching.known import Known
from dq.matching.model import PartyModel
from dq.matching.name_reach import crossed, family_reach, given_reach, middle_reach
from dq.matching.organization_ladders import EXPECTED_ALIKE
from dq.matching.person_ladders import birth_dates
from dq.matching.reach import ROUNDING, Flags, Weights, level_weights, near_or_other, of_column, of_lists, tops
from dq.matching.scoring import Scale
from dq.standards.matching import Matching

Scales = dict[str, Scale]


def reachable_persons(
    known: Known,
    left: Codes,
    right: Codes,
    policy: Matching,
    model: PartyModel | None,
    least: float | Weights,
    *,
    relatives: bool,
) -> Flags:
    """Say which pairs of persons may weigh `least` or more, ceilings aside.

    Args:
        known: All records.
        left: Record of each pair.
        right: Record of each pair.
        policy: Policy, with the learned shares.
        model: What was learned.
        least: Least weight that matters, or one per pair.
        relatives: Whether relatives who share a home matter whatever they weigh (see `vetoes`).
    """
    scales = scales_of(policy.person, known, known.persons, policy)
    prior, moved = odds(known, left, right, policy.prior.weight(known.persons), model)
    family, one_family = family_reach(known, left, right, scales["last_name"])
    shared = {"last_name": family, **_contacts("person", known, left, right, scales)}
    own = _own(known, left, right, scales)
    total = prior + sum(shared.values()) + sum(own.values())
    found: Flags = total >= least - ROUNDING
    found |= crossed(known.names, left, right)
    if relatives:
        # A home shows in what it shares; a ceiling on namesakes by birth or tax id counts on top.
        ceilings = policy.ceilings
        home = prior + sum(shared.values()) - moved
        home += np.maximum(own["tax_id"] - ceilings.tax_id_of_relative, 0.0)
        home += np.maximum(own["birth_date"] - ceilings.birthday_of_twin, 0.0)
        at_home = (home >= ceilings.household - ROUNDING) | (total - moved >= ceilings.alike_name - ROUNDING)
        found |= one_family & _two_given_names(known, left, right) & at_home
    return found


def _own(known: Known, left: Codes, right: Codes, scales: Scales) -> dict[str, Weights]:
    """Return the most that everything can weigh which one person has to himself."""
    columns = known.columns
    years, ids = tops(scales["birth_year"]), tops(scales["tax_id"])
    near_id = near_or_other(columns["tax_id"].texts, ids, 2, "near", "near_number")
    own = {
        "first_name": given_reach(known, left, right, scales["first_name"]),
        "middle_name": middle_reach(known, left, right, scales["middle_name"]),
        "generation": single_weights(scales["generation"], columns["generation"], generations, left, right)[1],
        "sex": single_weights(scales["sex"], columns["sex"], equal_or_other, left, right)[1],
        "birth_date": single_weights(scales["birth_date"], columns["birth_on"], birth_dates, left, right)[1],
        "tax_id": of_column(columns["tax_id"], left, right, ids, near_id),
        # Where there are birth dates the years count nothing.
        "birth_year": of_column(
            columns["birth_year"], left, right, years, lambda one, _: np.full(len(one), max(years.below("exact"), 0.0))
        ),
        "other_id": _other_ids(known, left, right, scales["other_id"]),
    }
    own["birth_year"] = np.maximum(own["birth_year"], 0.0)
    return own


def _other_ids(known: Known, left: Codes, right: Codes, scale: Scale) -> Weights:
    """Return the most that further identifiers can weigh; few records have any."""
    most = max(tops(scale).below(), 0.0)
    return of_lists(known.lists["other_ids"], left, right, lambda one, _: np.full(len(one), most))


def _contacts(party: str, known: Known, left: Codes, right: Codes, scales: Scales) -> dict[str, Weights]:
    phones, emails = (known.is_generic(party, name) for name in ("phones", "emails"))
    return {
        "phone": phone_reach(known.phones, left, right, scales["phone"], phones),
        "email": email_reach(known.emails, left, right, scales["email"], emails),
        "address": address_reach(known.addresses, left, right, scales["address"]),
    }


def _two_given_names(known: Known, left: Codes, right: Codes) -> Flags:
    one, other = known.names.first[left], known.names.first[right]
    found: Flags = (one >= 0) & (other >= 0) & (one != other)
    rows = np.flatnonzero(found)
    found[rows] = known.names.is_given[one[rows]] & known.names.is_given[other[rows]]
    return found


def reachable_organizations(
    known: Known, left: Codes, right: Codes, policy: Matching, model: PartyModel | None, least: float | Weights
) -> Flags:
    """Say which pairs of which at least one is an organisation may weigh `least` or more, ceilings aside."""
    scales = scales_of(policy.organization, known, known.organizations, policy)
    prior, _ = odds(known, left, right, policy.prior.weight(known.organizations), model)
    columns = known.columns
    total = prior + _names_reach(known, left, right, scales["name"])
    total += single_weights(scales["legal_form"], columns["legal_form"], equal_or_other, left, right)[1]
    for name in ("tax_id", "lei", "duns"):
        top = tops(scales[name])
        total += of_column(columns[name], left, right, top, near_or_other(columns[name].texts, top, 2, "near"))
    total += _other_ids(known, left, right, scales["other_id"])
    contacts = _contacts("organization", known, left, right, scales)
    domains = known.is_generic("organization", "domains")
    contacts["website"] = website_reach(known.lists["domains"], left, right, scales["website"], domains)
    elsewhere = known.cut_out[left] | known.cut_out[right]
    for name in ("address", "website"):
        contacts[name] = np.where(elsewhere, np.maximum(contacts[name], 0.0), contacts[name])
    contacts["vicinity"] = np.zeros(len(left))
    rows = np.flatnonzero(elsewhere)
    contacts["vicinity"][rows] = vicinities(known.addresses, left[rows], right[rows], scales["vicinity"])[1]
    found: Flags = total + sum(contacts.values()) >= least - ROUNDING
    return found


def _names_reach(known: Known, left: Codes, right: Codes, scale: Scale) -> Weights:
    """Return the most that the names of organisations can weigh; unequal ones are taken to be as alike as can be."""
    names = known.name_words
    unequal = max(tops(scale, expected=EXPECTED_ALIKE[0]).below("exact"), 0.0)

    def bound(one: Codes, other: Codes) -> Weights:
        made = np.full(len(one), unequal)
        same = np.flatnonzero(one == other)
        weights = level_weights(scale, "exact", names.of.values.sharers[one[same]], names.expected[one[same]])
        made[same] = np.maximum(weights, 0.0)
        return made

    return of_lists(names.of, left, right, bound)
