"""The cases of customer addresses with something wrong: a number, a name, a directional, a ZIP, a city."""

import re
from typing import Final

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from dq.sample.chance import Chance
from dq.sample.usps.customer_cases import ranged_streets, street_range, without_inside
from dq.sample.usps.customers import Around, Case, Drawn, at_numbers, draw

OPPOSITE: Final = {"N": "S", "S": "N", "E": "W", "W": "E", "NE": "SW", "SW": "NE", "NW": "SE", "SE": "NW"}
INVENTED: Final = ("QUIXOTIC", "ZEPHYRINE", "WOBBLEGATE", "YGGDRASIL", "XYLOPHONE", "UMBRAGEOUS")
"""Names more than two edits away from every street of the sample."""
OTHER_SUFFIX: Final = {"ST": "AVE", "AVE": "ST", "RD": "LN", "LN": "RD"}
LONG_NAME: Final = 8
"""Letters from which on a misspelling of one letter is sure to be one."""
FAR: Final = 2  # edits by which other names must differ from a misspelt one
BEYOND: Final = 400  # house numbers behind the last one of a street

_NO_PLAIN_NAME: Final = re.compile(r"\d|^AVENUE ")
"""Numbered and lettered streets: a wrong letter makes another one of them."""


def number_out_of_range(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a number beyond the end of a street that has the only street of its name."""
    block = around.block
    drawn = draw(chance, around, block.is_plain & block.is_alone & (block.ranges["style"] == 0), count)
    rows = drawn["row"].to_numpy(dtype=np.int64)
    numbers = block.last_number[rows] + BEYOND + 2 * chance.integers(0, 100, len(rows))
    return at_numbers(around, rows, numbers).assign(expected_zip4="")


def street_unknown(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a street that does not exist."""
    drawn = street_range(chance, around, count)
    names = np.array(INVENTED, dtype=object)[chance.integers(0, len(INVENTED), len(drawn))]
    return drawn.assign(street=names, expected_zip4="")


def street_in_box_zip(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a street address in a ZIP that has boxes only."""
    block = around.block
    is_box_zip = block.places.zip_class[block.ranges["place"]] == b"P"
    drawn = draw(chance, around, block.of_type(b"P") & is_box_zip, count)
    return drawn.assign(record_type="S", street=INVENTED[0], suffix="AVE", expected_zip4="")


def street_misspelt(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw a long street name and leave a letter out, write one twice or swap two."""
    drawn = _alone(chance, around, 4 * count)
    is_long = drawn["street"].map(lambda name: len(name) >= LONG_NAME and not _NO_PLAIN_NAME.search(name))
    drawn = drawn[is_long.to_numpy(dtype=bool)].reset_index(drop=True)
    places = chance.uniform(len(drawn)).tolist()
    misspelt = [_misspelt(name, place) for name, place in zip(drawn["street"], places, strict=True)]
    finance = around.block.places.finance_no[around.block.ranges["place"][drawn["row"].to_numpy(dtype=np.int64)]]
    is_clear = [
        _is_clear(wrong, right, around.block.names[number])
        for wrong, right, number in zip(misspelt, drawn["street"], finance.tolist(), strict=True)
    ]
    return drawn.assign(street=misspelt)[np.array(is_clear, dtype=bool)].head(count)


def _misspelt(name: str, place: float) -> str:
    way, at = divmod(int(place * 3 * (len(name) - 4)), len(name) - 4)
    at += 2  # first letters are seldom mistyped
    if way == 0:
        return name[:at] + name[at + 1 :]
    if way == 1:
        return name[:at] + name[at] + name[at:]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _is_clear(wrong: str, right: str, names: list[str]) -> bool:
    near = process.extract(wrong, names, scorer=OSA.distance, score_cutoff=FAR, limit=2)
    return wrong != right and " " not in (wrong[0], wrong[-1]) and "  " not in wrong and [n[0] for n in near] == [right]


def suffix_missing(chance: Chance, around: Around, count: int) -> Drawn:
    """Leave the suffix out."""
    drawn = _alone(chance, around, 2 * count)
    return drawn[drawn["suffix"] != ""].assign(suffix="").head(count)


def suffix_wrong(chance: Chance, around: Around, count: int) -> Drawn:
    """Give another suffix."""
    drawn = _alone(chance, around, 3 * count)
    drawn = drawn[drawn["suffix"].isin([*OTHER_SUFFIX])]
    return drawn.assign(suffix=drawn["suffix"].map(OTHER_SUFFIX)).head(count)


def directional_missing(chance: Chance, around: Around, count: int) -> Drawn:
    """Leave the directional out."""
    return _with_directional(chance, around, count).assign(predirectional="")


def directional_wrong(chance: Chance, around: Around, count: int) -> Drawn:
    """Turn the directional round."""
    drawn = _with_directional(chance, around, count)
    return drawn.assign(predirectional=drawn["predirectional"].map(OPPOSITE), expected_zip4="")


def _with_directional(chance: Chance, around: Around, count: int) -> Drawn:
    drawn = _alone(chance, around, 6 * count)
    has_one = (drawn["predirectional"] != "") & (drawn["postdirectional"] == "") & (drawn["suffix"] != "")
    return drawn[has_one].head(count)


def multiple(chance: Chance, around: Around, count: int) -> Drawn:
    """Leave out the directional of one of two streets that differ by it alone and both have the number."""
    block = around.block
    ranges = block.ranges
    names = ("place", "street", "suffix", "postdirectional")
    frame = pd.DataFrame({name: ranges[name] for name in (*names, "predirectional", "number_low", "parity")})
    frame = frame.assign(row=np.arange(len(ranges)), hundred=frame["number_low"] // 100)
    frame = frame[block.is_plain & (ranges["style"] == 0)]
    is_bare = frame["predirectional"] == b""
    bare = frame[is_bare][[*names]].drop_duplicates().assign(is_bare=True)
    frame = frame[~is_bare].merge(bare, on=[*names], how="left")
    frame = frame[frame["is_bare"].isna()]
    keys = [*names, "hundred", "parity"]
    pairs = frame.merge(frame, on=keys)
    pairs = pairs[pairs["row_x"] < pairs["row_y"]].drop_duplicates(keys)
    low = np.maximum(pairs["number_low_x"], pairs["number_low_y"]).to_numpy()
    first, second = pairs["row_x"].to_numpy(dtype=np.int64), pairs["row_y"].to_numpy(dtype=np.int64)
    both = low <= np.minimum(ranges["number_high"][first], ranges["number_high"][second])
    both &= ranges["plus4_low"][first] != ranges["plus4_low"][second]
    drawn = without_inside(around, at_numbers(around, first[both], low[both]))
    other = np.array(
        [
            (int(street), int(number)) in block.inside
            for street, number in zip(ranges["street_no"][second[both]], low[both], strict=True)
        ],
        dtype=bool,
    )
    drawn = drawn[~np.isin(drawn["row"], first[both][other])]
    drawn = drawn.iloc[chance.order(len(drawn))]
    return drawn.head(count).assign(predirectional="", expected_zip4="")


def wrong_zip(chance: Chance, around: Around, count: int) -> Drawn:
    """Give another ZIP of the same post office."""
    drawn, places = _alone(chance, around, 2 * count), around.block.places
    place = around.block.ranges["place"][drawn["row"].to_numpy(dtype=np.int64)]
    standard = np.flatnonzero(places.zip_class == b"")
    by_office = pd.Series(standard).groupby(places.finance_no[standard]).apply(list)
    others = [
        [other for other in by_office.get(office, []) if other != own]
        for office, own in zip(places.finance_no[place].tolist(), place.tolist(), strict=True)
    ]
    ways = chance.uniform(len(drawn))
    zips = [
        places.zip5[found[int(way * len(found))]].decode() if found else ""
        for found, way in zip(others, ways.tolist(), strict=True)
    ]
    moved = drawn.assign(zip5=zips)
    return moved[moved["zip5"] != ""].head(count)


def alias_street(chance: Chance, around: Around, count: int) -> Drawn:
    """Write a street under its other name."""
    if not len(around.alias_rows):
        return at_numbers(around, around.alias_rows, around.alias_rows)
    which = chance.integers(0, len(around.alias_rows), count)
    rows = around.alias_rows[which]
    drawn = at_numbers(around, rows, around.block.ranges["number_low"][rows])
    names = np.array(around.alias_names, dtype=object)[which]
    drawn = drawn.assign(street=names, suffix="", predirectional="", postdirectional="")
    ranges = around.block.ranges
    is_good = around.block.is_plain[rows] & (ranges["number_low"][rows] < ranges["number_high"][rows])
    return without_inside(around, drawn[is_good])


def other_city(chance: Chance, around: Around, count: int) -> Drawn:
    """Write a name of the neighbourhood for the city."""
    drawn = street_range(chance, around, 2 * count)
    place = around.block.ranges["place"][drawn["row"].to_numpy(dtype=np.int64)]
    names = [around.unmailed[row] for row in place.tolist()]
    renamed = drawn.assign(city=names)
    return renamed[renamed["city"] != ""].head(count)


def plus4_outdated(chance: Chance, around: Around, count: int) -> Drawn:
    """Give a +4 that was right once."""
    drawn = street_range(chance, around, count)
    return drawn[drawn["expected_zip4"] != ""].assign(zip4="1999")


def _alone(chance: Chance, around: Around, count: int) -> Drawn:
    """Draw numbers inside ranges of streets whose name no other street of the post office has."""
    flags = ranged_streets(around, is_single=False) & around.block.is_alone & (around.block.ranges["style"] == 0)
    is_grid = np.strings.isdigit(around.block.ranges["street"])
    return without_inside(around, draw(chance, around, flags & ~is_grid, count))


FAULTS: Final[dict[str, Case]] = {
    case.__name__: case
    for case in (
        *(number_out_of_range, street_unknown, street_in_box_zip, street_misspelt, suffix_missing, suffix_wrong),
        *(directional_missing, directional_wrong, multiple, wrong_zip, alias_street, other_city, plus4_outdated),
    )
}
"""The functions of `sample/usps_cases` by name."""
