"""What is read and learnt once per process: usaddress's model, the classes of tokens met, the transitions."""

from functools import lru_cache
from typing import NamedTuple

from dq.address.crf.classes import TokenClasses
from dq.address.crf.model import usaddress_model
from dq.address.crf.sequences import Chain, make_chain


class Tables(NamedTuple):
    """The model as the labelling uses it.

    Attributes:
        labels: Names, in the model's order.
        classes: Classes of tokens; grows with the tokens met.
        chain: Transitions between labels.
    """

    labels: tuple[str, ...]
    classes: TokenClasses
    chain: Chain


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the tables of the installed usaddress."""
    model = usaddress_model()
    return Tables(model.labels, TokenClasses(model), make_chain(model.transitions))
