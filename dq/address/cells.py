"""The cells of an address row as line 1, line 2, city, state and ZIP, combined and repeated ones taken apart."""

from collections.abc import Callable
from typing import Final

import pandas as pd

from dq import model
from dq.address.city_start import LIKELY
from dq.address.distinct import per_distinct
from dq.address.last_line import LastLine, split_address, split_last_line
from dq.address.words import Words, plain_state
from dq.address.zip_reference import ZipReference

CELLS: Final = ("address_line1", "address_line2", "city", "state", "zip")
_WHOLE: Final = r"[A-Za-z.]{2,}[\s,]+\d{5}(?:-?\d{4})?\W*$"
"""A delivery line that ends in a word and a ZIP may be a whole address."""
_PARTS: Final = {"address_line1": "line", "city": "city", "state": "state", "zip": "zip_text"}


def split_cells(given: pd.DataFrame, words: Words, reference: ZipReference) -> pd.DataFrame:
    """Return the columns `CELLS`, empty where missing.

    Args:
        given: Address columns, `address_text` and `last_line` as text.
        words: Street words.
        reference: Places.
    """
    filled = given[[*model.ADDRESS_COLUMNS, *model.UNSPLIT_POINT_COLUMNS]].fillna("")
    zips = filled["zip5"].where(filled["zip5"] != "", filled["postal_code"])
    has_plus4 = (filled["zip4"] != "") & zips.str.fullmatch(r"\s*\d{3,5}\s*")
    zips = zips.where(~has_plus4, zips.str.strip() + "-" + filled["zip4"].str.strip())
    cells = filled[["address_line1", "address_line2", "city", "state"]].assign(zip=zips)
    _fill(cells, filled["last_line"], lambda text: split_last_line(text, words))
    _fill(cells, filled["address_text"], lambda text: split_address(text, words, reference))
    _part_whole_lines(cells, words, reference)
    return cells


def state_code(state: str, words: Words) -> str:
    """Return a state's code, or the text in upper case where it names none."""
    plain = plain_state(state)
    return words.states.get(plain) or words.states.get(plain.replace(" ", "")) or plain


def _fill(cells: pd.DataFrame, texts: pd.Series, split: Callable[[str], LastLine]) -> None:
    """Fill empty cells in place from a combined one."""
    has_text = texts.str.strip() != ""
    if not has_text.any():
        return
    codes, parts = per_distinct(texts[has_text], split)
    for column, part in _PARTS.items():
        values = pd.Series([getattr(parts[code], part) for code in codes], texts.index[has_text], dtype=model.TEXT)
        current = cells.loc[has_text, column]
        cells.loc[has_text, column] = current.where(current != "", values)


def _part_whole_lines(cells: pd.DataFrame, words: Words, reference: ZipReference) -> None:
    """Take the last line off a delivery line that holds a whole address, where the row's own cells do not differ.

    What is taken off fills empty cells or stands in them already: nothing is lost.
    """
    may_be_whole = cells["address_line1"].str.contains(_WHOLE, regex=True)
    for index, row in cells[may_be_whole].iterrows():
        found = split_address(row["address_line1"], words, reference)
        if not found.line or not found.city or found.certainty < LIKELY:
            continue
        is_same = (
            _same(reference.key(row["city"]), reference.key(found.city))
            and _same(state_code(row["state"], words), found.state)
            and _same(row["zip"].strip()[:5], found.zip_text[:5])
        )
        if is_same:
            for column, part in _PARTS.items():
                value = getattr(found, part)
                if column == "address_line1" or not row[column].strip() or len(value) > len(row[column].strip()):
                    cells.loc[index, column] = value


def _same(own: str, found: str) -> bool:
    return not own or not found or own == found
