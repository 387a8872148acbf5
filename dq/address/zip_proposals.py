"""What a wrong city or ZIP was probably meant to be: misspelt names and slips of the keyboard. Decides nothing."""

from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dq.address.place_names import distance_km, key_words
from dq.address.tokens import fold
from dq.address.zip_reference import NEAR_KM, ZipReference

MOST_EDITS: Final = 2
"""More edits make another name."""
MOST_REMEMBERED: Final = 2_000
"""ZIPs whose neighbours are remembered: about 40 KB each."""
LONG_NAME: Final = 8
"""From this length on two edits are a typo; in a shorter name one, as Salem and Selma are two cities."""
SHORTEST_OWN: Final = 3
"""Shortest name compared with the ZIP's own city: Rye, Ada and Elk are cities, two letters are initials."""
SHORTEST_NEAR: Final = 4
"""Shortest name compared with places nearby, of which there are a hundred: any three letters resemble one of them."""
LONGEST_CODE: Final = 3
"""Letters of a state's code or short form, which resembles too many others."""
SHORTEST_CUT: Final = 6
"""Shortest beginning that stands for the ZIP's own city: a narrow column cuts `RANCHO CUCAMO`, nobody cuts `SAN`."""
SWAP_KM: Final = 10.0
"""Farther than this from a city that mail is addressed to, a ZIP whose swapped digits are the city's own is a slip: in
10,700 real places that happens once, after swapping digits on purpose 130 times as often; nearer it is chance."""
_SHORT: Final = {"SAINT": "ST", "FORT": "FT", "MOUNT": "MT"}
MOST_NAMES: Final = 3
"""Names offered at most; more are a guess."""


def own_typo(zip5: str, city: str, state: str, reference: ZipReference) -> str:
    """Return the ZIP's own city where `city` is a small misspelling or the cut-off beginning of it, else `""`.

    A name that the state has somewhere is never a misspelling.
    """
    typed = _spellings(city, reference)
    if min(map(len, typed)) < SHORTEST_OWN or reference.is_place(city, state):
        return ""
    for place in reference.zips.get(zip5, ()):
        if place.state != state:
            continue
        is_cut = len(typed[0]) >= SHORTEST_CUT and place.key.startswith(typed[0])
        if is_cut or any(_edits(typed, spelling) for spelling in _spellings(place.city, reference)):
            return place.city
    return ""


def own_short_form(zip5: str, city: str, state: str, reference: ZipReference) -> str:
    """Return the ZIP's own city where `city` writes each of its words short (`HUNTINGTN BCH`), else `""`.

    The Postal Service abbreviates names to 13 letters: the first letter of a word stays, others may go, none moves.
    """
    typed = key_words(city, reference.words)
    if sum(map(len, typed)) < SHORTEST_CUT or reference.is_place(city, state):
        return ""
    for place in reference.zips.get(zip5, ()):
        whole = key_words(place.city, reference.words)
        pairs = list(zip(typed, whole, strict=False))
        if place.state == state and len(typed) - len(whole) in (0, 1) and all(_is_short(*pair) for pair in pairs):
            extra = typed[len(whole) :]
            if not extra or _is_short(extra[0], "TOWNSHIP"):
                return place.city
    return ""


def _is_short(short: str, word: str) -> bool:
    """Return whether a word of two letters or more keeps the first letter and the order of another's."""
    letters = iter(word)
    return len(short) > 1 and short[0] == word[0] and all(letter in letters for letter in short)


def is_state_typo(typed: str, name: str) -> bool:
    """Return whether a text is a state's name with one or two edits (`MASSACHUSETS`, `CALIFRONIA`)."""
    return len(typed) > LONGEST_CODE and 0 < OSA.distance(typed, name, score_cutoff=2) <= (
        2 if len(name) >= LONG_NAME else 1
    )


def near_typos(zip5: str, city: str, state: str, reference: ZipReference) -> list[str]:
    """Return the named places near the ZIP that `city` is the least misspelling of; several are a draw.

    Two edits count only where the first letter stands: real typos keep it, chance does not.
    """
    typed = _spellings(city, reference)
    if min(map(len, typed)) < SHORTEST_NEAR or reference.is_place(city, state):
        return []
    spellings, keys = _near_spellings(zip5, state, reference)
    found: dict[str, int] = {}
    for form in typed:
        for spelling, edits, at in process.extract(
            form, spellings, scorer=OSA.distance, score_cutoff=MOST_EDITS, limit=None
        ):
            key = keys[at]
            is_typo = 0 < edits <= _allowed(form, spelling) and (edits == 1 or key[0] == typed[0][0])
            if is_typo and edits < found.get(key, MOST_EDITS + 1):
                found[key] = int(edits)
    least = min(found.values(), default=0)
    nearest = [reference.names[state, key] for key, edits in found.items() if edits == least]
    # Boise and Boise City, Queens and Queens Village are no draw: the shorter one is meant.
    bare = {reference.keys(name)[-1] for name in nearest}
    return [min(nearest, key=len)] if len(bare) == 1 else nearest[:MOST_NAMES]


def _allowed(form: str, spelling: str) -> int:
    return MOST_EDITS if min(len(form), len(spelling)) >= LONG_NAME else 1


def _near_spellings(zip5: str, state: str, reference: ZipReference) -> tuple[list[str], list[str]]:
    """Return the spellings of the places near a ZIP and, beside each, the place's key; remembered per ZIP."""
    memo = reference.near_spellings
    if (zip5, state) not in memo:
        if len(memo) >= MOST_REMEMBERED:
            memo.clear()
        pairs = [
            (spelling, key)
            for key in reference.near_keys(zip5, state)
            for spelling in dict.fromkeys((key, *_spellings(reference.names[state, key], reference)))
        ]
        memo[zip5, state] = [spelling for spelling, _ in pairs], [key for _, key in pairs]
    return memo[zip5, state]


def _spellings(city: str, reference: ZipReference) -> tuple[str, ...]:
    """Return the ways a name is compared: its keys, its letters as written, Saint, Fort, Mount short, borough long.

    A typo in an abbreviation (`SRT LOUIS`, `NW YORK`, `MARLBOROUHG`) hides the word it stands for from the key.
    """
    keys, plain = reference.keys(city) or ("",), "".join(filter(str.isalnum, fold(city)))
    short = [short + keys[0].removeprefix(word) for word, short in _SHORT.items() if keys[0].startswith(word)]
    long = [keys[0] + "UGH"] if keys[0].endswith("BORO") else []
    return tuple(dict.fromkeys((*keys, plain, *short, *long)))


def _edits(typed: tuple[str, ...], spelling: str) -> int:
    """Return the least edits from one of the typed forms to a spelling, 0 where they are too many."""
    found = 0
    for form in typed:
        allowed = _allowed(form, spelling)
        edits = OSA.distance(form, spelling, score_cutoff=allowed)
        if 0 < edits <= allowed and (not found or edits < found):
            found = edits
    return found


def swapped_zip(zip5: str, city: str, state: str, reference: ZipReference) -> str:
    """Return the ZIP of the city that two swapped neighbouring digits make of this one, else `""`."""
    return next(iter(_of_city(_swaps(zip5), city, state, reference)), "")


def swapped_zip_nearby(zip5: str, city: str, state: str, reference: ZipReference) -> str:
    """Return the ZIP within `SWAP_KM` of the city that two swapped neighbouring digits make of this one, else `""`."""
    for other in _swaps(zip5):
        kilometres = reference.kilometres(other, city, state)
        if kilometres is not None and kilometres <= SWAP_KM:
            return other
    return ""


def mistyped_area(zip5: str, city: str, state: str, reference: ZipReference) -> list[str]:
    """Return the ZIPs of the city that differ in one of the first three digits.

    The last two digits run through nearly all numbers in a large city, so that there a neighbour proves nothing.
    """
    mistyped = (zip5[:at] + digit + zip5[at + 1 :] for at in range(3) for digit in "0123456789" if digit != zip5[at])
    return _of_city(mistyped, city, state, reference)


def area_kilometres(zip5: str, city: str, state: str, reference: ZipReference) -> float | None:
    """Return how far a place lies from the nearest ZIP with the same first three digits; None where it is unknown."""
    positions = [position for key in reference.keys(city) for position in reference.places.get((state, key), ())]
    known = [place for other in reference.zip3.get(zip5[:3], ()) for place in reference.zips[other]]
    return min(
        (
            distance_km(position.latitude, position.longitude, place.latitude, place.longitude)
            for position in positions
            for place in known
        ),
        default=None,
    )


def is_served(zip5: str, city: str, state: str, reference: ZipReference) -> bool:
    """Return whether any ZIP with the same first three digits bears the city's name."""
    others = {other for key in reference.keys(city) for other in reference.city_zips.get((state, key), ())}
    return any(other[:3] == zip5[:3] for other in others)


def proposed_zip(zip5: str, city: str, state: str, reference: ZipReference) -> str:
    """Return `ZIP,12km` for the ZIP that was probably meant: the swapped one, else the city's only one; else `""`.

    The distance is that between the two ZIPs, left out where the written one is in no list.
    """
    meant = swapped_zip(zip5, city, state, reference)
    if not meant:
        own = [other for key in reference.keys(city) for other in reference.city_zips.get((state, key), ())]
        meant = own[0] if len(own) == 1 else ""
    return with_distance(zip5, meant, reference) if meant else ""


def with_distance(zip5: str, other: str, reference: ZipReference) -> str:
    """Return a ZIP with its distance from another, as flags write it."""
    pairs = [(one, two) for one in reference.zips.get(zip5, ()) for two in reference.zips[other]]
    if not pairs:
        return other
    kilometres = min(distance_km(one.latitude, one.longitude, two.latitude, two.longitude) for one, two in pairs)
    return f"{other},{kilometres:.0f}km"


def is_far(kilometres: float | None) -> bool:
    """Return whether a known distance is farther than a city is accepted."""
    return kilometres is not None and kilometres > NEAR_KM


def _swaps(zip5: str) -> list[str]:
    return [zip5[:at] + zip5[at + 1] + zip5[at] + zip5[at + 2 :] for at in range(4) if zip5[at] != zip5[at + 1]]


def _of_city(zips: Iterable[str], city: str, state: str, reference: ZipReference) -> list[str]:
    places = ((zip5, reference.own_city(zip5, city)) for zip5 in zips)
    return [zip5 for zip5, place in places if place and place.state == state]
