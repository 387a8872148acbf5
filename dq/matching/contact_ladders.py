"""How phones, e-mails and websites are put into levels: all values of one record against all of the other."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.encoding import MISSING, Codes, Lists, best, column, crossed, distinct_pairs
from dq.matching.scoring import Scale
from dq.matching.strings import edits, lengths, likeness

Levels = NDArray[np.int8]
Weighed = tuple[Levels, NDArray[np.float64]]
"""Level and weight of each pair of records."""

_LEAST_LOCAL = 5
"""Shorter names before the @ (info, mail, joe) are shared by strangers."""
_ALIKE = 0.85
"""From here on two addresses at different domains are one with typing errors."""


def heaviest(
    of: Lists, left: Codes, right: Codes, scale: Scale, compare: Callable[[Codes, Codes], tuple[Levels, Codes]]
) -> Weighed:
    """Compare all members of one list with all of the other and keep the level that weighs most.

    Args:
        of: The lists.
        left: Record of each pair.
        right: Record of each pair.
        scale: The ladder.
        compare: Gives the level of pairs of values, and how many customers share what the level is about.
    """
    pairs = distinct_pairs(of.sets.codes[left], of.sets.codes[right])
    rows, one, other = crossed(pairs, of)
    values = distinct_pairs(one, other)
    levels, sharers = compare(values.left, values.right)
    levels, weights = scale.weigh(levels, sharers)
    levels, weights = levels[values.place], weights[values.place]
    chosen, met = best(rows, levels, weights, len(pairs.left))
    pair_levels = np.full(len(pairs.left), MISSING, dtype=np.int8)
    pair_weights = np.zeros(len(pairs.left))
    pair_levels[met], pair_weights[met] = levels[chosen], weights[chosen]
    return pairs.spread(pair_levels, MISSING).astype(np.int8), pairs.spread(pair_weights, 0.0).astype(np.float64)


class PhoneParts:
    """The distinct phones, with their last seven digits as codes."""

    def __init__(self, of: Lists) -> None:
        self.of = of
        self.sevens = pd.factorize(np.array([text[-7:] for text in of.values.texts], dtype=object))[0]


def phones(parts: PhoneParts, left: Codes, right: Codes, scale: Scale) -> Weighed:
    """Return level and weight of the phones of each pair of records."""
    texts, sharers = parts.of.values.texts, parts.of.values.sharers

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes]:
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        levels[edits(texts[one], texts[other], 1) == 1] = scale.place("one_digit")
        levels[parts.sevens[one] == parts.sevens[other]] = scale.place("same_seven")
        levels[one == other] = scale.place("exact")
        return levels, np.where(one == other, sharers[one], np.maximum(sharers[one], sharers[other]))

    return heaviest(parts.of, left, right, scale, compare)


class EmailParts:
    """The distinct e-mail addresses, taken apart."""

    def __init__(self, of: Lists) -> None:
        self.of = of
        texts = of.values.texts
        self.locals = np.array([text.partition("@")[0] for text in texts], dtype=object)
        self.local = pd.factorize(self.locals)[0]
        bare = [local.partition("+")[0].replace(".", "") for local in self.locals]
        self.bare = pd.factorize(np.array(bare, dtype=object))[0]
        self.is_long = lengths(self.locals) >= _LEAST_LOCAL
        domains = column(pd.Series([text.partition("@")[2] for text in texts], dtype="str"))
        self.domain = domains.codes
        # A mailbox counts once, whoever shares it: a domain's sharers are its mailboxes.
        self.domain_sharers = domains.sharers[domains.codes] if len(texts) else domains.sharers


def emails(parts: EmailParts, left: Codes, right: Codes, scale: Scale) -> Weighed:
    """Return level and weight of the e-mails of each pair of records."""
    texts, sharers = parts.of.values.texts, parts.of.values.sharers

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes]:
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        same_domain = parts.domain[one] == parts.domain[other]
        levels[same_domain] = scale.place("same_domain")
        both_long = parts.is_long[one] & parts.is_long[other]
        same_local = parts.local[one] == parts.local[other]
        close, alike = np.zeros(len(one), dtype=bool), np.zeros(len(one), dtype=bool)
        # Only what can come out alike is measured: most pairs are told apart by what is compared already.
        near = np.flatnonzero(same_domain & both_long)
        close[near] = edits(parts.locals[one[near]], parts.locals[other[near]], 1) <= 1
        near = np.flatnonzero(~same_domain & (both_long | same_local))
        alike[near] = likeness(texts[one[near]], texts[other[near]]) >= _ALIKE
        levels[same_local & both_long] = scale.place("same_local")
        levels[both_long & ((close & same_domain) | alike)] = scale.place("similar")
        levels[same_local & alike] = scale.place("similar")
        levels[(parts.bare[one] == parts.bare[other]) & same_domain] = scale.place("alias")
        levels[one == other] = scale.place("exact")
        shared = np.where(levels == scale.place("same_domain"), parts.domain_sharers[one], 0)
        shared = np.where(levels <= scale.place("alias"), np.maximum(sharers[one], sharers[other]), shared)
        return levels, shared

    return heaviest(parts.of, left, right, scale, compare)


def websites(of: Lists, left: Codes, right: Codes, scale: Scale) -> Weighed:
    """Return level and weight of the website domains of each pair of records."""

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes]:
        levels = np.where(one == other, scale.place("exact"), scale.place("other")).astype(np.int8)
        return levels, np.where(one == other, of.values.sharers[one], 0)

    return heaviest(of, left, right, scale, compare)
