"""Tokens to the attributes that usaddress gives them. The features themselves are computed by usaddress alone."""

import re
from typing import Final

import usaddress

from dq.address.crf.model import Model

PREVIOUS: Final = "previous:"
NEXT: Final = "next:"
START: Final = "address.start"
END: Final = "address.end"
ROLES: Final = ("", PREVIOUS, NEXT)

_HAS_FEATURES: Final = re.compile(r"\w|^[&#]$")


def attributes(token: str) -> tuple[str, ...]:
    """Return the names python-crfsuite gives the features of a token, in their order; a false feature has none.

    A token without a word character, on which usaddress fails, is read as `&`.

    >>> attributes("St.,")[:3]
    ('abbrev', 'digits:no_digits', 'word:st')
    """
    names = []
    for name, value in usaddress.tokenFeatures(token if _HAS_FEATURES.search(token) else "&").items():
        if isinstance(value, str):
            # CRFsuite reads a name as a C string, which ends at a NUL.
            names.append(f"{name}:{value}".partition("\0")[0])
        elif value:
            names.append(name)
    return tuple(names)


def attribute_rows(names: tuple[str, ...], model: Model) -> tuple[tuple[int, ...], ...]:
    """Return the model's rows of attributes in three roles: of the token itself, of the token before, of the next.

    Attributes that the model does not know are left out: they weigh nothing.
    """
    return tuple(tuple(row for name in names if (row := model.rows.get(role + name))) for role in ROLES)
