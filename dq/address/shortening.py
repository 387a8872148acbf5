"""Lines that are too long: words of firms' names become shorter, the last first (Publication 28 section 352)."""

from typing import Final

from dq.address.words import Words

MOST_COLUMNS: Final = 64
"""Columns of a line that hold every line of the ZIP+4 file (section 211)."""


def shorten(text: str, words: Words) -> str:
    """Abbreviate words of appendix G from the right until the text fits; a text that fits is left alone.

    Args:
        text: Upper-case text of a recipient, firm or building.
        words: The tables.
    """
    if len(text) <= MOST_COLUMNS:
        return text
    tokens = text.split()
    for at in range(len(tokens) - 1, -1, -1):
        short = words.business.get(tokens[at])
        if short:
            tokens[at] = short
            if len(" ".join(tokens)) <= MOST_COLUMNS:
                break
    return " ".join(tokens)
