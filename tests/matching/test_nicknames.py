"""Which names may be one person's, and the bits that settle most pairs of names before anybody looks at them."""

from itertools import combinations

import pytest

from dq.matching.nicknames import nicknames_of
from tests.matching.runs import row_policy

NICKNAMES = nicknames_of(row_policy().standards)


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [
        ("bill", "william", True),
        ("bill", "willie", True),
        ("peggie", "margaret", True),
        ("kate", "catherine", True),
        ("helen", "nellie", False),
        ("ann", "robert", False),
        ("tony", "antoinette", True),
        ("frank", "frances", False),
        ("barbara", "bobby", False),
        ("zywicki", "bill", False),
    ],
)
def test_names_are_related_as_lists_say(one: str, other: str, related: bool) -> None:
    assert NICKNAMES.related(one, other) == NICKNAMES.related(other, one) == related


def test_related_names_share_a_bit_and_few_others_do() -> None:
    table = row_policy().standards.table("nicknames")
    names = sorted({*table["name"].iloc[::12], *table["nickname"].iloc[::12], "peggie", "katey", "annie", "robbie"})
    shared = {True: 0, False: 0}
    for one, other in combinations(names, 2):
        together = bool(NICKNAMES.family(one) & NICKNAMES.family(other))
        if NICKNAMES.related(one, other):
            assert together, (one, other)
        shared[together] += 1
    assert shared[True] < shared[False] / 3
    assert NICKNAMES.family("zywicki") == 0
