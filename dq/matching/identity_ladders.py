"""How generations and identifiers of two persons (and legal forms of two companies) are put into levels."""

import re

import numpy as np
from numpy.typing import NDArray

from dq.matching.encoding import MISSING, Codes, Column, per_distinct
from dq.matching.scoring import Scale
from dq.matching.strings import edits

Levels = NDArray[np.int8]
_WHOLE_NUMBER, _NOT_DIGITS = re.compile(r"\d{9}"), re.compile(r"\D+")
"""Social security and taxpayer numbers have nine digits; what has more or fewer was typed wrongly."""


def equal_or_other(values: Column, left: Codes, right: Codes, scale: Scale) -> Levels:
    """Return `exact` or `other` of each pair."""
    one, two = values.codes[left], values.codes[right]
    levels = np.where(one == two, scale.place("exact"), scale.place("other")).astype(np.int8)
    levels[(one < 0) | (two < 0)] = MISSING
    return levels


def generations(values: Column, left: Codes, right: Codes, scale: Scale) -> Levels:
    """Return `exact`, `other`, or `one_side` where only one of each pair is Jr, Sr or a number."""
    levels = equal_or_other(values, left, right, scale)
    levels[(values.codes[left] < 0) != (values.codes[right] < 0)] = scale.place("one_side")
    return levels


def birth_years(values: Column, left: Codes, right: Codes, scale: Scale) -> Levels:
    """Return the level of the birth years of each pair: one digit, two swapped ones or a year apart are near."""

    def compare(one: Codes, other: Codes) -> Levels:
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        apart = np.abs(values.texts[one].astype(np.int64) - values.texts[other].astype(np.int64))
        levels[(edits(values.texts, one, other, 1) <= 1) | (apart <= 1)] = scale.place("near")
        levels[one == other] = scale.place("exact")
        return levels

    return per_distinct(values.codes[left], values.codes[right], compare)


def tax_ids(values: Column, left: Codes, right: Codes, scale: Scale) -> Levels:
    """Return the level of the tax ids of each pair of persons.

    A number that was cut shows that it is a typing error; two whole numbers do not, whatever letters are among them.
    Two neighbouring digits that changed places are one all the same.
    """

    def compare(one: Codes, other: Codes) -> Levels:
        levels = _identifier_levels(values, one, other, scale)
        near = np.flatnonzero(levels == scale.place("near"))
        pairs = zip(values.texts[one[near]], values.texts[other[near]], strict=True)
        levels[near[np.array([_are_two_numbers(a, b) for a, b in pairs], dtype=bool)]] = scale.place("near_number")
        return levels

    return per_distinct(values.codes[left], values.codes[right], compare)


def _are_two_numbers(one: str, other: str) -> bool:
    # A letter among nine digits is a slip of the keyboard: the number is whole without it.
    one, other = (_NOT_DIGITS.sub("", text) for text in (one, other))
    whole = _WHOLE_NUMBER.fullmatch(one) is not None and _WHOLE_NUMBER.fullmatch(other) is not None
    return whole and sorted(one) != sorted(other)


def identifiers(values: Column, left: Codes, right: Codes, scale: Scale) -> Levels:
    """Return the level of the identifiers of each pair."""

    def compare(one: Codes, other: Codes) -> Levels:
        return _identifier_levels(values, one, other, scale)

    return per_distinct(values.codes[left], values.codes[right], compare)


def _identifier_levels(values: Column, one: Codes, other: Codes, scale: Scale) -> Levels:
    levels = np.full(len(one), scale.place("other"), dtype=np.int8)
    levels[edits(values.texts, one, other, 2) <= 2] = scale.place("near")
    levels[one == other] = scale.place("exact")
    return levels
