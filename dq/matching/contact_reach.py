"""The most that phones, e-mails, websites and addresses of a pair can weigh (see `reach`)."""

import numpy as np

from dq.matching.address_ladder import AddressParts
from dq.matching.contact_ladders import ALIKE_EMAIL, EmailParts, Flags, PhoneParts
from dq.matching.encoding import Codes, Lists
from dq.matching.reach import Tops, Weights, level_weights, of_lists, tops
from dq.matching.scoring import Scale
from dq.matching.strings import may_be_alike, may_be_edits


def phone_reach(parts: PhoneParts, left: Codes, right: Codes, scale: Scale, generic: Flags) -> Weights:
    """Return the most that the phones of each pair can weigh."""
    top, values = tops(scale, generic=True), parts.of.values
    unlike = top.of("other")

    def bound(one: Codes, other: Codes) -> Weights:
        made = np.full(len(one), unlike)
        made[generic[one] | generic[other]] = max(unlike, 0.0)
        made[may_be_edits(values.texts, one, other, 1)] = top.of("one_digit", "other")
        made[parts.sevens[one] == parts.sevens[other]] = top.of("same_seven", "one_digit", "other")
        made[parts.may_be_abroad(one, other)] = top.of("exact", "same_seven", "one_digit", "other")
        made = _with_exact(made, one, other, scale, values.sharers, generic)
        shortened, agree = parts.share_start(one, other)
        made[shortened] = np.where(agree[shortened], top.of("shortened"), max(unlike, 0.0))
        return made

    return of_lists(parts.of, left, right, bound)


def website_reach(of: Lists, left: Codes, right: Codes, scale: Scale, generic: Flags) -> Weights:
    """Return the most that the websites of each pair can weigh."""
    unlike = tops(scale, generic=True).of("other")

    def bound(one: Codes, other: Codes) -> Weights:
        made = np.full(len(one), unlike)
        made[generic[one] | generic[other]] = max(unlike, 0.0)
        return _with_exact(made, one, other, scale, of.values.sharers, generic)

    return of_lists(of, left, right, bound)


def _with_exact(made: Weights, one: Codes, other: Codes, scale: Scale, sharers: Codes, generic: Flags) -> Weights:
    same = np.flatnonzero(one == other)
    made[same] = level_weights(scale, "exact", sharers[one[same]], generic=generic[one[same]])
    return made


def email_reach(parts: EmailParts, left: Codes, right: Codes, scale: Scale, generic: Flags) -> Weights:
    """Return the most that the e-mails of each pair can weigh."""
    top, values = tops(scale, generic=True), parts.of.values
    unlike, similar = top.of("other"), top.of("similar", "other")
    # What a domain shares counts by how many mailboxes it has: a level as rare as can be would hold nothing back.
    locals_ = top.below("exact", "own_name", "family", "same_domain")

    def bound(one: Codes, other: Codes) -> Weights:
        made = np.full(len(one), unlike)
        same_domain = parts.domain[one] == parts.domain[other]
        near = np.flatnonzero(parts.is_long[one] & parts.is_long[other])
        in_domain, elsewhere = near[same_domain[near]], near[~same_domain[near]]
        a, b = parts.local[one[in_domain]], parts.local[other[in_domain]]
        made[in_domain[may_be_edits(parts.locals, a, b, 1)]] = similar
        made[elsewhere[may_be_alike(values.texts, one[elsewhere], other[elsewhere], ALIKE_EMAIL)]] = similar
        same = np.flatnonzero(same_domain)
        made[same] = np.maximum(made[same], level_weights(scale, "same_domain", parts.domain_sharers[one[same]]))
        alike = (parts.local[one] == parts.local[other]) | (parts.bare[one] == parts.bare[other])
        made[alike] = np.maximum(made[alike], locals_)
        nobodys = generic[one] | generic[other]
        made[nobodys] = np.maximum(made[nobodys], 0.0)
        made = _with_exact(made, one, other, scale, values.sharers, generic)
        if "own_name" in scale.names:
            named = np.flatnonzero((one == other) & parts.is_named[one] & parts.is_provided[one])
            made[named] = level_weights(scale, "own_name", values.sharers[one[named]], generic=generic[one[named]])
        made[(one == other) & parts.is_family[one]] = max(top.of("family"), 0.0)
        return made

    return of_lists(parts.of, left, right, bound)


def address_reach(parts: AddressParts, left: Codes, right: Codes, scale: Scale) -> Weights:
    """Return the most that the addresses of each pair can weigh."""
    top = tops(scale, generic=True)
    # By FAR, REGION, NEAR, and not known.
    elsewhere = np.array([top.of("other"), top.of("same_region"), top.of("near_by"), top.of("other")])

    def bound(one: Codes, other: Codes) -> Weights:
        made = elsewhere[parts.apart(one, other)]
        no_line = (parts.line[one] < 0) | (parts.line[other] < 0)
        made[no_line] = np.maximum(made[no_line], 0.0)
        _raise_areas(made, parts, one, other, scale)
        number, street = (parts.same(name, one, other) for name in ("number", "street"))
        made[number] = np.maximum(made[number], top.of("near_street"))
        made[street] = np.maximum(made[street], top.of("near_street", "near_number", "same_street"))
        strong = np.flatnonzero((number & street) | parts.same("box", one, other))
        made[strong] = np.maximum(made[strong], _of_one_line(parts, one[strong], other[strong], top))
        return made

    return of_lists(parts.of, left, right, bound)


def _raise_areas(made: Weights, parts: AddressParts, one: Codes, other: Codes, scale: Scale) -> None:
    """Raise the bound where ZIP code or city agree, by how many live there."""
    zips, cities = parts.codes["zip"], parts.codes["city"]
    same_city = parts.same("city", one, other)
    unclear = np.flatnonzero(parts.differ("city", one, other))
    a, b = cities[one[unclear]], cities[other[unclear]]
    same_city[unclear] = may_be_edits(parts.texts["city"], a, b, 2) | (parts.city_starts[a] == parts.city_starts[b])
    same_zip = (zips[one] == zips[other]) & (zips[one] >= 0)
    for name, agree in (("city", same_city), ("zip", same_zip)):
        rows = np.flatnonzero(agree)
        weights = _of_either(scale, f"same_{name}", parts.part_sharers[name], one[rows], other[rows])
        made[rows] = np.maximum(made[rows], weights)


def _of_either(scale: Scale, level: str, sharers: Codes, one: Codes, other: Codes) -> Weights:
    """Return what a level weighs by the rarer side: alike places are shared by different numbers of customers."""
    return np.maximum(level_weights(scale, level, sharers[one]), level_weights(scale, level, sharers[other]))


def _of_one_line(parts: AddressParts, one: Codes, other: Codes, top: Tops) -> Weights:
    """Return the most that addresses of one street and number (or one box) can weigh."""
    made = np.full(len(one), max(top.below("exact", "same_line", "other_unit", "same_zip", "same_city"), 0.0))
    for name, sharers in (
        ("exact", parts.place_sharers),
        ("other_unit", parts.place_sharers),
        ("same_line", parts.line_sharers),
    ):
        made = np.maximum(made, _of_either(top.scale, name, sharers, one, other))
    return made
