"""How addresses are put into levels, on their components; all addresses of one record against all of the other."""

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import components
from dq.matching.areas import FAR, NEAR, REGION, Areas
from dq.matching.contact_ladders import Flags, Levels, Weighed, heaviest
from dq.matching.encoding import MISSING, Codes, Lists, Texts, codes_of, distinct_pairs, narrow
from dq.matching.folding import glued, numbered
from dq.matching.scoring import Scale
from dq.matching.strings import edits, likeness

_ALIKE_STREET = 0.75
"""From here on two street names are one in another spelling (MLK stays apart from Martin Luther King)."""
_LONG_CITY = 6
"""Letters from which on two edits are a typing error and not another town."""
_ALIKE_WHOLE = 0.85
"""The same for the street with its type and directions, written without blanks (rumkerpl, rumkerlace)."""


class AddressParts:
    """Components of the distinct addresses as codes, -1 where one is missing."""

    def __init__(self, of: Lists, areas: Areas) -> None:
        self.of = of
        self.areas = areas
        parts = components(of.values.texts.arrow)
        self.area = areas.codes(parts)
        given = {name: pc.if_else(pc.equal(part, ""), None, part) for name, part in parts.items()}
        encoded = {name: numbered(part) for name, part in given.items()}
        self.codes = {name: narrow(codes) for name, (codes, _) in encoded.items()}
        self.texts = {name: Texts(texts) for name, (_, texts) in encoded.items()}
        self.city_starts = codes_of(pc.utf8_slice_codeunits(self.texts["city"].arrow, 0, _LONG_CITY))
        self.sharers = of.values.sharers
        whole = glued(parts["street"], parts["detail"], by="")
        self.whole = Texts(pc.replace_substring(whole, " ", ""))
        line = pc.coalesce(
            glued(given["number"], given["street"], by=" "),
            glued("box", given["box"], by=" "),
            given["street"],
        )
        self.line = codes_of(line)
        self.line_sharers = _summed(self.line, self.sharers)
        place = glued(line, pc.coalesce(given["zip"], given["city"]), by="|")
        self.place = narrow(numbered(place)[0])
        self.place_sharers = _summed(self.place, self.sharers)
        self.part_sharers = {name: _summed(self.codes[name], self.sharers) for name in ("zip", "city")}

    def same(self, name: str, one: Codes, other: Codes) -> NDArray[np.bool_]:
        """Say which pairs have the same component on both sides."""
        codes = self.codes[name]
        found: NDArray[np.bool_] = (codes[one] == codes[other]) & (codes[one] >= 0)
        return found

    def apart(self, one: Codes, other: Codes) -> NDArray[np.int8]:
        """Return how far apart the ZIP areas of each pair are (see `areas`)."""
        return self.areas.between(self.area[one], self.area[other])

    def differ(self, name: str, one: Codes, other: Codes) -> NDArray[np.bool_]:
        """Say which pairs have a component on both sides and not the same."""
        codes = self.codes[name]
        found: NDArray[np.bool_] = (codes[one] != codes[other]) & (codes[one] >= 0) & (codes[other] >= 0)
        return found


def _summed(codes: Codes, sharers: Codes) -> Codes:
    """Return, for each row, the sharers of all rows with its code; 0 where it has none."""
    present = codes >= 0
    sums = np.bincount(codes[present], weights=sharers[present]) if present.any() else np.zeros(1)
    return narrow(np.where(present, sums[np.maximum(codes, 0)], 0))


def addresses(parts: AddressParts, left: Codes, right: Codes, scale: Scale, generic: Flags) -> Weighed:
    """Return level and weight of the addresses of each pair of records."""

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes, Flags]:
        levels = _levels(parts, one, other, scale)
        return levels, _sharers(parts, one, levels, scale), generic[one] & generic[other]

    return heaviest(parts.of, left, right, scale, compare)


def _levels(parts: AddressParts, one: Codes, other: Codes, scale: Scale) -> Levels:
    same_zip, same_city = parts.same("zip", one, other), parts.same("city", one, other) | _alike_city(parts, one, other)
    same_city &= ~parts.differ("state", one, other)  # Glendale in Arizona and Glendale in California
    agrees = same_zip | same_city
    apart = ~agrees & (
        _other_zip(parts, one, other) | parts.differ("city", one, other) | parts.differ("state", one, other)
    )
    same_street, same_number = parts.same("street", one, other), parts.same("number", one, other)
    no_number = (parts.codes["number"][one] < 0) & (parts.codes["number"][other] < 0)
    detail = parts.differ("detail", one, other)
    same_box = parts.same("box", one, other)
    line = (same_street & same_number & ~detail) | same_box
    near_street = same_number & same_street & detail
    unclear = np.flatnonzero(same_number & ~same_street & parts.differ("street", one, other) & ~apart)
    streets = parts.codes["street"]
    texts = parts.texts["street"]
    alike = _alike(texts, streets[one[unclear]], streets[other[unclear]])
    whole = likeness(parts.whole, one[unclear], other[unclear], _ALIKE_WHOLE)
    near_street[unclear] = alike | (whole >= _ALIKE_WHOLE)
    near_street |= no_number & same_street
    near_number = np.zeros(len(one), dtype=bool)
    unclear = np.flatnonzero(same_street & parts.differ("number", one, other) & ~apart)
    numbers, texts = parts.codes["number"], parts.texts["number"]
    near_number[unclear] = edits(texts, numbers[one[unclear]], numbers[other[unclear]], 1) == 1
    levels = _by_distance(parts.apart(one, other), scale)
    nothing = ~apart & ~agrees & (parts.line[one] < 0) | ~apart & ~agrees & (parts.line[other] < 0)
    levels[same_city] = scale.place("same_city")
    levels[same_zip] = scale.place("same_zip")
    levels[same_street & ~apart & ~no_number] = scale.place("same_street")
    levels[near_number] = scale.place("near_number")
    levels[near_street & ~apart] = scale.place("near_street")
    # N Hillhurst Ave and Hillhurst Ave: a word is missing, nothing is contradicted.
    loosely = np.flatnonzero(same_street & same_number & detail & apart)
    levels[loosely[_adds_a_word(parts, one[loosely], other[loosely])]] = scale.place("same_line")
    levels[line] = scale.place("same_line")
    levels[line & agrees] = scale.place("exact")
    levels[line & ~apart & parts.differ("unit", one, other)] = scale.place("other_unit")
    levels[nothing] = -1
    return levels


def _by_distance(apart: NDArray[np.int8], scale: Scale) -> Levels:
    """Return the level of places that have nothing in common but how far apart they are."""
    levels = np.full(len(apart), scale.place("other"), dtype=np.int8)
    levels[apart == REGION] = scale.place("same_region")
    levels[apart == NEAR] = scale.place("near_by")
    return levels


def vicinities(parts: AddressParts, left: Codes, right: Codes, scale: Scale) -> Weighed:
    """Return level and weight of how far apart the records of each pair are, by the ZIP areas that are nearest."""
    place = np.full(NEAR + 2, MISSING, dtype=np.int8)
    place[[NEAR, REGION, FAR]] = [scale.place(name) for name in ("near", "region", "far")]

    def compare(one: Codes, other: Codes) -> tuple[Levels, Codes, None]:
        # MISSING is the last of all.
        return place[parts.apart(one, other)], np.zeros(len(one), dtype=np.int64), None

    return heaviest(parts.of, left, right, scale, compare)


def _alike(texts: Texts, one: Codes, other: Codes) -> NDArray[np.bool_]:
    """Say which street names are one in another spelling: few letters apart, or one the beginning of the other."""
    pairs = zip(texts[one], texts[other], strict=True)
    begins = np.fromiter((a.startswith(b + " ") or b.startswith(a + " ") for a, b in pairs), bool, len(one))
    found: NDArray[np.bool_] = (likeness(texts, one, other, _ALIKE_STREET) >= _ALIKE_STREET) | begins
    return found


def _adds_a_word(parts: AddressParts, one: Codes, other: Codes) -> NDArray[np.bool_]:
    """Say which pairs have directions and street type of which one has all words of the other."""
    codes, texts = parts.codes["detail"], parts.texts["detail"]
    pairs = distinct_pairs(codes[one], codes[other])
    words = [(set(a.split()), set(b.split())) for a, b in zip(texts[pairs.left], texts[pairs.right], strict=True)]
    found = np.fromiter((a <= b or b <= a for a, b in words), dtype=bool, count=len(words))
    return pairs.spread(found, 0).astype(bool)


def _alike_city(parts: AddressParts, one: Codes, other: Codes) -> NDArray[np.bool_]:
    """Say which pairs have city names a typing error apart, or one with a word more (New York City)."""
    cities, texts = parts.codes["city"], parts.texts["city"]
    left, right = cities[one], cities[other]
    found: NDArray[np.bool_] = (left != right) & (left >= 0) & (right >= 0)
    unclear = np.flatnonzero(found)
    left, right = left[unclear], right[unclear]
    long = np.minimum(texts.lengths[left], texts.lengths[right]) >= _LONG_CITY
    begins = long & (parts.city_starts[left] == parts.city_starts[right])
    maybe = np.flatnonzero(begins)
    pairs = zip(texts[left[maybe]], texts[right[maybe]], strict=True)
    begins[maybe] = np.fromiter((b.startswith(a) or a.startswith(b) for a, b in pairs), bool, len(maybe))
    found[unclear] = long & ((edits(texts, left, right, 2) <= 2) | begins)
    return found


def _other_zip(parts: AddressParts, one: Codes, other: Codes) -> NDArray[np.bool_]:
    """Say which pairs have ZIP codes that are more than a typing error apart."""
    zips, texts = parts.codes["zip"], parts.texts["zip"]
    found = parts.differ("zip", one, other)
    unclear = np.flatnonzero(found)
    found[unclear] = edits(texts, zips[one[unclear]], zips[other[unclear]], 1) > 1
    return found


def _sharers(parts: AddressParts, one: Codes, levels: Levels, scale: Scale) -> Codes:
    """Return how many customers share what the level is about."""
    sharers = np.zeros(len(one), dtype=np.int64)
    for name, counts in (
        ("exact", parts.place_sharers),
        ("other_unit", parts.place_sharers),
        ("same_line", parts.line_sharers),
    ):
        sharers = np.where(levels == scale.place(name), counts[one], sharers)
    for name in ("zip", "city"):
        # Areas are shared by design: their frequency counts, but never makes them generic.
        sharers = np.where(levels == scale.place(f"same_{name}"), parts.part_sharers[name][one], sharers)
    return sharers
