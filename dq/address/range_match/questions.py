"""What standardised addresses ask of a street file: which street, number, units and firm. Answers nothing."""

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from dq.address.words import Words
from dq.model import COMPONENT_COLUMNS, TEXT

FIRM: Final = "firm"
"""Optional column of the addresses: the organisation that is addressed."""
READ: Final = (
    "address_key",
    "address_line1",
    "address_line2",
    "city",
    "state",
    "zip5",
    *COMPONENT_COLUMNS,
    FIRM,
)
"""Columns read from the addresses; those that are absent count as null."""
PARTS: Final = ("predirectional", "street", "suffix", "postdirectional")
"""What tells two streets of a ZIP apart: columns of a question and of a range alike."""

_URBANIZATION = r"\bURB (.+?)(?: PMB \S+)?(?: PO BOX \S+)?$"
_WORD_SIGNS: Final = r"[^0-9A-Z]+"
_NUMBER_WORDS: Final = {
    "ONE": "1",
    "TWO": "2",
    "THREE": "3",
    "FOUR": "4",
    "FIVE": "5",
    "SIX": "6",
    "SEVEN": "7",
    "EIGHT": "8",
    "NINE": "9",
    "TEN": "10",
    "ELEVEN": "11",
    "TWELVE": "12",
}
"""House numbers people write in words; street files have digits."""
_BOX: Final = "PO BOX"
_GENERAL: Final = "GENERAL DELIVERY"


def ask(addresses: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return one question per address.

    A box, a route with its box and general delivery are asked for the way the file keeps them: as the street `PO BOX`,
    `RR 2`, `GENERAL DELIVERY` with the box as number.

    Args:
        addresses: Standardised addresses in any style, one row per `address_key` (and ZIP, where another is tried).
        words: Brings suffixes, directionals and unit types back to their abbreviations.

    Returns:
        Columns of READ and `kind` (street, box, route or general; null where nothing can be asked), `predirectional,
        street, suffix, postdirectional, line` (the four joined), `number`, `unit_type, unit` (the finest),
        `outer_unit_type, outer_unit`, `firm_key`, `urbanization`; text, null where absent; index from 0.
    """
    questions = addresses.reindex(columns=list(READ)).astype(TEXT).reset_index(drop=True)
    upper = {column: questions[column].str.upper() for column in COMPONENT_COLUMNS}
    has_street, has_route = upper["addr_street"].notna(), upper["addr_route"].notna()
    kind = pd.Series(pd.NA, index=questions.index, dtype=TEXT)
    kind[upper["addr_box"].notna()] = "box"
    kind[has_route] = "route"
    kind[upper["addr_route"] == _GENERAL] = "general"
    kind[has_street] = "street"
    special = upper["addr_route"].where(has_route, _BOX)
    questions["kind"] = kind
    questions["predirectional"] = _short(upper["addr_predirectional"], words.directionals).where(has_street)
    questions["street"] = upper["addr_street"].where(has_street, special).where(kind.notna())
    questions["suffix"] = _short(upper["addr_suffix"], words.suffixes).where(has_street)
    questions["postdirectional"] = _short(upper["addr_postdirectional"], words.directionals).where(has_street)
    questions["line"] = street_line(questions)
    questions["number"] = _short(upper["addr_number"].where(has_street, upper["addr_box"]), _NUMBER_WORDS)
    units = _units(upper["addr_unit_type"], upper["addr_unit"], words)
    firm = questions[FIRM].fillna(questions["address_line2"])
    urbanization = questions["address_line2"].str.upper().str.extract(_URBANIZATION)[0]
    return questions.join(units).assign(firm_key=name_key(firm), urbanization=urbanization.astype(TEXT))


def street_line(streets: pd.DataFrame) -> pd.Series:
    """Return directionals, name and suffix joined as they are written; null where there is no name."""
    filled = streets[list(PARTS)].fillna("")
    joined = filled["predirectional"].str.cat(filled[list(PARTS[1:])], sep=" ")
    joined = joined.str.replace(r" +", " ", regex=True).str.strip()
    return joined.mask(streets["street"].isna()).astype(TEXT)


def name_key(names: pd.Series) -> pd.Series:
    """Return firm names without case, blanks and signs; null where nothing is left."""
    keys = names.str.upper().str.replace("&", "AND").str.replace(_WORD_SIGNS, "", regex=True)
    return keys.mask(keys == "").astype(TEXT)


def split_units(types: str, numbers: str, words: Words) -> tuple[tuple[str, str], ...]:
    """Pair unit types with their numbers, from left to right.

    >>> from dq.settings import load_settings
    >>> from dq.standards import load_standards
    >>> from dq.address.words import load_words
    >>> settings = load_settings()
    >>> words = load_words(load_standards(settings.standards, settings.expectations))
    >>> split_units("BLDG REAR APT", "4 2B", words)
    (('BLDG', '4'), ('REAR', ''), ('APT', '2B'))
    """
    kinds = [words.units.get(kind, kind) for kind in types.split()]
    left = re.sub(r" & ", "&", numbers).split()
    with_number = [kind for kind in kinds if kind not in words.bare_units]
    if len(left) not in (len(kinds), len(with_number)):
        return ((kinds[-1] if kinds else "#", numbers),) if numbers else tuple((kind, "") for kind in kinds)
    takes_all = len(left) == len(kinds)
    pairs = []
    for kind in kinds:
        number = left.pop(0) if takes_all or kind not in words.bare_units else ""
        pairs.append((kind, number.replace("&", " & ")))
    return tuple(pairs)


def _units(types: pd.Series, numbers: pd.Series, words: Words) -> pd.DataFrame:
    """Return the last unit and the one before it: nothing finer than an apartment in a building is listed."""
    cells = list(zip(types.fillna(""), numbers.fillna(""), strict=True))
    known = {cell: split_units(*cell, words) for cell in set(cells)}
    rows = [
        (*(units[-1] if units else ("", "")), *(units[-2] if len(units) > 1 else ("", "")))
        for units in map(known.__getitem__, cells)
    ]
    columns = ["unit_type", "unit", "outer_unit_type", "outer_unit"]
    units = pd.DataFrame(rows, index=types.index, columns=columns, dtype=TEXT)
    return units.mask(units == "").astype(TEXT)


def _short(spellings: pd.Series, table: Mapping[str, str]) -> pd.Series:
    return spellings.map(dict(table)).fillna(spellings).astype(TEXT)
