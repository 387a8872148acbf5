"""How phones, e-mails and websites are put into levels: all values of one record against all of the other."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.contact_features import SHORTENED
from dq.matching.encoding import MISSING, Codes, Lists, Texts, best, codes_of, crossed, distinct_pairs, narrow
from dq.matching.folding import numbered, parted
from dq.matching.scoring import Scale
from dq.matching.strings import edits, likeness

Levels = NDArray[np.int8]
Flags = NDArray[np.bool_]
Weighed = tuple[Levels, NDArray[np.float64]]
"""Level and weight of each pair of records."""

_LEAST_NATIONAL = 9
"""Digits of a whole national number: two that end in so many are one, the longer with its country code."""
_LONGEST_COUNTRY_CODE = 3
_SIX, _HALF = 6, 5
"""A spreadsheet shows six digits of a long number, the last of them rounded."""
_LEAST_LOCAL = 5
"""Shorter names before the @ (info, mail, joe) are shared by strangers."""
_MOST_MAILBOXES = 60
"""A domain with more mailboxes is a provider's and not one company's."""
_NOT_LETTERS, _NOT_DIGITS = "[^a-zA-Z]+", "[^0-9]+"
ALIKE_EMAIL = 0.85
"""From here on two addresses at different domains are one with typing errors."""


class Compared(NamedTuple):
    """What comparing distinct values found, a row per pair of values.

    Attributes:
        levels: Level of each.
        sharers: How many customers share what the level is about.
        generic: Where that is nobody's own.
        expected: How frequent it is elsewhere, where that is known.
    """

    levels: Levels
    sharers: Codes
    generic: Flags | None
    expected: NDArray[np.float64] | None = None


Found = tuple[Levels, Codes, Flags | None] | Compared


def heaviest(
    of: Lists,
    left: Codes,
    right: Codes,
    scale: Scale,
    compare: Callable[[Codes, Codes], Found],
) -> Weighed:
    """Compare all members of one list with all of the other and keep the level that weighs most.

    Args:
        of: The lists.
        left: Record of each pair.
        right: Record of each pair.
        scale: The ladder.
        compare: Gives the level of pairs of values, how many customers share what the level is about, and where that
            is nobody's own.
    """
    pairs = distinct_pairs(of.sets.codes[left], of.sets.codes[right])
    rows, one, other = crossed(pairs, of)
    values = distinct_pairs(one, other)
    found = Compared(*compare(values.left, values.right))
    levels, weights = scale.weigh(found.levels, found.sharers, found.expected, found.generic)
    levels, weights = levels[values.place], weights[values.place]
    chosen, met = best(rows, levels, weights, len(pairs.left))
    pair_levels = np.full(len(pairs.left), MISSING, dtype=np.int8)
    pair_weights = np.zeros(len(pairs.left))
    pair_levels[met], pair_weights[met] = levels[chosen], weights[chosen]
    return pairs.spread(pair_levels, MISSING).astype(np.int8), pairs.spread(pair_weights, 0.0).astype(np.float64)


def without_generic(levels: Levels, generic: Flags, same: Flags) -> Levels:
    """Take a value that is nobody's own and any other value as not compared: they say nothing about each other."""
    made: Levels = np.where(generic & ~same, MISSING, levels).astype(np.int8)
    return made


_SEVEN = 7
"""Digits at the end of a phone that are its own within an area."""


def _codes_of_digits(ends: pa.Array) -> Codes:
    """Return a code per text; texts of seven digits are numbers, which are told apart in a fifth of the time."""
    signs = Texts(ends).signs - np.uint8(ord("0"))
    if len(signs) != _SEVEN * len(ends) or (signs > 9).any():
        return codes_of(ends)
    return narrow(pd.factorize(signs.reshape(-1, _SEVEN) @ 10 ** np.arange(_SEVEN, dtype=np.int32))[0])


class PhoneParts:
    """The distinct phones, with their last seven digits as codes, and the first six where the others are gone."""

    def __init__(self, of: Lists) -> None:
        self.of = of
        texts = of.values.texts.arrow
        self.sevens = _codes_of_digits(pc.utf8_slice_codeunits(texts, start=-_SEVEN))
        self.is_shortened: Flags = pc.ends_with(texts, SHORTENED).to_numpy(zero_copy_only=False)
        if self.is_shortened.any():
            self._starts = np.array([_six_digits(text) for text in texts.to_pylist()], dtype=np.int64)

    def share_start(self, one: Codes, other: Codes) -> tuple[Flags, Flags]:
        """Say of which pairs one phone is shortened, and where what is left of it agrees with the other's beginning."""
        shortened: Flags = self.is_shortened[one] | self.is_shortened[other]
        agree, rows = np.zeros(len(one), dtype=bool), np.flatnonzero(shortened)
        if len(rows):
            agree[rows] = self._starts[one[rows]] == self._starts[other[rows]]
        return shortened, agree

    def may_be_abroad(self, one: Codes, other: Codes) -> Flags:
        """Say which pairs of phones end alike and are of different lengths, as with and without a country code."""
        lengths = self.of.values.texts.lengths
        longer = np.abs(lengths[one] - lengths[other])
        whole = np.minimum(lengths[one], lengths[other]) >= _LEAST_NATIONAL
        found: Flags = (longer > 0) & (longer <= _LONGEST_COUNTRY_CODE) & whole
        found &= self.sevens[one] == self.sevens[other]
        return found

    def same(self, one: Codes, other: Codes) -> Flags:
        """Say which pairs are one phone, its country code left out on one side or not."""
        found: Flags = one == other
        texts, rows = self.of.values.texts, np.flatnonzero(self.may_be_abroad(one, other))
        pairs = zip(texts[one[rows]], texts[other[rows]], strict=True)
        found[rows] = np.fromiter((a.endswith(b) or b.endswith(a) for a, b in pairs), bool, len(rows))
        return found


def _six_digits(phone: str) -> int:
    """Return the first six digits of a phone, rounded as a spreadsheet does."""
    digits = phone.removesuffix(SHORTENED)
    return int(digits) if digits != phone else (int(digits[: _SIX + 1]) + _HALF) // 10


def phones(parts: PhoneParts, left: Codes, right: Codes, scale: Scale, generic: Flags) -> Weighed:
    """Return level and weight of the phones of each pair of records."""
    texts, sharers = parts.of.values.texts, parts.of.values.sharers

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes, Flags]:
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        levels[edits(texts, one, other, 1) == 1] = scale.place("one_digit")
        levels[parts.sevens[one] == parts.sevens[other]] = scale.place("same_seven")
        shortened, agree = parts.share_start(one, other)
        levels[shortened] = np.where(agree[shortened], scale.place("shortened"), scale.place("other"))
        same = parts.same(one, other) & ~shortened
        levels[same] = scale.place("exact")
        shared = np.maximum(sharers[one], sharers[other])
        nobodys = generic[one] | generic[other]
        return without_generic(levels, nobodys, same), shared, nobodys

    return heaviest(parts.of, left, right, scale, compare)


class EmailParts:
    """The distinct e-mail addresses, taken apart."""

    def __init__(self, of: Lists, named: pa.Array, family: pa.Array, providers: pa.Array) -> None:
        self.of = of
        texts = of.values.texts.arrow
        self.is_named = _are_in(texts, named)
        self.is_family = _are_in(texts, family)
        locals_, domains_ = parted(texts, "@")
        local, distinct = numbered(locals_)
        self.local = narrow(local)
        self.locals = Texts(distinct)
        bare = pc.replace_substring(pc.replace_substring_regex(locals_, r"(?s)\+.*$", ""), ".", "")
        self.bare = codes_of(bare)
        self.letters = codes_of(_without(locals_, _NOT_LETTERS, str.isalpha))
        self.digits = codes_of(_without(locals_, _NOT_DIGITS, str.isdigit))
        self.is_long = self.locals.lengths[self.local] >= _LEAST_LOCAL
        domain, domains = numbered(domains_)
        self.domain = narrow(domain)
        # A mailbox counts once, whoever shares it: a domain's sharers are its mailboxes.
        self.domain_sharers = narrow(np.bincount(domain, minlength=len(domains)))[domain]
        self.is_provided = _are_in(domains, providers)[domain]


def _are_in(texts: pa.Array, listed: pa.Array) -> Flags:
    found: Flags = pc.is_in(texts, value_set=listed.cast(texts.type)).to_numpy(zero_copy_only=False)
    return found


def _without(texts: pa.Array, pattern: str, kept: Callable[[str], bool]) -> pa.Array:
    """Return the texts without the signs of a pattern; those beyond ASCII keep what Python says they are."""
    made = pc.replace_substring_regex(texts, pattern, "")
    plain = pc.string_is_ascii(texts)
    if pc.all(plain).as_py() is not False:
        return made
    slow = ["".join(filter(kept, text)) for text in texts.filter(pc.invert(plain)).to_pylist()]
    return pc.replace_with_mask(made, pc.invert(plain), pa.array(slow, type=made.type))


def emails(parts: EmailParts, left: Codes, right: Codes, scale: Scale, generic: Flags) -> Weighed:
    """Return level and weight of the e-mails of each pair of records."""
    texts, sharers = parts.of.values.texts, parts.of.values.sharers

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes, Flags]:
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        same_domain = parts.domain[one] == parts.domain[other]
        everybodys = parts.is_provided[one] | (parts.domain_sharers[one] > _MOST_MAILBOXES)
        levels[same_domain & ~everybodys] = scale.place("same_domain")
        both_long = parts.is_long[one] & parts.is_long[other]
        same_local = parts.local[one] == parts.local[other]
        close, alike = np.zeros(len(one), dtype=bool), np.zeros(len(one), dtype=bool)
        # Only what can come out alike is measured: most pairs are told apart by what is compared already.
        near = np.flatnonzero(both_long & (same_domain | parts.is_provided[one] | parts.is_provided[other]))
        close[near] = edits(parts.locals, parts.local[one[near]], parts.local[other[near]], 1) <= 1
        near = np.flatnonzero(~same_domain & (both_long | same_local))
        alike[near] = likeness(texts, one[near], other[near], ALIKE_EMAIL) >= ALIKE_EMAIL
        levels[same_local & both_long] = scale.place("same_local")
        levels[same_local & parts.is_named[one] & parts.is_named[other]] = scale.place("same_name")
        # jones17@ and jones71@ are two customers of one provider, not one with a typing error.
        numbered = (parts.letters[one] == parts.letters[other]) & (parts.digits[one] != parts.digits[other])
        # Nor are hinmanm@ and hinmans@: where the name says all, another letter is another initial.
        initials = parts.is_named[one] & parts.is_named[other] & ~same_local
        # Nor are two providers one mistyped: what is alike there is the name before the @.
        providers = parts.is_provided[one].astype(np.int8) + parts.is_provided[other]
        mistyped = alike & ((providers == 0) | ((providers == 1) & (close | same_local)))
        levels[both_long & ~numbered & ~initials & ((close & same_domain) | mistyped)] = scale.place("similar")
        levels[same_local & mistyped] = scale.place("similar")
        levels[(parts.bare[one] == parts.bare[other]) & same_domain] = scale.place("alias")
        levels[one == other] = scale.place("exact")
        if "own_name" in scale.names:
            levels[(one == other) & parts.is_named[one] & parts.is_provided[one]] = scale.place("own_name")
        levels[(one == other) & parts.is_family[one]] = scale.place("family")
        shared = np.where(levels == scale.place("same_domain"), parts.domain_sharers[one], 0)
        same = levels <= scale.place("alias")
        shared = np.where(same, np.maximum(sharers[one], sharers[other]), shared)
        nobodys = generic[one] | generic[other]
        return without_generic(levels, nobodys, same), shared, nobodys

    return heaviest(parts.of, left, right, scale, compare)


class OtherIds:
    """The distinct further identifiers (`kind:VALUE`), with their kinds as codes."""

    def __init__(self, of: Lists) -> None:
        self.of = of
        texts = of.values.texts
        self.kinds = codes_of(pc.replace_substring_regex(texts.arrow, "(?s):.*$", ""))


def other_ids(parts: OtherIds, left: Codes, right: Codes, scale: Scale) -> Weighed:
    """Return level and weight of the further identifiers of each pair of records; kinds are never mixed."""
    texts = parts.of.values.texts

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes, None]:
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        levels[edits(texts, one, other, 1) <= 1] = scale.place("near")
        levels[one == other] = scale.place("exact")
        levels[parts.kinds[one] != parts.kinds[other]] = MISSING
        return levels, np.where(one == other, parts.of.values.sharers[one], 0), None

    return heaviest(parts.of, left, right, scale, compare)


def websites(of: Lists, left: Codes, right: Codes, scale: Scale, generic: Flags) -> Weighed:
    """Return level and weight of the website domains of each pair of records."""

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes, Flags]:
        levels = np.where(one == other, scale.place("exact"), scale.place("other")).astype(np.int8)
        nobodys = generic[one] | generic[other]
        return (
            without_generic(levels, nobodys, one == other),
            np.where(one == other, of.values.sharers[one], 0),
            nobodys,
        )

    return heaviest(of, left, right, scale, compare)
