"""What is known about names: nicknames and their formal names, which names exist, and how many people have them."""

import pandas as pd

from dq.standards import Standards

_UNLISTED = 1e-4
"""Share assumed of a name that American lists do not have: in other countries it may be common."""


class Nicknames:
    """What `reference/nicknames.csv` and `reference/given_names.csv` say.

    Args:
        nicknames: Columns `name` (formal) and `nickname`, lower case.
        given_names: Columns `name` and frequencies per million of each sex.
        surnames: Columns `name` and `per_million`.
    """

    def __init__(self, nicknames: pd.DataFrame, given_names: pd.DataFrame, surnames: pd.DataFrame) -> None:
        self._surnames = dict(zip(surnames["name"], pd.to_numeric(surnames["per_million"]) / 1e6, strict=True))
        counts = given_names.drop(columns="name").apply(pd.to_numeric).sum(axis=1)
        self._frequency = dict(zip(given_names["name"], counts, strict=True))
        formals: dict[str, set[str]] = {}
        for name, nickname in zip(nicknames["name"], nicknames["nickname"], strict=True):
            formals.setdefault(nickname, set()).add(name)
        self._formals = {nickname: frozenset(names) for nickname, names in formals.items()}
        self._formal = {
            nickname: max(sorted(names), key=lambda name: self._frequency.get(name, 0))
            for nickname, names in self._formals.items()
        }
        self._nicknames = frozenset(formals)
        self._with_nicknames = frozenset(nicknames["name"])

    def formal(self, name: str) -> str:
        """Return the most frequent formal name that `name` is short for, or `name`; frequent names stay themselves."""
        formal = self._formal.get(name)
        if formal is None or self._frequency.get(name, 0) > self._frequency.get(formal, 0):
            return name
        return formal

    def related(self, one: str, other: str) -> bool:
        """Say whether one is a nickname of the other, or both are nicknames of one name."""
        mine, theirs = self._formals.get(one, frozenset()), self._formals.get(other, frozenset())
        return one in theirs or other in mine or bool(mine & theirs)

    def is_listed(self, name: str) -> bool:
        """Say whether `name` is a nickname or has one."""
        return name in self._nicknames or name in self._with_nicknames

    def given_share(self, name: str) -> float:
        """Return the share of people with that given name; what no list has is rare, but not as rare as it looks."""
        return max(float(self._frequency.get(name, 0)) / 2e6, _UNLISTED)

    def surname_share(self, name: str) -> float:
        """Return the share of people with that family name."""
        return max(float(self._surnames.get(name, 0.0)), _UNLISTED)

    def is_known(self, name: str) -> bool:
        """Say whether `name` is a given name people have."""
        return name in self._frequency or name in self._nicknames


_READ: dict[str, Nicknames] = {}
"""By hash of the standards; one or two in a process."""


def nicknames_of(standards: Standards) -> Nicknames:
    """Return the nicknames of `standards`; read once per process."""
    if standards.hash not in _READ:
        _READ[standards.hash] = Nicknames(
            standards.table("nicknames"), standards.table("given_names"), standards.table("surnames")
        )
    return _READ[standards.hash]
