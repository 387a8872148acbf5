"""Names of two people in one cell (`John & Mary Smith`): the one named first is whom the record is of."""

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.folding import fold
from dq.matching.nicknames import Nicknames
from dq.matching.singles import Single
from dq.standards.matching import Words

_JOINED: Final = r"(?i)\s(?:&|and|or|\+)\s|\w ?[&/+] ?\w"
"""What stands between two people; the same that standardising flags as `name:two_people`."""
_JOINER: Final = re.compile(r"\s(?:&|and|or|\+)\s|[&/+]", re.IGNORECASE)


def first_of_two(given: Single, family: Single, nicknames: Nicknames, words: Words) -> tuple[Single, Single]:
    """Return given and family names, of two people those of the first.

    Standardising keeps two people whole, in the cell they came in. Compared as one name they are nobody; the account is
    mostly of the one named first. What does not begin with a given name (`Smith and Sons`) stays as it is.

    Args:
        given: Given names.
        family: Family names, or the whole cell where it could not be taken apart.
        nicknames: Which given names exist.
        words: Titles of husbands and wives.
    """
    titles = {*words.husband_titles, *words.wife_titles}
    of_two = given.where(_holds_two(given)).in_order()
    given = of_two.made(lambda text: _without(_JOINER.split(text)[0], titles)).or_else(given)
    wholes = family.where(_holds_two(family) & ~given.known).in_order()
    names = [_of_whole(text, titles) for text in wholes.texts.to_pylist()]
    known = [name if name[1] and nicknames.is_known(fold(name[0]).partition(" ")[0]) else ("", "") for name in names]
    first, last = (wholes.mapped(pa.array([name[part] for name in known], type=pa.large_string())) for part in (0, 1))
    return given.or_else(first), last.or_else(family)


def _holds_two(names: Single) -> NDArray[np.bool_]:
    """Say which records have two people in a cell."""
    found = pc.match_substring_regex(names.texts, _JOINED).to_numpy(zero_copy_only=False)
    chosen: NDArray[np.bool_] = np.append(found, False)[names.codes]
    return chosen


def _of_whole(text: str, titles: set[str]) -> tuple[str, str]:
    """Return given and family name of the first person in a whole name; initials are left out.

    >>> [_of_whole(text, {"mr", "mrs"}) for text in ("Smith, John A & Mary", "Mr. and Mrs. John Smith")]
    [('John', 'Smith'), ('John', 'Smith')]
    >>> [_of_whole(text, set()) for text in ("John/Mary Smith", "John Roe and Mary Jones", "Jo B & Al van Dam")]
    [('John', 'Smith'), ('John', 'Roe'), ('Jo', 'van Dam')]
    """
    before, comma, behind = text.partition(",")
    if comma:
        return _without(_JOINER.split(behind)[0], titles), before.strip()
    names = [name.split() for name in (_without(part, titles) for part in _JOINER.split(text)) if name]
    if not names or len(names[0]) > 1:
        return (" ".join(names[0][:-1]), names[0][-1]) if names else ("", "")
    return names[0][0], " ".join(names[1][1:]) if len(names) > 1 else ""


def _without(text: str, titles: set[str]) -> str:
    """Return a name without titles and without initials behind it."""
    kept = [name for name in text.split() if fold(name) not in titles]
    return " ".join([*kept[:1], *(name for name in kept[1:] if len(fold(name)) > 1)])
