"""How names of organisations are put into levels: words weighted by rarity, acronyms, branch numbers."""

from math import ceil
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.address_ladder import AddressParts
from dq.matching.contact_ladders import Compared, Flags, Levels, Weighed, heaviest
from dq.matching.encoding import MISSING, Codes, Lists, Texts
from dq.matching.name_words import NameWords
from dq.matching.scoring import Scale
from dq.matching.strings import edits, likeness

_MOST = 0.6
_SOME = 0.3
_ALIKE = 0.85
"""Shares of the weight of words (or of letters) two names have in common."""
_SHORTENED = 0.9
"""What a word that is shortened or mistyped counts of the same word."""
_LONG, _LONGER = 5, 9
"""Letters of what differs from which on one edit, and two, are a typing error."""
_TELLING = 8.0
"""Bits a contained name must carry (rarer than 1 in 250) before being part of the other says something."""
_TELLING_WORD = 7.0
"""Bits of a word (rarer than 1 name in 130) that names somebody: where both names have one of their own, one in ten
lists or fewer means one organisation by them, whatever else they share."""
_TOGETHER = 0.5
"""Part of what the words beside the rarest are worth where names have others too: beauty and academy come together."""
EXPECTED_ALIKE = (2e-5, 0.05)
"""Share of other organisations with the words two names have in common: brands and families have several."""
_LONG_NAME = 6
"""Letters of a name from which on a website that begins with them is no chance."""
_SPELLED = 0.8
"""Share of the letters of a name that a website begins with: `lawson-attorneys-at-law.com` lacks no word but `pa`."""
_ROWS = 200_000
"""Pairs of names looked at together: 10 x 10 words each, so 20 MB of answers."""


def organization_names(names: NameWords, left: Codes, right: Codes, scale: Scale) -> Weighed:
    """Return level and weight of the names of each pair of organisations."""

    def compare(one: Codes, other: Codes) -> Compared:
        made = [
            _levels(names, one[start : start + _ROWS], other[start : start + _ROWS], scale)
            for start in range(0, max(len(one), 1), _ROWS)
        ]
        levels, worth = np.concatenate([part for part, _ in made]), np.concatenate([part for _, part in made])
        exact = one == other
        alike = np.clip(np.exp2(-worth), *EXPECTED_ALIKE)
        expected = np.where(exact, names.expected[one], alike)
        return Compared(levels, np.where(exact, names.of.values.sharers[one], 1), None, expected)

    return heaviest(names.of, left, right, scale, compare)


def spelled_by_sites(names: NameWords, sites: Lists, records: Codes) -> Flags:
    """Say which records have a website that spells one of their names: `floresgrillreno.com` of Flores Grill."""
    asked, places = np.unique(records, return_inverse=True)
    found = []
    for record in asked.tolist():
        own = _members(names.of, names.bare, record)
        found.append(any(_spells(site, name) for site in _members(sites, sites.values.texts, record) for name in own))
    flags: Flags = np.array(found, dtype=bool)[places.ravel()]
    return flags


def named_for_town(names: NameWords, parts: AddressParts, records: Codes) -> Flags:
    """Say which records have a name that begins with the town of one of their addresses: Miami Electric in Miami."""
    asked, places = np.unique(records, return_inverse=True)
    towns, found = parts.codes["city"], []
    for record in asked.tolist():
        codes = towns[_codes(parts.of, record)]
        own = tuple(str(town) for town in parts.texts["city"][codes[codes >= 0]])
        found.append(any(bare.startswith(own) for bare in _members(names.of, names.bare, record)))
    flags: Flags = np.array(found, dtype=bool)[places.ravel()]
    return flags


def _members(of: Lists, texts: Texts, record: int) -> list[str]:
    """Return the texts of a record's list."""
    return [str(text) for text in texts[_codes(of, record)]]


def _codes(of: Lists, record: int) -> Codes:
    """Return the codes of the values of a record's list."""
    place = int(of.sets.codes[record])
    return of.members[of.starts[place] : of.starts[place + 1]] if place >= 0 else of.members[:0]


def _spells(site: str, bare: str) -> bool:
    """Say whether a website begins with a name written as one word; small words may be missing in either.

    >>> _spells("the-padillagrill-reno.com", "padillagrill"), _spells("reno.edu", "renocollege")
    (True, False)
    """
    letters = "".join(filter(str.isalnum, site.partition(".")[0])).removeprefix("the")
    bare = bare.removeprefix("the")
    return len(bare) >= _LONG_NAME and letters.startswith(bare[: ceil(_SPELLED * len(bare))])


def by_website(made: Weighed, scale: Scale, same_site: Flags, spelled: Flags) -> Weighed:
    """Return level and weight of names, those that differ though one website is made of one of them on their own level.

    Whoever calls itself Blue Barrel Pharmacy at floresgrill.com is Flores Grill under another name more often than not.
    """
    levels, weights = made[0].copy(), made[1].copy()
    differ = np.isin(levels, [scale.place("some_words"), scale.place("other")])
    rows = np.flatnonzero(differ & same_site & spelled)
    levels[rows] = scale.place("by_website")
    weights[rows] = scale.weigh(levels[rows], np.zeros(len(rows), dtype=np.int64))[1]
    return levels, weights


def _levels(names: NameWords, one: Codes, other: Codes, scale: Scale) -> tuple[Levels, NDArray[np.float64]]:
    """Return the level of each pair of names and what the words they share are worth in bits."""
    met = _overlap(names, one, other)
    smaller = np.minimum(met.left, met.right)
    union = met.left + met.right - met.shared
    share = np.round(met.shared / np.maximum(union, 1e-6), 6)
    levels = np.full(len(one), scale.place("other"), dtype=np.int8)
    levels[share >= _SOME] = scale.place("some_words")
    alike = likeness(names.bare, one, other, _ALIKE)
    contained = (met.shared >= smaller - 1e-6) | (met.left_open.sum(axis=1) == 0) | (met.right_open.sum(axis=1) == 0)
    levels[contained & (met.shared >= _TELLING)] = scale.place("contained")
    levels[((share >= _MOST) | (alike >= _ALIKE)) & ~_name_two(names, one, other, met)] = scale.place("most_words")
    levels[_acronyms(names, one, other)] = scale.place("acronym")
    whole = ~met.left_open.any(axis=1) & ~met.right_open.any(axis=1)
    levels[whole | _slips(names, one, other, met)] = scale.place("typo")
    numbered = [names.is_number[names.words[codes]].any(axis=1) for codes in (one, other)]
    levels[whole & (numbered[0] != numbered[1])] = scale.place("one_number")
    # Alike to the last word, but many have that name: what is common does not gain by a slip or a missing number.
    levels[whole & (smaller < _TELLING)] = scale.place("most_words")
    levels[met.conflict & ((share >= _SOME) | (alike >= _ALIKE))] = scale.place("other_number")
    levels[(names.sorted[one] == names.sorted[other]) | (names.bare_code[one] == names.bare_code[other])] = scale.place(
        "same_words"
    )
    levels[one == other] = scale.place("exact")
    levels[names.is_cut[one] & names.is_cut[other]] = MISSING
    beside = np.where(np.isin(levels, [scale.place("typo"), scale.place("one_number")]), 1.0, _TOGETHER)
    return levels, met.rarest + beside * (met.shared - met.rarest)


class _Met(NamedTuple):
    """What two names have in common, a row per pair.

    Attributes:
        shared: Rarity of the words they share, in bits.
        rarest: Rarity of the rarest of them.
        left: Rarity of all words of the left name; `right` likewise. A number on one side only is left out.
        conflict: Both have a number, or both a direction, and not the same.
        left_open: Words of the left name without a partner, by place; `right_open` likewise.
    """

    shared: NDArray[np.float64]
    rarest: NDArray[np.float64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]
    conflict: Flags
    left_open: Flags
    right_open: Flags


def _overlap(names: NameWords, one: Codes, other: Codes) -> _Met:
    a, b = names.words[one], names.words[other]
    equal = (a[:, :, None] == b[:, None, :]) & (a[:, :, None] >= 0)
    found = equal.any(axis=2)
    of_found = np.where(found, names.rarity[a], 0.0)
    shared, rarest = of_found.sum(axis=1), of_found.max(axis=1)
    conflict: Flags = np.zeros(len(one), dtype=bool)
    for kind in (names.is_number, names.is_direction):
        conflict |= kind[a].any(axis=1) & kind[b].any(axis=1) & ~(found & kind[a]).any(axis=1)
    left_open: Flags = (a >= 0) & ~found
    right_open: Flags = (b >= 0) & ~equal.any(axis=1)
    totals: list[NDArray[np.float64]] = []
    for mine, theirs, open_, all_ in ((a, b, left_open, names.total[one]), (b, a, right_open, names.total[other])):
        # One list writes the number of a branch, the other does not: no evidence.
        is_number: Flags = names.is_number[mine]
        others = names.is_number[theirs].any(axis=1) | is_number.all(axis=1, where=mine >= 0)
        numbers: Flags = is_number & ~np.asarray(others)[:, None]
        open_[numbers] = False
        totals.append(all_ - np.where(numbers, names.rarity[mine], 0.0).sum(axis=1))
    rows, first, second = np.nonzero(
        left_open[:, :, None] & right_open[:, None, :] & names.same_start(a[:, :, None], b[:, None, :])
    )
    left, right = a[rows, first].astype(np.int64), b[rows, second].astype(np.int64)
    kept = names.alike(left, right)
    rows, first, second, left, right = (part[kept] for part in (rows, first, second, left, right))
    bits = _SHORTENED * np.minimum(names.rarity[left], names.rarity[right])
    # A word has one partner: the first of each row and place counts.
    _, once = np.unique(rows * a.shape[1] + first, return_index=True)
    shared = shared + np.bincount(rows[once], weights=bits[once], minlength=len(one))
    left_open[rows, first] = False
    right_open[rows, second] = False
    total_left, total_right = (np.round(total, 6) for total in totals)
    return _Met(np.round(shared, 6), rarest, total_left, total_right, conflict, left_open, right_open)


def _name_two(names: NameWords, one: Codes, other: Codes, met: _Met) -> Flags:
    """Say where each name has a rare word that the other lacks: `Wallace College Selma`, `Wallace College Jasper`."""
    rarest = [
        np.where(open_, names.rarity[names.words[codes]], 0.0).max(axis=1)
        for codes, open_ in ((one, met.left_open), (other, met.right_open))
    ]
    found: Flags = np.minimum(*rarest) >= _TELLING_WORD
    return found


def _slips(names: NameWords, one: Codes, other: Codes, met: _Met) -> Flags:
    """Say which names differ in a typing error that runs over words or begins one: `Mid States` and `Midstate`."""
    near = np.flatnonzero(edits(names.bare, one, other, 2) <= 2)
    left, right = (one[near], met.left_open[near]), (other[near], met.right_open[near])
    texts = Texts(pa.concat_arrays([names.written(*side) for side in (left, right)]))
    first, second = np.arange(len(near)), np.arange(len(near), 2 * len(near))
    shortest = np.minimum(texts.lengths[first], texts.lengths[second])
    distance = edits(texts, first, second, 2)
    slip = ((distance == 1) & (shortest >= _LONG)) | ((distance == 2) & (shortest >= _LONGER))
    found = np.zeros(len(one), dtype=bool)
    found[near] = slip & ~names.are_words(left, right)
    return found


def _acronyms(names: NameWords, one: Codes, other: Codes) -> NDArray[np.bool_]:
    long_one = (names.count[one] > 2) & (names.count[other] == 1)
    long_other = (names.count[other] > 2) & (names.count[one] == 1)
    forward = long_one & (names.initials[one] == names.bare_code[other])
    backward = long_other & (names.initials[other] == names.bare_code[one])
    found: NDArray[np.bool_] = forward | backward
    return found
