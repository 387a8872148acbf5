"""Values that are nobody's own: a phone, mailbox, address, birth date or name that many different customers have.

Such a value says nothing about who somebody is; it keeps its place in the record and loses its weight.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.coded import SEPARATORS, Coded
from dq.matching.encoding import Codes, expand
from dq.matching.nicknames import Nicknames
from dq.matching.strings import share_alike
from dq.standards.ladders import Ladder, OrganizationComparisons, PersonComparisons, SharedLadder
from dq.standards.matching import Matching

Generic = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Party type → comparison → values, sorted."""

NAME = "name"
"""Key of whole names of persons that are nobody's (`customer customer`)."""
_FEATURES: Mapping[str, str] = {
    "phone": "phones",
    "email": "emails",
    "website": "domains",
    "address": "addresses",
    "tax_id": "tax_id",
    "birth_date": "birth_on",
}
"""Comparison → feature whose values may be nobody's own."""
_ONE_NAME = 0.75
"""Two names with this share of letters in common may be one customer's, typing errors and all."""
_LOOKED_AT = 60
"""Names looked at per value: enough to see that it is nobody's own, however many share it."""
_BIRTHDAYS = 22_000
"""Days on which customers were born: sixty years. Some are five times as common, the first of January for one."""
_COMMON_DAY = 5


def generic_values(coded: Coded, matching: Matching, nicknames: Nicknames) -> Generic:
    """Find the values that more customers share than `generic_above` of their comparison allows.

    Args:
        coded: One row per record.
        matching: Policy.
        nicknames: How frequent names are.

    Returns:
        Values by party type and comparison; comparisons without any are left out.
    """
    made: dict[str, dict[str, tuple[str, ...]]] = {}
    for party, ladders, chosen in (
        ("person", matching.person, ~coded.is_organization),
        ("organization", matching.organization, coded.is_organization),
    ):
        records = np.flatnonzero(chosen)
        limits = {name: _limit(ladders, name, coded, records) for name in _FEATURES}
        found = {name: _shared(coded, records, party, name, limit) for name, limit in limits.items() if limit}
        if party == "person":
            found[NAME] = _names_of_nobody(coded, records, matching.generic_name_above, nicknames)
        made[party] = {name: values for name, values in found.items() if values}
    return made


def without_generic(coded: Coded, generic: Generic) -> Coded:
    """Empty single values that are nobody's own: names, birth dates and tax ids of which a record has one only."""
    changed: dict[str, NDArray[np.bool_]] = {}
    for party, chosen in (("person", ~coded.is_organization), ("organization", coded.is_organization)):
        found = generic.get(party, {})
        for comparison in ("birth_date", "tax_id"):
            if comparison in found:
                name, of = _FEATURES[comparison], coded.single(_FEATURES[comparison])
                flags = pc.is_in(of.texts, value_set=pa.array(found[comparison], type=of.texts.type))
                nobodys = chosen & np.append(flags.to_numpy(zero_copy_only=False), False)[of.codes]
                changed[name] = changed.get(name, False) | nobodys
    for whole in generic.get("person", {}).get(NAME, ()):
        nobody = np.ones(coded.size, dtype=bool)
        for name, text in zip(("first", "last"), whole.split(" ", 1), strict=True):
            of = coded.single(name)
            nobody &= (of.codes >= 0) & (of.codes == of.texts.index(text).as_py())
        changed |= {name: changed.get(name, False) | nobody for name in ("first", "last")}
    return coded.without(changed) if changed else coded


def _limit(ladders: PersonComparisons | OrganizationComparisons, comparison: str, coded: Coded, records: Codes) -> int:
    """Return how many customers may share a value of a comparison; 0 where it is not asked."""
    ladder: Ladder | None = getattr(ladders, comparison, None)
    if not isinstance(ladder, SharedLadder):
        return 0
    if comparison != "birth_date":
        return ladder.generic_above
    return ladder.generic_above + _COMMON_DAY * int((coded.single("birth_on").codes[records] >= 0).sum()) // _BIRTHDAYS


def _labels(coded: Coded, records: Codes, party: str) -> list[str]:
    """Return a name per record that different customers mostly do not share, empty where there is none."""
    if party == "organization":
        names = coded.several("names").sets.of(records).fill_null("")
        return [name.partition("|")[0] for name in names.to_pylist()]
    last, first = (coded.single(name).of(records).fill_null("").to_pylist() for name in ("last", "first"))
    return [f"{family} {given}".strip() for family, given in zip(last, first, strict=True)]


def _shared(coded: Coded, records: Codes, party: str, comparison: str, limit: int) -> tuple[str, ...]:
    """Return the values of a comparison that more than `limit` customers share, sorted."""
    owners, codes, texts = _values(coded, records, _FEATURES[comparison])
    owners, codes = owners[codes >= 0], codes[codes >= 0]
    counts = np.bincount(codes, minlength=len(texts))
    often = counts[codes] > limit
    owners, codes = owners[often], codes[often]
    order = np.argsort(codes, kind="stable")
    found = []
    for sharing in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(order) else ():
        if different_names(_labels(coded, owners[sharing], party), limit) > limit:
            found.append(str(texts[int(codes[sharing[0]])].as_py()))
    return tuple(sorted(found))


def _values(coded: Coded, records: Codes, name: str) -> tuple[Codes, Codes, pa.Array]:
    """Return record and code of each value that some records have, and the texts of the codes."""
    if name not in SEPARATORS:
        of = coded.single(name)
        return records, of.codes[records], of.texts
    lists = coded.several(name)
    rows, _, codes = expand(lists.sets.codes[records], lists.starts, lists.members)
    if name != "addresses":
        return records[rows], codes, lists.values
    return records[rows], coded.places.codes[codes], coded.places.texts


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


def _names_of_nobody(coded: Coded, records: Codes, limit: int, nicknames: Nicknames) -> tuple[str, ...]:
    """Return whole names that far more unconnected records bear than so many people would.

    How many would is taken from lists of names, or from the file where that is more: `dave` is on few birth
    certificates and in many files. Other bearers of the two names are counted there, not those of the whole name:
    `customer customer` has none.
    """
    first, last = coded.single("first"), coded.single("last")
    named = records[(first.codes[records] >= 0) & (last.codes[records] >= 0)]
    given_bearers, family_bearers = (np.bincount(of.codes[named], minlength=len(of.texts)) for of in (first, last))
    wholes = first.codes[named].astype(np.int64) * len(last.texts) + last.codes[named]
    named, wholes = named[np.argsort(wholes, kind="stable")], np.sort(wholes)
    starts = np.flatnonzero(np.diff(wholes, prepend=-1))
    counts = np.diff(starts, append=len(wholes))
    found = []
    for start, count in zip(starts[counts > limit].tolist(), counts[counts > limit].tolist(), strict=True):
        cell = int(wholes[start])
        one, other = cell // len(last.texts), cell % len(last.texts)
        by_chance = int(given_bearers[one] - count) * int(family_bearers[other] - count) / len(named)
        if count <= limit + _COMMON_DAY * by_chance:
            continue
        given, family = str(first.texts[one].as_py()), str(last.texts[other].as_py())
        usual = max(len(records) * nicknames.given_share(given) * nicknames.surname_share(family), by_chance)
        most = limit + _COMMON_DAY * usual
        if count > most and _unconnected(coded, named[start : start + count]) > most:
            found.append(f"{given} {family}")
    return tuple(sorted(found))


def _unconnected(coded: Coded, records: Codes) -> int:
    """Return into how many groups records fall that share no phone, e-mail, address or birth date."""
    group_of: dict[str, int] = {}
    groups: dict[int, set[str]] = {}
    columns = ("phones", "emails", "addresses", "birth_on", "tax_id")
    rows = zip(*(coded.single(name).of(records).to_pylist() for name in columns), strict=True)
    for place, row in enumerate(rows):
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
