"""One line's tokens to labels, remembered by the classes of the tokens. For many lines see `labelling.py`.

A sequence met for the first time goes through CRFsuite: for a single one its C code is faster than NumPy.
"""

from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple

import usaddress

from dq.address.crf.features import END, NEXT, PREVIOUS, START
from dq.address.crf.tables import tables

MOST_SEQUENCES: Final = 200_000
"""Sequences of classes remembered: about 150 MB when full; a million real street lines have fewer."""

_CRFSUITE: Final = Lock()
"""usaddress's tagger holds the sequence it was asked about last, so one question at a time."""


class LabelledTokens(NamedTuple):
    """Labels of the tokens of one line, and the probability of exactly these labels."""

    labels: tuple[str, ...]
    probability: float


def label_tokens(tokens: tuple[str, ...]) -> LabelledTokens:
    """Label the tokens of one line; none gives no labels and probability 0.

    A token without a letter or digit, which usaddress's own tokenizer would drop, is read as `&`.
    """
    return _label_classes(tuple(map(tables().classes.of_token, tokens)))


def token_marginals(tokens: tuple[str, ...]) -> tuple[float, ...]:
    """Return per token the probability of the label that `label_tokens` gives it, whatever the others' labels."""
    classes = tuple(map(tables().classes.of_token, tokens))
    labels = _label_classes(classes).labels
    with _CRFSUITE:
        usaddress.TAGGER.set(_items(classes))
        return tuple(usaddress.TAGGER.marginal(label, at) for at, label in enumerate(labels))


@lru_cache(maxsize=MOST_SEQUENCES)
def _label_classes(classes: tuple[int, ...]) -> LabelledTokens:
    if not classes:
        return LabelledTokens((), 0.0)
    items = _items(classes)
    with _CRFSUITE:
        labels = usaddress.TAGGER.tag(items)
        return LabelledTokens(tuple(labels), usaddress.TAGGER.probability(labels))


def _items(classes: tuple[int, ...]) -> list[list[str]]:
    """Return what `usaddress.tokens2features` says of the tokens, less what the model does not know."""
    attributes = [tables().classes.attributes(number) for number in classes]
    items = []
    last = len(classes) - 1
    for at, (own, _, _) in enumerate(attributes):
        item = list(own)
        if at > 0:
            item += attributes[at - 1][1]
        if at == 1:
            item.append(PREVIOUS + START)
        if at < last:
            item += attributes[at + 1][2]
        if at == last - 1:
            item.append(NEXT + END)
        if at == 0:
            item.append(START)
        if at == last:
            item.append(END)
        items.append(item)
    return items
