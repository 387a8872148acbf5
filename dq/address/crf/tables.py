"""What is read and learnt once per process: usaddress's model, the classes of tokens met, the transitions."""

from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple

from dq.address.crf.chain import Chain, make_chain
from dq.address.crf.classes import TokenClasses
from dq.address.crf.model import usaddress_model

_ONCE: Final = Lock()
"""Two threads that start together must not number the classes of tokens each in its own way."""


class Tables(NamedTuple):
    """The model as the labelling uses it.

    Attributes:
        labels: Names, in the model's order.
        classes: Classes of tokens, with scores in the chain's order of labels; grows with the tokens met.
        chain: Transitions between labels.
    """

    labels: tuple[str, ...]
    classes: TokenClasses
    chain: Chain


def tables() -> Tables:
    """Return the tables of the installed usaddress."""
    with _ONCE:
        return _tables()


@lru_cache(maxsize=1)
def _tables() -> Tables:
    model = usaddress_model()
    chain = make_chain(model.transitions)
    return Tables(model.labels, TokenClasses(model, chain.order), chain)
