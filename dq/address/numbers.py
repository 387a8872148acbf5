"""Numbers in delivery lines: words to digits, ordinals, shapes of house numbers (Publication 28 sections 232, 235)."""

import re
from typing import Final

from dq.address.words import Words

_ORDINAL: Final = re.compile(r"(\d+)(ST|ND|RD|TH)")
_ENDINGS: Final = {1: "ST", 2: "ND", 3: "RD"}
_HUNDRED: Final = 100
_FRACTION: Final = re.compile(r"\d{1,2}/\d{1,2}")


def ordinal(number: int) -> str:
    """Return a number as a street name.

    >>> ordinal(31), ordinal(112)
    ('31ST', '112TH')
    """
    ending = "TH" if number % _HUNDRED in {11, 12, 13} else _ENDINGS.get(number % 10, "TH")
    return f"{number}{ending}"


def is_ordinal(token: str) -> bool:
    """Return whether a token is digits with an ordinal's ending, the right one or not."""
    return token[-2:] in {"ST", "ND", "RD", "TH"} and token[:-2].isdigit()


def ordinal_value(token: str) -> int | None:
    """Return the value of an ordinal in digits; None for any other token."""
    found = _ORDINAL.fullmatch(token)
    return int(found[1]) if found else None


def is_fraction(token: str) -> bool:
    """Return whether a token is the fraction of a house number."""
    return _FRACTION.fullmatch(token) is not None


def read_cardinal(tokens: list[str], at: int, words: Words) -> tuple[int, int]:
    """Read the longest number in words that starts at a token.

    Args:
        tokens: Upper-case tokens; `TWENTY ONE` are two.
        at: Where to start.
        words: For the number words.

    Returns:
        Its value and how many tokens it takes; no tokens where none starts there. `TWO FIVE` is 2 and one token.
    """
    value, end = _below_thousand(tokens, at, words)
    if end > at and _is_word(tokens, end, words, 1000):
        thousands, start = value, end + 1
        value, end = _below_thousand(tokens, start, words)
        value += thousands * 1000
    return value, end - at


def _below_thousand(tokens: list[str], at: int, words: Words) -> tuple[int, int]:
    value, end = _below_hundred(tokens, at, words)
    if end > at and _is_word(tokens, end, words, _HUNDRED):
        hundreds, start = value, end + 1
        value, end = _below_hundred(tokens, start, words)
        value += hundreds * _HUNDRED
    return value, end


def _below_hundred(tokens: list[str], at: int, words: Words) -> tuple[int, int]:
    value = words.cardinals.get(tokens[at], _HUNDRED) if at < len(tokens) else _HUNDRED
    if value >= _HUNDRED:
        return 0, at
    if value >= 20 and at + 1 < len(tokens) and (unit := words.cardinals.get(tokens[at + 1], _HUNDRED)) < 10:
        return value + unit, at + 2
    return value, at + 1


def _is_word(tokens: list[str], at: int, words: Words, value: int) -> bool:
    return at < len(tokens) and words.cardinals.get(tokens[at]) == value


def read_ordinal(tokens: list[str], words: Words) -> int | None:
    """Return the value of tokens that are one ordinal in words and nothing else (`TWENTY FIRST`)."""
    if not tokens or (last := words.ordinals.get(tokens[-1])) is None:
        return None
    if len(tokens) == 1:
        return last
    value, used = read_cardinal(tokens, 0, words)
    if used != len(tokens) - 1:
        return None
    if last == _HUNDRED:
        return value * _HUNDRED if value < 10 else None
    tens = value % _HUNDRED
    return value + last if tens == 0 or (tens >= 20 and tens % 10 == 0 and last < 10) else None
