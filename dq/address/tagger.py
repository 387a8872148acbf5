"""The only door to usaddress: labels of tokens and how probable they are. Never raises on text."""

from functools import lru_cache
from typing import NamedTuple

import usaddress

_SIGNS = frozenset("&#")


class Labels(NamedTuple):
    """One label per token, and the model's probability of exactly these labels."""

    labels: tuple[str, ...]
    probability: float


@lru_cache(maxsize=200_000)
def label(tokens: tuple[str, ...]) -> Labels:
    """Label tokens with usaddress's trained model.

    Args:
        tokens: Tokens without punctuation of their own; usaddress's tokenizer is not used, so none is lost.
    """
    # A token of signs alone has no features in usaddress; it takes the neighbour's label.
    words = [token if any(character.isalnum() for character in token) or token in _SIGNS else "&" for token in tokens]
    if not words:
        return Labels((), 0.0)
    found = usaddress.TAGGER.tag(usaddress.tokens2features(words))
    return Labels(tuple(found), round(float(usaddress.TAGGER.probability(found)), 6))
