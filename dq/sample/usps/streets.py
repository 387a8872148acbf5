"""Invented streets of a synthetic ZIP+4 file and their ranges of house numbers, odd and even side."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from dq.sample.chance import Chance, Indexes, Weighted
from dq.sample.reference import SampleReference
from dq.sample.usps.layout import Bytes, number_cells, text_cells
from dq.sample.usps.places import Places
from dq.sample.usps.ranges import GRID, HYPHENATED, LETTERED, STREET, Ranges, blank_ranges, write_numbers

STREET_DTYPE: Final = np.dtype(
    [("place", "i8"), ("style", "i8"), ("start", "i8"), *((name, "S28") for name in STREET), ("urbanization_key", "S6")]
)
NAME_SHARES: Final = (0.62, 0.2, 0.09, 0.03, 0.03, 0.02, 0.01)
"""Names of the list, two words, ordinals, state, county and US highways, lettered avenues."""
POSTDIRECTIONAL_RATE: Final = 0.04
GRID_RATE: Final = 0.3  # of streets in Utah: 842 E 1700 S
STYLE_RATES: Final = {HYPHENATED: 0.5, GRID: 0.3, LETTERED: 0.3}
"""Share of streets with such numbers where they are usual: Queens, Waukesha County, Puerto Rico."""
TWIN_RATE: Final = 0.03  # streets with a northern and a southern part that count their houses alike
MOST_HUNDREDS: Final = 40  # a street starts below 4,000
BLOCK_SHARES: Final = (0.3, 0.22, 0.16, 0.11, 0.08, 0.13)
"""Streets one to six blocks long."""
BOTH_SIDES_RATE, GAP_RATE, SINGLE_RATE = 0.06, 0.07, 0.1
"""Blocks with one record for both sides; sides without houses; sides with a single number."""
UNDELIVERED_RATE: Final = 0.015
WIDE_PLUS4_RATE: Final = 0.02  # street records whose +4 is a range
LACS_RATE: Final = 0.004


URBANIZATIONS: Final = 3  # per ZIP of Puerto Rico; some streets lie in none


def urbanization_keys(places: Indexes, numbers: Indexes) -> Bytes:
    """Return the city-state keys of urbanizations: `numbers` count from 1 within a ZIP."""
    return np.strings.add(b"U", number_cells(places * 10 + numbers, 5))


@dataclass(frozen=True)
class StreetWords:
    """Words of street names as cells."""

    names: Bytes
    weights: Weighted
    adjectives: Bytes
    nouns: Bytes
    suffixes: Bytes
    suffix_weights: Weighted
    directionals: Bytes
    directional_weights: Weighted

    @classmethod
    def of(cls, reference: SampleReference) -> "StreetWords":
        """Return the words of the sample's reference."""
        words = reference.words
        return cls(
            text_cells(reference.streets.words.tolist()),
            reference.streets,
            text_cells(words["adjective"].words.tolist()),
            text_cells(words["noun"].words.tolist()),
            text_cells(words["street_suffix"].words.tolist()),
            words["street_suffix"],
            text_cells(words["directional"].words.tolist()),
            words["directional"],
        )


def make_streets(
    chance: Chance, places: Places, rows: Indexes, counts: Indexes, words: StreetWords
) -> npt.NDArray[np.void]:
    """Return streets of dtype `STREET_DTYPE`, distinct within each ZIP, about `counts[i]` for the ZIP `rows[i]`."""
    owner = np.repeat(rows, counts)
    count = len(owner)
    streets = np.zeros(count, dtype=STREET_DTYPE)
    streets["place"] = owner
    kind = chance.shares(NAME_SHARES, count)
    streets["street"] = _names(chance, kind, words)
    has_suffix = kind <= 2
    suffix = words.suffixes[chance.tickets(words.suffix_weights, count)]
    streets["suffix"] = np.where(has_suffix, suffix, b"")
    streets["predirectional"] = words.directionals[chance.tickets(words.directional_weights, count)]
    post = words.directionals[1:][chance.integers(0, len(words.directionals) - 1, count)]
    streets["postdirectional"] = np.where(chance.happens(POSTDIRECTIONAL_RATE, count) & has_suffix, post, b"")
    streets["start"] = chance.integers(0, MOST_HUNDREDS, count)
    _make_twins(chance, streets)
    _make_local(chance, streets, places)
    named = pd.DataFrame({name: streets[name] for name in ("place", *STREET)})
    distinct: npt.NDArray[np.void] = streets[~named.duplicated().to_numpy()]
    return distinct


def _names(chance: Chance, kind: Indexes, words: StreetWords) -> Bytes:
    count = len(kind)
    number = chance.integers(1, 100, count)
    two_words = np.strings.add(
        np.strings.add(words.adjectives[chance.integers(0, len(words.adjectives), count)], b" "),
        words.nouns[chance.integers(0, len(words.nouns), count)],
    )
    ordinals = text_cells([_ordinal(n) for n in range(100)])
    digits = text_cells([str(n) for n in range(100)])
    letters = text_cells([chr(65 + n % 26) for n in range(100)])
    return np.choose(
        kind,
        [
            words.names[chance.tickets(words.weights, count)].astype("S28"),
            two_words.astype("S28"),
            ordinals[number].astype("S28"),
            np.strings.add(b"STATE HIGHWAY ", digits[number]).astype("S28"),
            np.strings.add(b"COUNTY ROAD ", digits[number]).astype("S28"),
            np.strings.add(b"US HIGHWAY ", digits[number]).astype("S28"),
            np.strings.add(b"AVENUE ", letters[number]).astype("S28"),
        ],
    )


def _ordinal(number: int) -> str:
    ending = "TH" if number % 100 in (11, 12, 13) else {1: "ST", 2: "ND", 3: "RD"}.get(number % 10, "TH")
    return f"{number}{ending}"


def _make_twins(chance: Chance, streets: npt.NDArray[np.void]) -> None:
    """Turn some streets into the southern part of the one before them."""
    south = 1 + np.flatnonzero((streets["place"][1:] == streets["place"][:-1]) & (streets["suffix"][:-1] != b""))
    south = south[chance.happens(TWIN_RATE, len(south))]
    for name in ("street", "suffix", "postdirectional", "start"):
        streets[name][south] = streets[name][south - 1]
    streets["predirectional"][south - 1] = b"N"
    streets["predirectional"][south] = b"S"


def _make_local(chance: Chance, streets: npt.NDArray[np.void], places: Places) -> None:
    """Write streets as their region does: grids in Utah, hyphens in Queens, calles and urbanizations in Puerto Rico."""
    count = len(streets)
    state, zip5 = places.state[streets["place"]], places.zip5[streets["place"]]
    draw, hundred = chance.uniform(count), chance.integers(1, 60, count)
    is_grid = (state == b"UT") & (draw < GRID_RATE)
    streets["street"] = np.where(
        is_grid, np.strings.add(text_cells([str(n) for n in range(60)])[hundred], b"00"), streets["street"]
    )
    streets["suffix"] = np.where(is_grid, b"", streets["suffix"])
    streets["predirectional"] = np.where(is_grid, np.array([b"E", b"W"])[hundred % 2], streets["predirectional"])
    streets["postdirectional"] = np.where(is_grid, np.array([b"S", b"N"])[hundred // 2 % 2], streets["postdirectional"])
    three = zip5.astype("S3")
    for style, is_usual in (
        (HYPHENATED, np.isin(three, [b"113", b"114"])),
        (GRID, np.isin(three, [b"530", b"531"])),
        (LETTERED, state == b"PR"),
    ):
        streets["style"] = np.where(is_usual & (draw < STYLE_RATES[style]), style, streets["style"])
    is_calle = state == b"PR"
    calle = np.strings.add(b"CALLE ", streets["street"].astype("S22")).astype("S28")
    streets["street"] = np.where(is_calle, calle, streets["street"])
    for name in ("predirectional", "suffix", "postdirectional"):
        streets[name] = np.where(is_calle, b"", streets[name])
    number = chance.integers(0, URBANIZATIONS + 1, count)
    streets["urbanization_key"] = np.where(is_calle & (number > 0), urbanization_keys(streets["place"], number), b"")


def make_street_ranges(chance: Chance, streets: npt.NDArray[np.void]) -> Ranges:
    """Return the records of type S: per block and side of the street one range, some sides missing."""
    blocks = 1 + chance.shares(BLOCK_SHARES, len(streets))
    street = np.repeat(np.arange(len(streets)), blocks)
    hundred = streets["start"][street] + np.arange(len(street)) - np.repeat(np.cumsum(blocks) - blocks, blocks)
    is_both = chance.happens(BOTH_SIDES_RATE, len(street))
    sides = np.repeat(np.arange(len(street)), 2)
    is_even = np.arange(len(sides)) % 2 == 1
    keep = ~(is_both[sides] & is_even) & ~chance.happens(GAP_RATE, len(sides))
    draws = chance.uniform(len(sides)), chance.integers(0, 10, len(sides)), chance.integers(20, 50, len(sides))
    sides, is_even = sides[keep], is_even[keep]
    single, skipped, steps = (draw[keep] for draw in draws)
    ranges = blank_ranges(len(sides))
    _copy_street(ranges, streets, street[sides])
    ranges["record_type"] = b"S"
    both = is_both[sides]
    # Houses start at 1 or 2 in the first block, at a multiple of 100 elsewhere, and often not at the block's corner.
    low = 100 * hundred[sides] + np.where(is_even, 2 * (hundred[sides] == 0), 1) + 2 * (skipped > 6)
    last = 100 * hundred[sides] + np.where(is_even, 98, 99) - np.where(skipped < 5, 98 - 2 * steps, 0)
    high = np.where(single < SINGLE_RATE, low, np.maximum(last, low))
    ranges["number_low"], ranges["number_high"] = low, high
    ranges["parity"] = np.where(both & (high > low), b"B", np.where(is_even, b"E", b"O"))
    count = len(ranges)
    ranges["is_undelivered"] = chance.happens(UNDELIVERED_RATE, count)
    ranges["plus4_high"] = chance.happens(WIDE_PLUS4_RATE, count)
    ranges["lacs"] = np.where(chance.happens(LACS_RATE, count), b"L", b"")
    write_numbers(ranges)
    return ranges


def _copy_street(ranges: Ranges, streets: npt.NDArray[np.void], number: Indexes) -> None:
    for name in STREET_DTYPE.names or ():
        if name != "start":
            ranges[name] = streets[name][number]
    ranges["street_no"] = number
