"""Whether two addresses can be one: house number, words and ZIP region, however each is written. Corrects nothing."""

import re
from typing import Final

import pandas as pd

from dq.address.tokens import fold
from dq.address.words import Words
from dq.model import TEXT

_NUMBER: Final = r"(\d+(?:-\d+)*)"
_WORD: Final = re.compile(r"[A-Z]{2,}")
_ZIP3: Final = r"^\D*(\d{3})\d{2}"
LINES: Final = ("line1", "line2")


def is_other_address(answer: pd.DataFrame, sent: pd.DataFrame, is_converted: pd.Series, words: Words) -> pd.Series:
    """Tell which answers are about another address than the one sent.

    A house or box number is never corrected: where both sides have one, it must be the same, unless LACS converted a
    rural address. Without numbers a word of the street or the ZIP region must be shared; with equal numbers either.

    Args:
        answer: `line1`, `line2`, `zip5` as typed, at least one line filled.
        sent: The same columns, same index.
        is_converted: Rows of addresses that LACS converted.
        words: Suffixes, directionals and units: sharing one of them means nothing.

    Returns:
        Booleans, index of `answer`.
    """
    answered, asked = (_plain(lines) for lines in (answer, sent))
    same_number, has_numbers = _numbers(answered, asked)
    same_region, has_regions = _regions(answer["zip5"], sent["zip5"])
    number_fails = has_numbers & ~same_number & ~is_converted
    region_fails = has_regions & ~same_region
    needs_words = ~number_fails & (region_fails | ~same_number)
    shares = pd.Series(True, index=answer.index)
    if needs_words.any():
        found = _share_words(answered[needs_words], asked[needs_words], words)
        shares[needs_words] = pd.Series(found, index=shares.index[needs_words])
    # Two lines without numbers in one region, such as GENERAL DELIVERY and PO BOX A, still need a word in common.
    return number_fails | (needs_words & ~shares & (region_fails | ~(is_converted & same_region)))


def house_number(lines: pd.Series) -> pd.Series:
    """Return the first number of each line without hyphens and leading zeros, null where there is none."""
    found = lines.astype(TEXT).str.extract(_NUMBER, expand=False)
    return found.str.replace("-", "", regex=False).str.replace(r"^0+(?=\d)", "", regex=True)


def _plain(address: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({line: address[line].astype(TEXT).str.upper() for line in LINES})


def _numbers(answered: pd.DataFrame, asked: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return whether a number of one side leads the other, and whether both sides have one.

    The line a number stands on may differ: a mail house puts the unit or the box on a line of its own.
    """
    own = {line: house_number(answered[line]) for line in LINES}
    other = {line: house_number(asked[line]) for line in LINES}
    crossed = (("line1", "line1"), ("line1", "line2"), ("line2", "line1"))
    same = pd.Series(False, index=answered.index)
    for one, two in crossed:
        same |= own[one].notna() & (own[one] == other[two]).fillna(False)
    has = own["line1"].fillna(own["line2"]).notna() & other["line1"].fillna(other["line2"]).notna()
    return same, has


def _regions(answered: pd.Series, asked: pd.Series) -> tuple[pd.Series, pd.Series]:
    own, other = (zips.astype(TEXT).str.extract(_ZIP3, expand=False) for zips in (answered, asked))
    has = own.notna() & other.notna()
    return has & (own == other).fillna(False), has


def _share_words(answered: pd.DataFrame, asked: pd.DataFrame, words: Words) -> list[bool]:
    generic = {*words.suffixes, *words.directionals, *words.units, "PO", "BOX"}
    sides = [_joined(lines) for lines in (answered, asked)]
    return [_shares(one, two, generic) for one, two in zip(*sides, strict=True)]


def _joined(lines: pd.DataFrame) -> list[str]:
    return [fold(f"{one} {two}") for one, two in zip(lines["line1"].fillna(""), lines["line2"].fillna(""), strict=True)]


def _shares(one: str, two: str, generic: set[str]) -> bool:
    """Tell whether two addresses share a word that names something, or all words where none of them does."""
    if one == two:
        return True
    left, right = (set(_WORD.findall(text)) for text in (one, two))
    named = (left | right) - generic
    return bool(left & right & named) if left - generic and right - generic else bool(left & right)
