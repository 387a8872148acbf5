"""How names and birth dates of two persons are put into levels."""

from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.encoding import MISSING, Codes, Column, Texts, codes_of, distinct, per_distinct
from dq.matching.folding import given_sound, sound
from dq.matching.nicknames import Nicknames
from dq.matching.scoring import Scale
from dq.matching.strings import edits, likeness

Levels = NDArray[np.int8]
ALIKE_FIRST = 0.7
"""From here on given names look alike (Kristin, Kirsten): no longer chance, not yet a typo."""
_ALIKE_SOUND = 0.75
"""Names of one sound are one name in two spellings from here on (Kathryn, Katherine); June is not Jeanne."""
ALIKE_LAST = 0.75
_SHORT = 3
"""In names this short one letter makes another name (Ann, Ian), so one edit is no typo."""


class NameCodes:
    """First, middle and last names in one space of codes, so that they can be compared with each other."""

    def __init__(self, names: Column, first: Codes, middle: Codes, last: Codes, nicknames: Nicknames) -> None:
        self.names = names
        self.first = first
        self.middle = middle
        self.last = last
        texts = list(names.texts)
        self.sounds = codes_of([sound(text) for text in texts])
        self.given_sounds = codes_of([given_sound(text) for text in texts])
        # One more at the end, so that the code of a missing name has the length 0.
        self.lengths = np.append(names.texts.lengths, 0)
        self.letters = codes_of([text[:1] for text in texts])
        self.families = np.array([nicknames.family(text) for text in texts], dtype=np.uint64)
        self.is_plain = np.array([text.isascii() for text in texts], dtype=bool)
        self.is_given = np.array([nicknames.is_known(text) for text in texts], dtype=bool)


def first_names(names: NameCodes, left: Codes, right: Codes, scale: Scale, nicknames: Nicknames) -> Levels:
    """Return the level of the given names of each pair."""

    def compare(one: Codes, other: Codes) -> Levels:
        return _first_levels(names, one, other, scale, nicknames)

    levels = per_distinct(names.first[left], names.first[right], compare)
    weak = levels >= scale.place("typo")
    for here, there in ((left, right), (right, left)):
        by_middle = (names.first[here] == names.middle[there]) & (names.first[here] >= 0)
        by_middle &= names.lengths[names.first[here]] > 1
        levels[weak & by_middle] = scale.place("middle")
    levels[_is_weak(levels, scale) & is_swapped(names, left, right)] = scale.place("swapped")
    return levels


def _is_weak(levels: Levels, scale: Scale) -> NDArray[np.bool_]:
    """Say where the given names as they stand are no better than a typing error, or one is missing."""
    weak: NDArray[np.bool_] = (levels >= scale.place("typo")) | (levels == MISSING)
    return weak


def _first_levels(names: NameCodes, one: Codes, other: Codes, scale: Scale, nicknames: Nicknames) -> Levels:
    levels = np.full(len(one), scale.place("other"), dtype=np.int8)
    shortest = np.minimum(names.lengths[one], names.lengths[other])
    share = likeness(names.names.texts, one, other, min(ALIKE_FIRST, _ALIKE_SOUND))
    alike = share >= ALIKE_FIRST
    levels[alike] = scale.place("similar")
    same_sound = (names.given_sounds[one] == names.given_sounds[other]) & (share >= _ALIKE_SOUND)
    levels[same_sound] = scale.place("sounds_alike")
    distance = edits(names.names.texts, one, other, 2)
    typo = ((distance == 1) & (shortest > _SHORT)) | ((distance == 2) & (shortest > 2 * _SHORT))
    levels[typo] = scale.place("typo")
    close = alike | same_sound | (distance == 1)
    known = names.is_given[one] & names.is_given[other]
    levels[known & ~close] = scale.place("other_known_name")
    levels[known & close & ~same_sound] = scale.place("alike_known_name")
    initial = (shortest == 1) & (names.letters[one] == names.letters[other])
    levels[initial] = scale.place("initial")
    listed = np.flatnonzero(names.families[one] & names.families[other])
    pairs = zip(names.names.texts[one[listed]], names.names.texts[other[listed]], strict=True)
    related = [nicknames.related(a, b) for a, b in pairs]
    levels[listed[np.array(related, dtype=bool)]] = scale.place("nickname")
    variants = known & close & (same_sound | ((levels == scale.place("nickname")) & (distance == 1)))
    levels[_are_variants(levels, scale, names, one, other, variants)] = scale.place("variant")
    levels[one == other] = scale.place("exact")
    return _in_one_script(names, one, other, levels)


def _in_one_script(names: NameCodes, one: Codes, other: Codes, levels: Levels) -> Levels:
    """Take names in two scripts as not compared: nobody sees in them whether they are one."""
    made: Levels = np.where(names.is_plain[one] == names.is_plain[other], levels, MISSING).astype(np.int8)
    return made


def _are_variants(
    levels: Levels,
    scale: Scale,
    names: NameCodes,
    one: Codes,
    other: Codes,
    found: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Say which names `found` alike are each a name of its own: Ana and Anna, Jane and Janet, Joan and Joanne.

    They are as often two people as one. Peggy and Margaret are not alike, Billy is Bill, and Micheal is a typing error.
    """
    unclear = np.flatnonzero(found)
    left, right = names.names.texts[one[unclear]], names.names.texts[other[unclear]]
    one_name = [
        a + "y" == b or b + "y" == a or sorted(a) == sorted(b) or (a[0] != b[0] and level == scale.place("nickname"))
        for a, b, level in zip(left, right, levels[unclear], strict=True)
    ]
    found[unclear[np.array(one_name, dtype=bool)]] = False
    return found


def is_swapped(names: NameCodes, left: Codes, right: Codes) -> NDArray[np.bool_]:
    """Say which pairs have first and last name in each other's place, typing errors forgiven.

    One of the crossed names must be the same; James Jones and Agnes Jones, who have one family name, are not crossed.
    """
    found: NDArray[np.bool_] = (names.first[left] == names.last[right]) & (names.first[left] >= 0)
    found |= (names.last[left] == names.first[right]) & (names.last[left] >= 0)
    found &= ~((names.last[left] == names.last[right]) & (names.last[left] >= 0))
    # Most pairs have no name in the other's column, and nothing else of them is looked at.
    rows = np.flatnonzero(found)
    one = _crossed(names, names.first[left[rows]], names.last[right[rows]])
    two = _crossed(names, names.last[left[rows]], names.first[right[rows]])
    both = (one >= _CLOSE) & (two >= _CLOSE) & ((one == _SAME) | (two == _SAME))
    half = ((one == _SAME) & (two == MISSING)) | ((two == _SAME) & (one == MISSING))
    found[rows] = both | half
    return found


_CLOSE, _SAME = 1, 2


def _crossed(names: NameCodes, left: Codes, right: Codes) -> Levels:
    """Return _SAME, _CLOSE (an edit or two) or 0 of names in different columns, MISSING where one is."""

    def compare(one: Codes, other: Codes) -> Levels:
        levels = np.zeros(len(one), dtype=np.int8)
        shortest = np.minimum(names.lengths[one], names.lengths[other])
        distance = edits(names.names.texts, one, other, 2)
        two_names = names.is_given[one] & names.is_given[other]
        levels[(distance <= 2) & (shortest > 2 * distance) & ~two_names] = _CLOSE
        levels[one == other] = _SAME
        return levels

    return per_distinct(left, right, compare)


def last_names(names: NameCodes, parts: Column, former: Column, left: Codes, right: Codes, scale: Scale) -> Levels:
    """Return the level of the family names of each pair; `parts` are those of double names, `former` earlier names."""

    def compare(one: Codes, other: Codes) -> Levels:
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        shortest = np.minimum(names.lengths[one], names.lengths[other])
        levels[likeness(names.names.texts, one, other, ALIKE_LAST) >= ALIKE_LAST] = scale.place("similar")
        levels[(names.sounds[one] == names.sounds[other]) & (shortest > 2)] = scale.place("sounds_alike")
        distance = edits(names.names.texts, one, other, 2)
        typo = ((distance == 1) & (shortest > _SHORT)) | ((distance == 2) & (shortest > 2 * _SHORT))
        levels[typo] = scale.place("typo")
        levels[one == other] = scale.place("exact")
        return _in_one_script(names, one, other, levels)

    levels = per_distinct(names.last[left], names.last[right], compare)
    has_more = (parts.codes >= 0) | (former.codes >= 0)
    double = np.flatnonzero((has_more[left] | has_more[right]) & (levels > scale.place("compound")))
    words = _FamilyWords(names, parts, former, distinct(np.concatenate([left[double], right[double]])))
    for place, one, other in zip(double.tolist(), left[double].tolist(), right[double].tolist(), strict=True):
        level = words.shared_level(one, other)
        if level:
            levels[place] = min(levels[place], scale.place(level))
    # Crossed names are weighed once, with the given names.
    levels[(levels > scale.place("compound")) & is_swapped(names, left, right)] = MISSING
    return levels


class _FamilyWords:
    """The family names of some records, in use and former, as sets of words."""

    def __init__(self, names: NameCodes, parts: Column, former: Column, records: Codes) -> None:
        columns = ((names.names.texts, names.last), (parts.texts, parts.codes), (former.texts, former.codes))
        last, own, earlier = (_texts_of(texts, codes[records]) for texts, codes in columns)
        self._found: dict[int, tuple[set[str], set[str]]] = {
            record: ({name, *words.split()} - {""}, set(old.split()))
            for record, name, words, old in zip(records.tolist(), last, own, earlier, strict=True)
        }

    def shared_level(self, one: int, other: int) -> str:
        """Return `compound` where one's name is part of the other's or its former one, `same_former`, or nothing.

        A former name in common says less than one in use: sisters have the same maiden name.
        """
        (mine, my_former), (theirs, their_former) = self._found[one], self._found[other]
        if mine & (theirs | their_former) or theirs & my_former:
            return "compound"
        return "same_former" if my_former & their_former else ""


def _texts_of(texts: Texts, codes: Codes) -> list[str]:
    """Return the text of each code, the empty one where it is missing."""
    found: list[str] = texts.arrow.take(pa.array(codes, mask=codes < 0)).fill_null("").to_pylist()
    return found


def middle_names(names: NameCodes, left: Codes, right: Codes, scale: Scale) -> Levels:
    """Return the level of the middle names of each pair."""

    def compare(one: Codes, other: Codes) -> Levels:
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        shortest = np.minimum(names.lengths[one], names.lengths[other])
        levels[(edits(names.names.texts, one, other, 1) == 1) & (shortest > _SHORT)] = scale.place("typo")
        levels[(shortest == 1) & (names.letters[one] == names.letters[other])] = scale.place("initial")
        levels[one == other] = scale.place("exact")
        return _in_one_script(names, one, other, levels)

    return per_distinct(names.middle[left], names.middle[right], compare)


class Dates(Column):
    """A column of ISO dates, with their digits and days as numbers."""

    @cached_property
    def digits(self) -> NDArray[np.int16]:
        """Return the eight digits of each distinct date, as signs."""
        return self.texts.signs.reshape(-1, len("1970-01-01"))[:, [0, 1, 2, 3, 5, 6, 8, 9]].astype(np.int16)

    @cached_property
    def days(self) -> NDArray[np.float64]:
        """Return the day of each distinct date counted from the year 0, months taken as 30.4 days; good to two days."""
        digits = (self.digits - ord("0")).astype(np.float64)
        parts = [digits[:, cut] @ 10.0 ** np.arange(cut.stop - cut.start)[::-1] for cut in (_YEAR, _OF_YEAR, _OF_MONTH)]
        numbers: NDArray[np.float64] = np.stack(parts, axis=1) @ np.array([365.25, 30.44, 1.0])
        return numbers


_YEAR, _OF_YEAR, _OF_MONTH = slice(0, 4), slice(4, 6), slice(6, 8)
"""Year, month and day among the digits of a date."""


def birth_dates(dates: Column, left: Codes, right: Codes, scale: Scale) -> Levels:
    """Return the level of the birth dates (ISO text) of each pair."""
    assert isinstance(dates, Dates)
    digits, days = dates.digits, dates.days

    def compare(one: Codes, other: Codes) -> Levels:
        a, b = digits[one], digits[other]
        unequal = a != b
        year, month, day = (~unequal[:, cut].any(axis=1) for cut in (_YEAR, _OF_YEAR, _OF_MONTH))
        levels = np.full(len(one), scale.place("other"), dtype=np.int8)
        years = np.abs(days[one] - days[other]) / _DAYS
        # The first of January is what systems write where only the year is known, or nothing.
        certain = ~((a[:, 4:] == _NEW_YEAR).all(axis=1) | (b[:, 4:] == _NEW_YEAR).all(axis=1))
        levels[(years >= _GENERATION[0]) & (years <= _GENERATION[1]) & certain] = scale.place("generation")
        levels[_are_near(days[one], days[other])] = scale.place("near")
        levels[year.astype(int) + month + day == 2] = scale.place("two_parts")
        differing = unequal.sum(axis=1)
        neighbours = (unequal[:, :-1] & unequal[:, 1:]).any(axis=1) & (differing == 2)
        transposed = neighbours & (np.sort(a, axis=1) == np.sort(b, axis=1)).all(axis=1)
        levels[(differing == 1) | transposed] = scale.place("one_digit")
        swapped = year & (a[:, 4:6] == b[:, 6:8]).all(axis=1) & (a[:, 6:8] == b[:, 4:6]).all(axis=1)
        levels[swapped] = scale.place("day_month_swapped")
        levels[differing == 0] = scale.place("exact")
        return levels

    return per_distinct(dates.codes[left], dates.codes[right], compare)


_GENERATION = (15.0, 50.0)
"""Years between parent and child; farther apart are typing errors of the century and placeholders."""
_DAYS = 365.25
_NEW_YEAR = np.array([ord(sign) for sign in "0101"], dtype=np.int16)
_YEARS = (0, 1, 10)
"""Years by which a birth year is typed or remembered wrongly."""
_MONTH = 31.0


def _are_near(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which days lie within a month of each other, the year taken as it is or one or ten off."""
    apart = np.abs(one - other)
    near = np.zeros(len(apart), dtype=bool)
    for years in _YEARS:
        near |= np.abs(apart - years * _DAYS) <= _MONTH
    return near
