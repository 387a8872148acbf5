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
_SAME_NAME = ("exact", "same_words", "typo", "one_number")
_PLACES = {
    "same_place": ("exact", "other_unit", "same_line", "near_street", "near_number"),
    "nearby": ("same_street", "same_zip", "same_city"),
    "elsewhere": ("near_by", "same_region", "other"),
}
_MOSTLY = 0.2
"""Share of records with a phone or mailbox from which on a missing one is noticed."""
_IDENTIFIERS = ("tax_id", "lei", "duns", "other_id")

_ONE_HOME = ("exact", "other_unit", "same_line", "near_street", "near_number")
_AWAY = ("same_street", "same_zip", "same_city", "near_by", "same_region", "other")
_OWN_EMAIL = ("exact", "own_name", "alias", "similar")
_OWN_BIRTH = ("exact", "day_month_swapped", "one_digit")
_OTHER_BIRTH = ("generation", "other")
_OTHER_CHANNEL = ("other", "same_local", "same_name", "same_domain", "generic")
"""E-mails that do not agree; the name before the @ is the person's name again and says nothing new."""

SENTENCES = {
    "household": "may be two people of one home: what a home shares does not count further",
    "mail_of_name": "the mailbox is the name once more: may be two people of one name",
    "alike_name": "two given names that sound or look alike: may be sisters or brothers",
    "alike_name_proven": "given names alike, one birth date or mailbox: may be twins",
    "alike_name_apart": "given names alike and another phone or e-mail: mostly twins, sisters or brothers",
    "other_family": "another family name: a new name or another person of the home",
    "no_name": "one has no name: what it shares may be a relative's",
    "initial": "an initial and not the same phone: may be a relative with the same initial",
    "nickname": "a nickname, and beyond the name nothing of their own: may be relatives",
    "name_and_home": "one name at one door, and neither phone, e-mail nor birth date in common: may be father and son",
    "nickname_twins": "a nickname, one birth date, and other phones and other e-mails: may be twins",
    "nickname_apart": "a nickname, and other phones and other e-mails: may be relatives",
    "generation": "Jr, Sr or a number on one side only: may be father and son",
    "marked_door": "somebody of the name has Jr, Sr or a number at that door: either may be he or the other one",
    "generation_alone": "Jr, Sr or a number on one side only, no phone or e-mail in common: mostly father and son",
    "born_apart": "born a generation apart: mostly father and son, or mother and daughter",
    "near_number": "two whole tax ids nearly alike, and more that differs: may be relatives or neighbours",
    "near_number_other_name": "two whole tax ids nearly alike and other names: may be two relatives",
    "namesake": "same name but another phone or e-mail: may be father and son, or a namesake",
    "namesake_apart": "same name but other phones and other e-mails: may be father and son, or a namesake",
    "branch": "one has another branch number or none, and no place, phone or mailbox in common: may be two branches",
    "name_alone": "one name and nothing else in common, one has no address: may be two companies",
    "town_name": "named for its town, with a website made of it, and one has no address: may be two of the trade there",
    "chain": "one website of several places, and nothing says which of them both are: may be two branches",
    "same_place_other_name": "one place, other names: may be a tenant, a department or a new name",
    "same_place_part_name": "one place, one name longer than the other: may be a department",
    "same_place_alone": "one place, other names and no phone, e-mail or website in common: may be another tenant",
    "same_place_alike_alone": "one place and names alike, but no phone, e-mail or website in common",
    "nearby_part_name_alone": "alike names at other addresses of one town, nothing else in common: may be two branches",
    "nearby_longer_name": "one name longer than the other at another address: mostly a branch or department",
    "nearby_other_name": "other names at other addresses of one town: may be two branches",
    "elsewhere_other_name": "other names in different places: may be two branches",
    "nearby_part_name": "alike names at other addresses of one town: may be two branches",
    "nearby_same_name": "one name at two addresses of one town: may be two branches",
    "nearby_same_name_alone": "one name at two addresses of one town, nothing else in common: may be two companies",
    "nearby_same_name_streetless": "one name in one town, one street unknown and nothing else in common",
    "elsewhere_same_name": "one name in different places: may be two branches",
    "elsewhere_same_name_alone": "one name in different places and no phone or e-mail in common: may be two companies",
    "no_place_other_name": "other names and no address to compare",
}
"""Every ceiling with the sentence a steward reads."""


def with_ceiling(evidence: Evidence, policy: Ceilings) -> Evidence:
    """Add the comparison CEILING: a negative weight where the evidence exceeds what such pairs can show.

    Where several ceilings apply, the lowest counts.
    """
    names = tuple(SENTENCES)
    rules = _of_persons(evidence, policy) if "first_name" in evidence.levels else _of_organizations(evidence)
    taken = np.zeros(len(evidence.total))
    levels = np.full(len(taken), MISSING, dtype=np.int8)
    for name, applies, own in rules:
        excess = np.round(np.minimum(getattr(policy, name) + evidence.relatives + own - evidence.total, 0.0), DECIMALS)
        lower = applies & (excess < taken)
        taken[lower], levels[lower] = excess[lower], names.index(name)
    return Evidence(
        evidence.prior,
        evidence.relatives,
        evidence.names | {CEILING: names},
        evidence.levels | {CEILING: levels},
        evidence.weights | {CEILING: taken},
        evidence.reachable,
    )


Rule = tuple[str, NDArray[np.bool_], NDArray[np.float64]]
"""A ceiling, the pairs it applies to, and what is their own and counts on top."""


def _of_persons(evidence: Evidence, policy: Ceilings) -> list[Rule]:
    no_name = evidence.levels["first_name"] == MISSING
    other = evidence.at("first_name", *_OTHER_PERSON)
    shared = sum((evidence.weights[name] for name in _SHARED_AT_HOME), np.zeros(len(other)))
    own = evidence.total - evidence.prior - shared
    # An e-mail points to one person where the name agrees or is missing; another name may read the same mail.
    may_be_shared = other | evidence.at("first_name", "nickname", "variant")
    # Without a name and with another phone it is mostly somebody else who reads it.
    may_be_shared |= no_name & (evidence.levels["last_name"] == MISSING) & evidence.at("phone", "other")
    own = own + np.where(may_be_shared, 0.0, evidence.weights["email"])
    # People borrow a relative's tax id, and twins share a birthday: with another name both say less.
    namesake = evidence.at("middle_name", "other")
    borrowed = (other & ~evidence.at("first_name", "similar")) | (no_name & namesake)
    own = own - np.where(borrowed, np.maximum(evidence.weights["tax_id"] - policy.tax_id_of_relative, 0.0), 0.0)
    own = own - np.where(other, np.maximum(evidence.weights["birth_date"] - policy.birthday_of_twin, 0.0), 0.0)
    conflict = namesake | evidence.at("birth_date", *_OTHER_BIRTH) | evidence.at("birth_year", "other")
    conflict |= evidence.at("tax_id", "other")
    # Passports are renewed and licences change with the state: another number counts where nothing says one person.
    own_fact = evidence.at("birth_date", *_OWN_BIRTH) | evidence.at("tax_id", "exact", "near")
    own_fact |= evidence.at("email", *_OWN_EMAIL) | evidence.at("phone", "exact")
    conflict |= evidence.at("other_id", "other") & ~own_fact
    return [
        ("household", no_name | other | conflict, own),
        *_of_relatives(evidence),
        *_of_near_numbers(evidence),
        _of_mail(evidence),
    ]


def _of_relatives(evidence: Evidence) -> list[Rule]:
    """Return the ceilings of people who may be relatives though their names nearly agree."""
    weights = evidence.weights
    # A passport is one person's as a tax id is.
    tax_id = np.maximum(weights["tax_id"], 0.0) + np.maximum(weights["other_id"], 0.0)
    ids = tax_id + np.maximum(weights["birth_date"], 0.0)
    mailbox = evidence.at("email", *_OWN_EMAIL)
    no_first, no_last = (evidence.levels[name] == MISSING for name in ("first_name", "last_name"))
    other_phone, other_email = evidence.at("phone", "other"), evidence.at("email", *_OTHER_CHANNEL)
    other_mailbox = other_email & ~evidence.at("email", "generic")
    alike, nickname = (evidence.at("first_name", level) for level in ("variant", "nickname"))
    other_family = evidence.at("last_name", "similar", "same_former", "other") & ~no_first
    # Who keeps the phone and lives elsewhere has moved; a son with his father's phone lives with him.
    same_phone = evidence.at("phone", "exact")
    away = evidence.at("address", *_AWAY)
    moved = same_phone & away
    issued = evidence.at("tax_id", "exact", "near") | evidence.at("other_id", "exact")
    born = evidence.at("birth_date", *_OWN_BIRTH) | issued
    # A mailbox is a person's own where no phone speaks against it; the phone of a home is everybody's there.
    alone = same_phone & ~away & ~(mailbox | born)
    # Twins have one birth date: with a nickname it is proof where no phone and no e-mail speaks against it.
    certain = (born & ~(other_phone | other_mailbox)) | issued | same_phone | (mailbox & (~other_phone | away))
    proven = mailbox | born
    differs = ~proven & ~no_first & ~moved
    own_names = False if evidence.own_names is None else evidence.own_names
    one_side = evidence.at("generation", "one_side")
    unproven = differs & ~same_phone & ~other_phone & ~other_email
    at_home = evidence.at("address", *_ONE_HOME)
    nothing = np.zeros(len(alike))
    no_email = evidence.levels["email"] == MISSING
    unmarked = evidence.levels["generation"] == MISSING
    beside = unmarked & (False if evidence.beside_marked is None else evidence.beside_marked)
    return [
        ("alike_name", alike & ~proven, tax_id),
        ("alike_name_proven", alike, tax_id),
        ("alike_name_apart", alike & ~mailbox & (other_phone | other_mailbox), tax_id),
        ("other_family", other_family, ids),
        # Two of one birthday with other phones and other e-mails may be twins: without a name it is not enough.
        ("no_name", no_first & no_last, np.where(other_phone & other_email, tax_id, ids)),
        (
            "initial",
            # M. Kwan and Mary Kwan of one phone are one where no home is known, whose members would share it.
            evidence.at("first_name", "initial")
            & (~same_phone | (alone & at_home))
            & ~evidence.at("tax_id", "exact", "near"),
            nothing,
        ),
        ("nickname", nickname & (~certain | (alone & own_names)), nothing),
        ("name_and_home", unproven & at_home & (evidence.reachable > _MOSTLY), nothing),
        ("nickname_twins", nickname & ~mailbox & other_phone & other_email, tax_id),
        # Who moves far gets another phone there; another of the name by chance is what the weight of the name is for.
        ("namesake", differs & ((other_phone & ~(away & no_email)) | other_email), nothing),
        ("namesake_apart", differs & other_phone & other_email, nothing),
        ("nickname_apart", differs & other_phone & other_email & nickname, nothing),
        ("generation", one_side, ids),
        ("marked_door", beside, ids),
        ("born_apart", evidence.at("birth_date", "generation") & ~mailbox, tax_id),
        ("generation_alone", one_side & ~mailbox & ~same_phone, ids),
    ]


def _of_mail(evidence: Evidence) -> Rule:
    """Return the ceiling of a mailbox that says the name once more, at a provider where everybody may have one."""
    one_name = evidence.at("first_name", "exact", "nickname", "typo") & evidence.at("last_name", "exact", "typo")
    own = evidence.total - evidence.weights["email"] - evidence.relatives
    return "mail_of_name", one_name & evidence.at("email", "own_name"), own


def _of_near_numbers(evidence: Evidence) -> list[Rule]:
    """Return the ceilings of whole tax ids a digit or two apart: a typing error, or numbers issued to one family.

    With nothing else amiss nearly all are typing errors; with another name about half are. How common relatives are in
    a list says nothing about it.
    """
    near = evidence.at("tax_id", "near_number")
    # Misspelt names and those with an initial or a nickname are the same name; one that is no name is misspelt.
    other_name = evidence.at("first_name", "alike_known_name", "other_known_name", "other", "variant")
    other_name |= evidence.at("last_name", "sounds_alike", "similar", "same_former", "other")
    no_name = (evidence.levels["first_name"] == MISSING) & (evidence.levels["last_name"] == MISSING)
    other_birth = (evidence.levels["birth_date"] != MISSING) & ~evidence.at("birth_date", "exact")
    other_door = evidence.at("address", "other_unit", "near_number")
    fixed = -evidence.relatives
    return [
        ("near_number", near & (no_name | other_birth | other_door), fixed),
        ("near_number_other_name", near & (other_name | (no_name & other_door)), fixed),
    ]


def _of_organizations(evidence: Evidence) -> list[Rule]:
    same_name, part_name = evidence.at("name", *_SAME_NAME), evidence.at("name", "contained", "acronym")
    most_words = evidence.at("name", "most_words")
    own = sum((evidence.weights[name] for name in _IDENTIFIERS), np.zeros(len(same_name)))
    unknown = (evidence.levels["address"] == MISSING) | evidence.at("address", "generic")
    here, nearby, elsewhere = (evidence.at("address", *levels) for levels in _PLACES.values())
    # The branches of a chain have one website; a phone or a mailbox belongs to one of them.
    reached = evidence.at("phone", "exact") | evidence.at("email", "exact", "alias")
    # Area code and exchange are those of a town: they say little there, and nothing elsewhere.
    reached |= evidence.at("phone", "shortened") & ~elsewhere
    known = reached | evidence.at("website", "exact")
    # Where hardly anybody's phone or mailbox is known, having none in common says nothing.
    asked = evidence.levels["phone"] != MISSING
    asked |= (evidence.levels["email"] != MISSING) | (evidence.reachable > _MOSTLY)
    listed = evidence.reachable > _MOSTLY
    streetless = np.zeros(len(same_name), dtype=bool) if evidence.streetless is None else evidence.streetless
    same_site = evidence.at("website", "exact")
    chain = same_site & (False if evidence.chain is None else evidence.chain)
    town_name = same_site & (False if evidence.town_name is None else evidence.town_name)
    # A website is one organisation's, unless a chain's: it bears out names that have most words in common.
    borne_out = same_site & ~chain & (most_words | evidence.at("name", "by_website"))
    return [
        ("branch", evidence.at("name", "one_number", "other_number") & ~here & ~reached, own),
        ("name_alone", unknown & same_name & ~known & listed, own - evidence.relatives),
        ("chain", unknown & chain & ~reached, own - evidence.relatives),
        # Where no place is known, tenants of one place tell nothing.
        ("town_name", unknown & same_name & town_name & ~reached, own - evidence.relatives),
        ("no_place_other_name", unknown & ~same_name & ~borne_out, own - evidence.relatives),
        ("same_place_other_name", here & ~same_name, own),
        ("same_place_part_name", here & part_name, own),
        ("same_place_alone", here & ~same_name & ~most_words & ~known & asked, own),
        ("same_place_alike_alone", here & most_words & ~known & asked, own),
        ("nearby_same_name", nearby & same_name, own),
        ("nearby_same_name_alone", nearby & same_name & ~reached & asked & ~streetless, own),
        ("nearby_same_name_streetless", nearby & same_name & ~reached & asked & streetless, own),
        ("nearby_part_name", nearby & ~same_name, own),
        ("nearby_longer_name", nearby & part_name, own),
        ("nearby_part_name_alone", nearby & ~same_name & ~reached, own),
        ("nearby_other_name", nearby & ~same_name & ~part_name & ~most_words, own),
        ("elsewhere_same_name", elsewhere & same_name, own),
        ("elsewhere_same_name_alone", elsewhere & same_name & ~reached & asked, own),
        ("elsewhere_other_name", elsewhere & (~same_name | evidence.at("name", "same_words")), own),
    ]


def shared_homes(evidence: Evidence) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which pairs share a home (or a place), and which have other names: relatives show there."""
    if "first_name" in evidence.levels:
        home = evidence.at("address", *_ONE_HOME) | evidence.at("phone", "exact") | evidence.at("email", *_OWN_EMAIL)
        home &= evidence.at("last_name", "exact", "typo", "compound", "sounds_alike")
        return home, evidence.at("first_name", "other_known_name", "alike_known_name", "other")
    home = evidence.at("address", *_PLACES["same_place"])
    return home, evidence.at("name", "other", "some_words")
