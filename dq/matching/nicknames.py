"""What is known about names: nicknames and their formal names, which names exist, and how many people have them."""

from collections.abc import Iterable
from typing import Final
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.folding import given_sound
from dq.matching.strings import share_alike
from dq.standards import Standards

_ENDINGS = ("ie", "ey", "ee", "y", "i")
_ALIKE = 0.8
"""Share of letters from which on two formal names of one sound are one: Catherine, Katherine; not Jean, Jane."""
_ONE_SEX = 0.95
"""Share of men or women from which on a name is theirs; Jamie and Willie are both's."""
_BOTH = 0.5
"""Share of women taken of a name that no list has."""
_UNLISTED = 1e-4
"""Share assumed of a name that American lists do not have: in other countries it may be common."""


class Nicknames:
    """What `reference/nicknames.csv` and `reference/given_names.csv` say.

    Args:
        nicknames: Columns `name` (formal) and `nickname`, lower case.
        given_names: Columns `name` and frequencies per million of each sex.
        surnames: Columns `name` and `per_million`.
        placeholders: Column `value`: what is typed where there is no name.

    Attributes:
        placeholders: The same without blanks; a first and a last name of it stand for nobody (`test test`).
    """

    def __init__(
        self, nicknames: pd.DataFrame, given_names: pd.DataFrame, surnames: pd.DataFrame, placeholders: pd.DataFrame
    ) -> None:
        self.placeholders: Final = frozenset(value.replace(" ", "") for value in placeholders["value"])
        shares = (pd.to_numeric(surnames["per_million"]) / 1e6).tolist()
        self._surnames = dict(zip(surnames["name"].tolist(), shares, strict=True))
        by_sex = given_names.drop(columns="name").apply(pd.to_numeric)
        counts = by_sex.sum(axis=1)
        names = given_names["name"].tolist()
        self._frequency = dict(zip(names, counts.tolist(), strict=True))
        self._women = dict(zip(names, (by_sex["female_per_million"] / counts).tolist(), strict=True))
        formals: dict[str, set[str]] = {}
        for name, nickname in zip(nicknames["name"].tolist(), nicknames["nickname"].tolist(), strict=True):
            formals.setdefault(nickname, set()).add(name)
        self._formals = {nickname: frozenset(names) for nickname, names in formals.items()}
        self._formal = {
            nickname: max(sorted(names), key=lambda name: self._frequency.get(name, 0))
            for nickname, names in self._formals.items()
        }
        self._nicknames = frozenset(formals)
        self._alike = _alike_formals(frozenset(nicknames["name"]))
        self._with_nicknames = frozenset(nicknames["name"])
        self._found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def formal(self, name: str) -> str:
        """Return the most frequent formal name that `name` is short for, or `name`; frequent names stay themselves."""
        formal = self._formal.get(name)
        if formal is None or self._frequency.get(name, 0) > self._frequency.get(formal, 0):
            return name
        return formal

    def related(self, one: str, other: str) -> bool:
        """Say whether one is a nickname of the other, or both are nicknames of one name.

        Of two nicknames of one name neither may be a formal name itself: Helen and Nellie are both short for Ellen, and
        two women. What no list says outright (Frank is Francis, and Frances sounds like it) joins no man and
        woman.
        """
        if one in self._formals.get(other, ()) or other in self._formals.get(one, ()):
            return True
        if self._man_and_woman(one, other):
            return False
        (mine, of_one), (theirs, of_other) = self._looked_up(one), self._looked_up(other)
        if one in theirs or other in mine:
            return True
        # Kate is Catherine, although lists have her under Katherine; two formal names by themselves are two names.
        if self._alike.get(one, one) in of_other or self._alike.get(other, other) in of_one:
            return True
        return one not in self._with_nicknames and other not in self._with_nicknames and bool(of_one & of_other)

    def _man_and_woman(self, one: str, other: str) -> bool:
        """Say whether nearly everybody of one name is a man and of the other a woman."""
        fewer, more = sorted((self._women.get(one, _BOTH), self._women.get(other, _BOTH)))
        return bool(fewer <= 1 - _ONE_SEX and more >= _ONE_SEX)

    def family(self, name: str) -> int:
        """Return bits of which two `related` names share one; no bit where no list knows the name.

        One of 64 bits for the name, for each formal name, and for the first of those alike. Of other names one pair in
        seven shares a bit, so that few are looked at that are not related.
        """
        if not self.is_listed(name):
            return 0
        formals, of_all = self._looked_up(name)
        bits = 0
        for word in {name, self._alike.get(name, name), *formals, *of_all}:
            bits |= 1 << crc32(word.encode()) % 64
        return bits

    def _looked_up(self, name: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the formal names of a nickname, and the first of those alike for each; looked up once."""
        found = self._found.get(name)
        if found is None:
            formals = self._formals_of(name)
            found = self._found[name] = formals, frozenset(self._alike.get(formal, formal) for formal in formals)
        return found

    def _formals_of(self, nickname: str) -> frozenset[str]:
        """Return the formal names of a nickname, also where its ending is written otherwise (Peggie, Peggy)."""
        found = self._formals.get(nickname, frozenset())
        if nickname.endswith(_ENDINGS):
            stem = nickname.removesuffix(next(end for end in _ENDINGS if nickname.endswith(end)))
            found = found.union(*(self._formals.get(stem + end, frozenset()) for end in _ENDINGS))
        return found

    def is_listed(self, name: str) -> bool:
        """Say whether `name` is a nickname or has one."""
        return name in self._nicknames or name in self._with_nicknames or bool(self._formals_of(name))

    def given_share(self, name: str) -> float:
        """Return the share of people with that given name; what no list has is rare, but not as rare as it looks."""
        return max(float(self._frequency.get(name, 0)) / 2e6, _UNLISTED)

    def surname_share(self, name: str) -> float:
        """Return the share of people with that family name."""
        return max(float(self._surnames.get(name, 0.0)), _UNLISTED)

    def given_shares(self, names: Iterable[str]) -> NDArray[np.float64]:
        """Return `given_share` of many names."""
        counts = np.array([self._frequency.get(name, 0) for name in names], dtype=np.float64)
        return np.maximum(counts / 2e6, _UNLISTED)

    def surname_shares(self, names: Iterable[str]) -> NDArray[np.float64]:
        """Return `surname_share` of many names."""
        return np.maximum(np.array([self._surnames.get(name, 0.0) for name in names], dtype=np.float64), _UNLISTED)

    def is_known(self, name: str) -> bool:
        """Say whether `name` is a given name people have."""
        return name in self._frequency or name in self._nicknames

    def is_name(self, word: str) -> bool:
        """Say whether `word` is a given or family name people have."""
        return self.is_known(word) or word in self._surnames


def _alike_formals(names: frozenset[str]) -> dict[str, str]:
    """Return, for each formal name, the first of those that sound and look like it: Catherine for Katherine."""
    by_sound: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for name in sorted(names):
        mates = by_sound.setdefault(given_sound(name), [])
        alike = next((mate for mate in mates if share_alike(mate, name) >= _ALIKE), None)
        found[name] = found[alike] if alike else name
        mates.append(name)
    return found


_READ: dict[str, Nicknames] = {}
"""By hash of the standards; one or two in a process."""


def nicknames_of(standards: Standards) -> Nicknames:
    """Return the nicknames of `standards`; read once per process."""
    if standards.hash not in _READ:
        _READ[standards.hash] = Nicknames(
            standards.table("nicknames"),
            standards.table("given_names"),
            standards.table("surnames"),
            standards.table("placeholder_names"),
        )
    return _READ[standards.hash]
