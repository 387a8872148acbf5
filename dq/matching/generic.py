"""Values that are nobody's own: a phone, mailbox, address, birth date or name that many different customers have.

Such a value says nothing about who somebody is; it keeps its place in the record and loses its weight.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dq.matching.address_features import places_of
from dq.matching.encoding import expand, pieces
from dq.matching.folding import by_distinct, numbered
from dq.matching.nicknames import Nicknames
from dq.matching.strings import share_alike
from dq.standards.ladders import Ladder, OrganizationComparisons, PersonComparisons, SharedLadder
from dq.standards.matching import Matching

Generic = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Party type → comparison → values, sorted."""

NAME = "name"
"""Key of whole names of persons that are nobody's (`customer customer`)."""
_LISTS: Mapping[str, tuple[str, str, Callable[[pa.Array], pa.Array] | None]] = {
    "phone": ("phones", " ", None),
    "email": ("emails", " ", None),
    "website": ("domains", " ", None),
    "address": ("addresses", ";", places_of),
    "tax_id": ("tax_id", " ", None),
    "birth_date": ("birth_on", " ", None),
}
"""Comparison → feature, what parts its values, and what of a value is shared."""
_ONE_NAME = 0.75
"""Two names with this share of letters in common may be one customer's, typing errors and all."""
_LOOKED_AT = 60
"""Names looked at per value: enough to see that it is nobody's own, however many share it."""
_BIRTHDAYS = 22_000
"""Days on which customers were born: sixty years. Some are five times as common, the first of January for one."""
_COMMON_DAY = 5


def generic_values(features: pd.DataFrame, matching: Matching, nicknames: Nicknames) -> Generic:
    """Find the values that more customers share than `generic_above` of their comparison allows.

    Args:
        features: One row per record.
        matching: Policy.
        nicknames: How frequent names are.

    Returns:
        Values by party type and comparison; comparisons without any are left out.
    """
    made: dict[str, dict[str, tuple[str, ...]]] = {}
    is_organization = features["party_type"].eq("organization")
    for party, ladders, chosen in (
        ("person", matching.person, ~is_organization),
        ("organization", matching.organization, is_organization),
    ):
        records = features[chosen].reset_index(drop=True)
        labels = _labels(records, party)
        found = {name: _shared(records, labels, name, _limit(ladders, name, records)) for name in _LISTS}
        if party == "person":
            found[NAME] = _names_of_nobody(records, matching.generic_name_above, nicknames)
        made[party] = {name: values for name, values in found.items() if values}
    return made


def _limit(ladders: PersonComparisons | OrganizationComparisons, comparison: str, records: pd.DataFrame) -> int:
    """Return how many customers may share a value of a comparison; 0 where it is not asked."""
    ladder: Ladder | None = getattr(ladders, comparison, None)
    if not isinstance(ladder, SharedLadder):
        return 0
    usual = _COMMON_DAY * int(records["birth_on"].notna().sum()) // _BIRTHDAYS if comparison == "birth_date" else 0
    return ladder.generic_above + usual


def _labels(records: pd.DataFrame, party: str) -> np.ndarray:
    """Return a name per record that different customers mostly do not share, empty where there is none."""
    if party == "organization":
        first = by_distinct(records["names"], lambda text: text.partition("|")[0])
        return first.fillna("").to_numpy(dtype=object)
    whole = records["last"].fillna("").str.cat(records["first"].fillna(""), sep=" ")
    return whole.str.strip().to_numpy(dtype=object)


def _shared(records: pd.DataFrame, labels: np.ndarray, comparison: str, limit: int) -> tuple[str, ...]:
    if not limit:
        return ()
    column, separator, part = _LISTS[comparison]
    lists, distinct = numbered(records[column])
    places, values = pieces(distinct, separator)
    codes, texts = numbered(values)
    if part is not None:
        shared = part(texts)
        by_part, texts = numbered(pc.if_else(pc.equal(shared, ""), None, shared))
        codes = by_part[codes]
    starts = np.searchsorted(places, np.arange(len(distinct) + 1))
    owners, _, codes = expand(lists, starts, codes)
    owners, codes = owners[codes >= 0], codes[codes >= 0]
    counts = np.bincount(codes, minlength=len(texts))
    found = []
    order = np.argsort(codes, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)])
    for code in np.flatnonzero(counts > limit):
        sharing = labels[owners[order[starts[code] : starts[code + 1]]]]
        if different_names(sharing.tolist(), limit) > limit:
            found.append(str(texts[int(code)].as_py()))
    return tuple(sorted(found))


def different_names(names: Iterable[str], most: int) -> int:
    """Return how many different customers some names are of, typing errors forgiven; stops above `most`.

    >>> different_names(["smith mary", "smith marry", "smth mary", "baker tom", "", "smith"], 9)
    2
    """
    seen: list[str] = []
    for name in sorted(set(names), key=lambda name: (-len(name), name))[: max(_LOOKED_AT, 2 * most)]:
        if name and not any(_may_be_one(name, other) for other in seen):
            seen.append(name)
            if len(seen) > most:
                break
    return len(seen)


def _may_be_one(name: str, other: str) -> bool:
    words, others = name.split(), other.split()
    return set(words) <= set(others) or set(others) <= set(words) or share_alike(name, other) >= _ONE_NAME


def _names_of_nobody(records: pd.DataFrame, limit: int, nicknames: Nicknames) -> tuple[str, ...]:
    """Return whole names that far more unconnected records bear than so many people would."""
    names = records["first"].str.cat(records["last"], sep=" ")
    counts = names.value_counts()
    found = []
    for name, count in ((str(name), int(count)) for name, count in counts[counts > limit].items()):
        first, _, last = name.partition(" ")
        usual = len(records) * nicknames.given_share(first) * nicknames.surname_share(last)
        if count > limit + _COMMON_DAY * usual and _unconnected(records[names.eq(name)]) > limit + _COMMON_DAY * usual:
            found.append(name)
    return tuple(sorted(found))


def _unconnected(records: pd.DataFrame) -> int:
    """Return into how many groups records fall that share no phone, e-mail, address or birth date."""
    group_of: dict[str, int] = {}
    groups: dict[int, set[str]] = {}
    columns = ("phones", "emails", "addresses", "birth_on", "tax_id")
    for place, row in enumerate(records[list(columns)].itertuples(index=False)):
        values = {
            f"{column}:{value}"
            for column, text in zip(columns, row, strict=True)
            if isinstance(text, str)
            for value in text.split(";" if column == "addresses" else " ")
        }
        if not values:
            continue
        for other in {group_of[value] for value in values if value in group_of}:
            values |= groups.pop(other)
        groups[place] = values
        group_of.update(dict.fromkeys(values, place))
    return len(groups)
