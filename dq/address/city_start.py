"""Where the city starts in what stands before state and ZIP: known names first, then where the street ends."""

from itertools import pairwise
from typing import Final, NamedTuple

from dq.address.street_end import SIDE_LETTERS, TOKEN, after_street, has_side, is_complete, is_unit, leaves_line
from dq.address.tagger import label
from dq.address.words import Words
from dq.address.zip_proposals import near_typos, own_short_form, own_typo
from dq.address.zip_reference import ZipReference

LONGEST_CITY: Final = 5
"""Words of the longest city name of the reference that matters (`Village of Oak Creek`)."""
SURE: Final = 1.0
"""The ZIP's own city, which nothing contradicts."""
LIKELY: Final = 0.9
"""A place near the ZIP, of its state, or the words after the last comma."""
GUESSED: Final = 0.7
"""Words that follow a complete street and that no list has: right in 31 of 33 such real rows."""

_MILITARY: Final = frozenset({"APO", "FPO", "DPO"})
_SHORTEST_NAMED: Final = 3
"""A number, a street and a city."""


class City(NamedTuple):
    """Where the city starts and how sure that is; `at` is the length of the text where there is none."""

    at: int
    certainty: float


class _Place(NamedTuple):
    """What the last line says besides the city."""

    zip5: str
    states: tuple[str, ...]


def find_city(head: str, zip5: str, states: tuple[str, ...], words: Words, reference: ZipReference) -> City | None:
    """Find the city at the end of a text; None where nothing there looks like one.

    Args:
        head: Upper-case text before state and ZIP; commas and line breaks are commas.
        zip5: Five digits, `""` where missing.
        states: The written state, else those the ZIP lies in, else none.
        words: Street words.
        reference: Places.
    """
    if not head:
        return None
    place = _Place(zip5, states)
    starts = [match.start() for match in TOKEN.finditer(head)]
    if head[starts[-1] :] in _MILITARY if starts else False:
        return City(starts[-1], SURE)
    first = head.rfind(",") + 1
    starts = [start for start in starts if start >= first]
    if not starts:
        return None
    if first and not _holds_street(head[first:], words):
        return _after_comma(head, starts, place, reference)
    city = _search(head, starts[-LONGEST_CITY:], place, words, reference)
    is_guess = city is None or city.certainty == GUESSED
    if first and is_guess and not any(map(str.isdigit, head[first:])):
        return City(starts[0], LIKELY)
    return city


def _holds_street(segment: str, words: Words) -> bool:
    """Return whether a segment between commas holds more than a city: digits, a unit, a street with its suffix."""
    if any(map(str.isdigit, segment)):
        return True
    tokens = segment.replace(".", "").split()
    if len(tokens) > 1 and is_unit(tokens[0], words):
        return True
    # ST is Saint in a city's name.
    return any(words.suffixes.get(word) in words.common_suffixes for word in tokens[1:-1] if word != "ST")


def _after_comma(head: str, starts: list[int], place: _Place, reference: ZipReference) -> City:
    """Take the words after the last comma as the city, without what a comma too many cut off the street before it.

    `PEACHTREE RD, NW ATLANTA` and `UNIT K, L CEDAR RAPIDS` leave the letter to the street where ATLANTA is known.
    """
    name = head[starts[0] :]
    if _bears(name, place, reference):
        return City(starts[0], SURE)
    if any(test(name, place, reference) for test in (_is_near, _is_place)):
        return City(starts[0], LIKELY)
    first = head[starts[0] : starts[1]].replace(".", "").strip() if len(starts) > 1 else ""
    if len(starts) > LONGEST_CITY or (first and len(first) <= SIDE_LETTERS):
        inner = next((at for at in starts[1:] if _is_known(head[at:], place, reference)), None)
        if inner is not None:
            return City(inner, LIKELY)
    return City(starts[0], LIKELY)


def _is_known(city: str, place: _Place, reference: ZipReference) -> bool:
    is_own = _bears(city, place, reference)
    return is_own or _is_near(city, place, reference) or (not place.zip5 and _is_place(city, place, reference))


def _search(head: str, starts: list[int], place: _Place, words: Words, reference: ZipReference) -> City | None:
    """Search the last words, the longest name first; what leaves no street before it is no city."""
    likely = [start for start in starts if _may_begin(head[start:], reference)]
    own = next((start for start in likely if _is_own(head, start, place, words, reference)), len(head))
    near = next(
        (
            start
            for start in likely
            if start < own
            and _is_near(head[start:], place, reference)
            and leaves_line(head[:start], head[start:], words)
        ),
        None,
    )
    if own < len(head):
        is_longer = near is not None and _wins(head, near, own, place, words, reference)
        return City(near if is_longer and near is not None else own, SURE)
    starts = [start for start in starts if leaves_line(head[:start], head[start:], words)]
    if near is not None:
        return City(_with_side(head, near, starts, place, words, reference), LIKELY)
    for test in (_is_misspelt, _is_part):
        found = [start for start in starts if test(head[start:], place, reference)]
        if found:
            return City(next((start for start in found if is_complete(head[:start], words)), found[0]), LIKELY)
    unknown = after_street(head, words) if place.zip5 else None
    if unknown is not None:
        return City(unknown, GUESSED)
    known = _first_place(head, starts, place, words, reference)
    if known is not None:
        return City(known, LIKELY)
    unknown = after_street(head, words)
    return None if unknown is None else City(unknown, GUESSED)


def _may_begin(city: str, reference: ZipReference) -> bool:
    """Return whether words may be a name: one word always, several where a name of several begins like this."""
    first, _, rest = city.partition(" ")
    return not rest or first.replace(".", "").partition("-")[0] in reference.beginnings


def _first_place(head: str, starts: list[int], place: _Place, words: Words, reference: ZipReference) -> int | None:
    """Return where the longest name of a place of the state starts, one behind a complete street before others.

    Of `EAST ORANGE` and `ORANGE` the longer is meant where mail is addressed to it; a letter after a suffix or number
    is the street's.
    """
    known = [start for start in starts if _is_place(head[start:], place, reference)]
    at = next((start for start in known if is_complete(head[:start], words)), next(iter(known), None))
    for longer, shorter in pairwise(known):
        side = head[longer:shorter].replace(".", "").strip()
        if at not in (longer, shorter) or side not in words.directionals:
            continue
        if has_side(head[:longer], words):
            return longer
        is_letter = len(side) <= SIDE_LETTERS and is_complete(head[:longer], words)
        offices = [_has_office(head[start:], place, reference) for start in (longer, shorter)]
        at = shorter if is_letter or (offices[1] and not offices[0]) else longer
    return at


def _has_office(city: str, place: _Place, reference: ZipReference) -> bool:
    return any((state, reference.key(city)) in reference.city_zips for state in place.states)


def _bears(city: str, place: _Place, reference: ZipReference) -> bool:
    """Return whether the name, or the city it is a nickname of, is the ZIP's own."""
    own = reference.own_city(place.zip5, city)
    if own:
        return own.state in place.states
    names = ((state, reference.full_name(city, state)) for state in place.states)
    found = ((state, reference.own_city(place.zip5, name)) for state, name in names if name != city)
    return any(own and own.state == state for state, own in found)


def _is_own(head: str, start: int, place: _Place, words: Words, reference: ZipReference) -> bool:
    city = head[start:]
    return _bears(city, place, reference) and leaves_line(head[:start], city, words)


def _is_near(city: str, place: _Place, reference: ZipReference) -> bool:
    return any(reference.is_near(place.zip5, city, state) for state in place.states)


def _is_misspelt(city: str, place: _Place, reference: ZipReference) -> bool:
    return any(
        own_short_form(place.zip5, city, state, reference)
        or own_typo(place.zip5, city, state, reference)
        or near_typos(place.zip5, city, state, reference)
        for state in place.states
    )


def _is_part(city: str, place: _Place, reference: ZipReference) -> bool:
    return any(reference.is_part(place.zip5, city, state) for state in place.states)


def _is_place(city: str, place: _Place, reference: ZipReference) -> bool:
    """Return whether the state has a place of that name; without a state, whether any has."""
    if not place.states:
        return reference.key(city) in reference.known_keys
    return any(reference.is_place(city, state) or reference.full_name(city, state) != city for state in place.states)


def _wins(head: str, near: int, own: int, place: _Place, words: Words, reference: ZipReference) -> bool:
    """Return whether a longer name near the ZIP wins over the ZIP's own city at its end (`WEST ALBANY`, `ALBANY`).

    A letter after a suffix, or after the first half of a directional, is the street's (`26TH ST W BRADENTON`); else the
    nearer of the two centres wins.
    """
    before, side = head[:near].replace(",", " ").replace(".", "").split(), head[near:own].split()
    is_letter = len(side) == 1 and len(side[0].strip(".")) <= SIDE_LETTERS and side[0].strip(".") in words.directionals
    if is_letter and before and (before[-1] in words.suffixes or (before[-1] in "NS" and side[0].strip(".") in "EW")):
        return False
    if has_side(head[:near], words):
        return True
    for state in place.states:
        longer = reference.centre_kilometres(place.zip5, head[near:], state)
        shorter = reference.centre_kilometres(place.zip5, head[own:], state)
        if longer is not None:
            return shorter is None or longer < shorter
    return False


def _with_side(head: str, near: int, starts: list[int], place: _Place, words: Words, reference: ZipReference) -> int:
    """Return where a near place starts with the side before it, where it is a county: `RD NORTH CHESTERFIELD`."""
    before = [start for start in starts if start < near]
    side = head[before[-1] : near].strip(" .") if before else ""
    is_side = side in words.directionals and len(side) > SIDE_LETTERS
    counties = {reference.key(known.county) for known in reference.zips.get(place.zip5, ())}
    return before[-1] if is_side and reference.key(head[near:]) in counties else near


def named_city(text: str, words: Words, reference: ZipReference) -> int | None:
    """Return where a city starts that follows a numbered street without comma, state or ZIP; None where none does.

    The words after a complete street must be a known name; after a street without suffix the model must say so too.
    """
    tokens = list(TOKEN.finditer(text))
    plain = [match.group().strip(".") for match in tokens]
    if len(plain) < _SHORTEST_NAMED or not any(map(str.isdigit, text)) or "&" in plain:
        return None
    at = after_street(text, words)
    if at is not None and _is_sound_name(text[at:], words, reference):
        before = [match.start() for match in tokens if match.start() < at][-1]
        is_side = len(text[before:at].strip(" .")) > SIDE_LETTERS and text[before:at].strip() in words.directionals
        return before if is_side and reference.key(text[before:]) in reference.known_keys else at
    labels = label(tuple(words.canonical(token) for token in plain)).labels
    start = len(labels)
    while start and labels[start - 1] == "PlaceName":
        start -= 1
    if not 1 < start < len(labels):
        return None
    at = tokens[start].start()
    return at if _is_sound_name(text[at:], words, reference) else None


def _is_sound_name(city: str, words: Words, reference: ZipReference) -> bool:
    """Return whether a name is a place or nickname and no word of the street before it."""
    tokens = city.replace(".", "").split()
    if len(tokens) == 1 and (tokens[0] in words.suffixes or tokens[0] in words.units):
        return False
    if any(name in words.directionals or is_unit(name, words) for name in (tokens[0], tokens[-1])):
        return False
    key = reference.key(city)
    return key in reference.known_keys or any(key == alias for _, alias in reference.aliases)
