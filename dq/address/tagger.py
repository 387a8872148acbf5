"""Labels of the tokens of one line and how probable they are, from usaddress's model. Never raises on text."""

from functools import lru_cache
from typing import NamedTuple

from dq.address.crf import label_tokens


class Labels(NamedTuple):
    """One label per token, and the model's probability of exactly these labels."""

    labels: tuple[str, ...]
    probability: float


@lru_cache(maxsize=200_000)
def label(tokens: tuple[str, ...]) -> Labels:
    """Label tokens with usaddress's trained model.

    Args:
        tokens: Tokens without punctuation of their own; usaddress's tokenizer is not used, so none is lost. Signs
            alone, which have no features in usaddress, take the neighbour's label.
    """
    found = label_tokens(tokens)
    return Labels(found.labels, round(found.probability, 6))
