"""Real organisations as a company's own systems would hold them: columns a CRM has, and what people do to cells.

Takes lists of public institutions (`name, street, city, state, zip, phone`) and makes extracts of them that look like
those of a sales department. Everything comes from one seed; what is done and how often stands in `DIRT`.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

Chance = np.random.Generator

DIRT: Final = {
    "name_blank": 0.012,
    "name_glued": 0.008,
    "city_remark": 0.006,
    "state_blank": 0.025,
    "state_swapped": 0.010,
    "zip_cut": 0.008,
    "email_broken": 0.020,
    "date_impossible": 0.010,
    "count_in_words": 0.015,
    "parent_elsewhere": 0.006,
}
"""Share of rows each thing is done to: a few in a hundred, as sales departments have them. No row is drawn twice for
one thing; one row can have several."""
PARENTS: Final = 0.04
"""Share of rows that name another row of their list as the system they belong to."""
_WORDS: Final = ("Education", "Higher Education", "EDU", "School", "Educaton", "Coll./Univ.", "")
_WORD_SHARES: Final = (0.62, 0.10, 0.08, 0.06, 0.01, 0.03, 0.10)
_SAYING_NOTHING: Final = frozenset(
    {"of", "the", "and", "for", "at", "in", "university", "college", "institute", "school"}
)
_RATINGS: Final = (("Hot", "Warm", "Cold"), ("1", "3", "5"), ("A", "B", "C"))
"""How each list rates: words, numbers, letters."""


def dirtied(rows: pd.DataFrame, place: int, seed: int) -> pd.DataFrame:
    """Return one list as an extract of a CRM.

    Args:
        rows: `name, street, city, state, zip, phone`, text, empty where missing.
        place: Number of the list: each rates in a way of its own.
        seed: Equal seeds give equal extracts.

    Returns:
        The rows in their order with `account_no`, `parent_no`, `website`, `email`, `Industry`, `Rating`, `Employees`,
        `created`, and dirt.
    """
    chance = np.random.default_rng([seed, place])
    made = rows.copy()
    made.insert(0, "account_no", [f"{place + 1}{number:05d}" for number in range(len(made))])
    domains = made["name"].map(_domain)
    made["website"] = "www." + domains
    made["email"] = "info@" + domains
    made["Industry"] = chance.choice(_WORDS, len(made), p=_WORD_SHARES)
    made["Rating"] = chance.choice(_RATINGS[place % len(_RATINGS)], len(made), p=(0.2, 0.5, 0.3))
    made["Employees"] = chance.integers(5, 6000, len(made)).astype(str)
    days = chance.integers(0, 900, len(made))
    made["created"] = (pd.Timestamp("2024-06-01") + pd.to_timedelta(days, unit="D")).strftime("%Y-%m-%d")
    made["parent_no"] = ""
    children = made.index[_drawn(len(made), PARENTS, chance)]
    made.loc[children, "parent_no"] = made["account_no"].to_numpy()[chance.permutation(len(made))[: len(children)]]
    for what, share in DIRT.items():
        column, spoil = _SPOILT[what]
        hit = made.index[_drawn(len(made), share, chance)]
        made.loc[hit, column] = made.loc[hit, column].map(spoil)
    return made


def _drawn(size: int, share: float, chance: Chance) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    return np.sort(chance.permutation(size)[: round(size * share)])


def _domain(name: str) -> str:
    """Make a domain of the first three words of a name that say anything: campuses of one school may share it.

    >>> _domain("University of New Mexico-Gallup Campus")
    'newmexicogallup.edu'
    """
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    return "".join([word for word in words if word not in _SAYING_NOTHING][:3] or words) + ".edu"


def _glued(name: str) -> str:
    """Write a name the way fields grow when systems are merged by hand."""
    return "; ".join([f"{name} (formerly {name})"] * 4)


_SPOILT: Final[dict[str, tuple[str, Callable[[str], str]]]] = {
    "name_blank": ("name", lambda _: ""),
    "name_glued": ("name", _glued),
    "city_remark": ("city", lambda city: f"{city} (deliveries to the warehouse, gate 4)"),
    "state_blank": ("state", lambda _: ""),
    "state_swapped": ("state", lambda state: state[::-1]),
    "zip_cut": ("zip", lambda code: code[:3]),
    "email_broken": ("email", lambda email: email.replace("@", " at ")),
    "date_impossible": ("created", lambda day: f"{day[:4]}-02-30"),
    "count_in_words": ("Employees", lambda number: f"about {number}"),
    "parent_elsewhere": ("parent_no", lambda _: "HQ-77"),
}
