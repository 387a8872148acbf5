"""Where two values differ, character by character, so that an eye finds it at once. Knows no page and no record."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

LONGEST: Final = 200
"""Characters compared; beyond that (notes) the whole value counts as different, and nobody compares letters anyway."""
LEAST_ALIKE: Final = 0.6
"""Below this share of equal characters marks would be noise: both values are shown plain, the row says they differ."""


@dataclass(frozen=True)
class Piece:
    """A run of characters and whether the other value has it too."""

    text: str
    is_different: bool


def differences(left: str, right: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Cut two values into pieces that are equal or different.

    >>> [piece.text for piece in differences("34 SMITH AVE", "34 SMYTHE AVE")[1] if piece.is_different]
    ['Y', 'E']
    """
    if not left or not right or left == right or max(len(left), len(right)) > LONGEST:
        return whole(left), whole(right)
    # Without autojunk: it would skip letters that are frequent in a long value.
    matcher = SequenceMatcher(None, left.casefold(), right.casefold(), autojunk=False)
    same_length = len(left.casefold()) == len(left) and len(right.casefold()) == len(right)
    if matcher.ratio() < LEAST_ALIKE or not same_length:
        return whole(left), whole(right)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for operation, l_from, l_to, r_from, r_to in matcher.get_opcodes():
        is_different = operation != "equal"
        for side, text in ((0, left[l_from:l_to]), (1, right[r_from:r_to])):
            if text:
                pieces[side].append(Piece(text, is_different))
    return tuple(pieces[0]), tuple(pieces[1])


def whole(value: str) -> tuple[Piece, ...]:
    """Return a value in one piece, nothing marked."""
    return (Piece(value, False),) if value else ()
