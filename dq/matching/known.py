"""All features of a run as codes, with how many customers share each value; made once for many pairs."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.address_features import place_of
from dq.matching.address_ladder import AddressParts
from dq.matching.contact_ladders import EmailParts, OtherIds, PhoneParts
from dq.matching.encoding import Codes, Column, Lists, column, lists
from dq.matching.features import is_cut_out
from dq.matching.folding import by_distinct
from dq.matching.generic import NAME, Generic, generic_values
from dq.matching.model import BETWEEN
from dq.matching.nicknames import Nicknames, nicknames_of
from dq.matching.organization_ladders import NameWords
from dq.matching.person_ladders import NameCodes
from dq.standards import Standards


@dataclass(frozen=True)
class Counts:
    """How frequent the values of a column are.

    Attributes:
        codes: Code of each record's value.
        records: How many records (or customers) have the value of a code.
        expected: Share of people who have it elsewhere; None where no list says.
    """

    codes: Codes
    records: Codes
    expected: NDArray[np.float64] | None


@dataclass(frozen=True)
class Known:
    """What is known of every record.

    Attributes:
        is_person: Party type of each record.
        sources: Source of each record, as a code.
        source_names: Name of each code, in alphabetical order.
        names: Given, middle and family names.
        first: The given names alone, with their frequency; `middle` and `last` likewise.
        columns: The other single values by feature.
        lists: The values of which a record may have several, by feature.
        named_emails: E-mails that are made of their owner's name.
        family_emails: E-mails that have the given name of somebody else beside the family name.
        providers: Domains where everybody may have a mailbox.
        never_merge: Which records the policy marks: two of them stay two customers.
        cut_out: Which records are organisations cut out of a person's row.
        nicknames: Names that may be the same person's.
        generic: Values that are nobody's own (see `generic`).
    """

    is_person: NDArray[np.bool_]
    sources: Codes
    source_names: tuple[str, ...]
    names: NameCodes
    first: Counts
    middle: Counts
    last: Counts
    columns: dict[str, Column]
    lists: dict[str, Lists]
    named_emails: frozenset[str]
    family_emails: frozenset[str]
    providers: frozenset[str]
    never_merge: NDArray[np.bool_]
    cut_out: NDArray[np.bool_]
    nicknames: Nicknames
    generic: Generic

    def is_generic(self, party: str, feature: str) -> NDArray[np.bool_]:
        """Say which of the distinct values of a list are nobody's own, for a party type."""
        found = self.generic.get(party, {}).get(_COMPARISONS[feature], ())
        texts = self.lists[feature].values.texts
        if not found:
            return np.zeros(len(texts), dtype=bool)
        listed = frozenset(found)
        if feature == "addresses":
            return np.fromiter((place_of(text) in listed for text in texts), dtype=bool, count=len(texts))
        return np.fromiter((text in listed for text in texts), dtype=bool, count=len(texts))

    @cached_property
    def phones(self) -> PhoneParts:
        """Return the phones, prepared for comparing."""
        return PhoneParts(self.lists["phones"])

    @cached_property
    def emails(self) -> EmailParts:
        """Return the e-mails, prepared for comparing."""
        return EmailParts(self.lists["emails"], self.named_emails, self.family_emails, self.providers)

    @cached_property
    def other_ids(self) -> OtherIds:
        """Return the further identifiers, prepared for comparing."""
        return OtherIds(self.lists["other_ids"])

    @cached_property
    def addresses(self) -> AddressParts:
        """Return the addresses, prepared for comparing."""
        return AddressParts(self.lists["addresses"])

    @cached_property
    def name_words(self) -> NameWords:
        """Return the names of organisations, prepared for comparing."""
        return NameWords(self.lists["names"])

    @property
    def group_names(self) -> tuple[str, ...]:
        """Return the groups of pairs: between sources, then within each."""
        names = self.source_names
        return (BETWEEN, *names, *(f"{one} and {other}" for one, other in combinations(names, 2) if self._by_two))

    @property
    def _by_two(self) -> bool:
        return len(self.source_names) <= _MOST_SOURCES

    @cached_property
    def group_table(self) -> Codes:
        """Return the group of pairs of each two sources, as its place in `group_names`."""
        count = len(self.source_names)
        table = np.zeros((count, count), dtype=np.int64)
        if self._by_two:
            for place, (one, other) in enumerate(combinations(range(count), 2)):
                table[one, other] = table[other, one] = place + count + 1
        table[np.arange(count), np.arange(count)] = np.arange(count) + 1
        return table

    def groups(self, left: Codes, right: Codes) -> Codes:
        """Return the group of each pair, as its place in `group_names`."""
        return self.group_table[self.sources[left], self.sources[right]]

    @cached_property
    def reachable(self) -> float:
        """Return the share of organisations with a phone or an e-mail address."""
        phones, emails = (self.lists[name].sets.codes[~self.is_person] >= 0 for name in ("phones", "emails"))
        return float((phones | emails).mean()) if len(phones) else 0.0

    @property
    def persons(self) -> int:
        """Return how many records are persons."""
        return int(self.is_person.sum())

    @property
    def organizations(self) -> int:
        """Return how many records are organisations."""
        return len(self.is_person) - self.persons

    def filled(self, comparison: str, records: int) -> int:
        """Return how many of `records` can have a value at all, judged by how many of all records have one."""
        feature = _FEATURES.get(comparison, comparison)
        names = {"first_name": self.first, "middle_name": self.middle, "last_name": self.last}
        if comparison in names:
            return int((names[comparison].codes >= 0).sum())
        codes = self.columns[feature].codes if feature in self.columns else self.lists[feature].sets.codes
        return min(int((codes >= 0).sum()), records)


_MOST_SOURCES = 8
"""With more sources the pairs of two of them become too few to learn from, and count together."""
_LAST: dict[bytes, Known] = {}
"""The records encoded last in this process, by fingerprint: parts of pairs of one run share them."""


def known_of(features: pd.DataFrame, standards: Standards, generic: Generic | None = None) -> Known:
    """Return the encoded features; those of the call before are kept, since all parts of pairs need the same.

    Args:
        features: One row per record, sorted by `record_id`.
        standards: Policy.
        generic: Values that are nobody's own; found among these features where they are not given.
    """
    key = _fingerprint(features, standards.hash)
    if key not in _LAST:
        _LAST.clear()
        found = generic_values(features, standards.matching, nicknames_of(standards))
        _LAST[key] = encode(features, standards, found)
    known = _LAST[key]
    if generic is not None and generic != known.generic:
        known = _LAST[key] = encode(features, standards, generic)
    return known


def _fingerprint(features: pd.DataFrame, standards_hash: str) -> bytes:
    digest = hashlib.blake2b(standards_hash.encode(), digest_size=16)
    for name in features.columns:
        array = pa.array(features[name], from_pandas=True)
        for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
            digest.update(f"{name}:{chunk.offset}:{len(chunk)}".encode())
            for buffer in chunk.buffers():
                digest.update(b"-" if buffer is None else buffer)
    return digest.digest()


_COMPARISONS = {"phones": "phone", "emails": "email", "domains": "website", "addresses": "address"}
"""List of values → comparison whose generic values are looked up."""
_FEATURES = {
    "birth_date": "birth_on",
    "phone": "phones",
    "email": "emails",
    "other_id": "other_ids",
    "website": "domains",
    "address": "addresses",
    "name": "names",
}
"""Comparison → feature, where they are not named alike."""


def encode(features: pd.DataFrame, standards: Standards, generic: Generic) -> Known:
    """Encode the features of all records.

    Args:
        features: One row per record, sorted by `record_id`.
        standards: Where the nicknames are.
        generic: Values that are nobody's own.
    """
    nicknames = nicknames_of(standards)
    features = _without_generic(features, generic)
    identities = _identities(features)
    count = len(features)
    parts = [features[name] for name in ("first", "middle", "last")]
    together = column(pd.concat(parts, ignore_index=True))
    first, middle, last = (together.codes[place * count : (place + 1) * count] for place in range(3))
    size = len(together.texts)
    singles = {name: column(features[name]) for name in ("last_parts", "generation", "birth_on", "legal_form")}
    singles |= {name: column(features[name], identities) for name in ("tax_id", "lei", "duns")}
    source_names, sources = np.unique(
        features["source"].fillna("").to_numpy(dtype=object).astype(str), return_inverse=True
    )
    return Known(
        sources=sources.astype(np.int64),
        source_names=tuple(str(name) for name in source_names),
        is_person=features["party_type"].ne("organization").to_numpy(dtype=bool),
        names=NameCodes(together, first, middle, last, nicknames),
        first=Counts(first, _counts(first, size), _expected(together, nicknames.given_share)),
        middle=Counts(middle, _counts(middle, size), None),
        last=Counts(last, _counts(last, size), _expected(together, nicknames.surname_share)),
        columns=singles,
        lists={
            name: lists(features[name], separator, identities)
            for name, separator in (
                ("phones", " "),
                ("emails", " "),
                ("domains", " "),
                ("other_ids", " "),
                ("addresses", ";"),
            )
        }
        | {"names": lists(features["names"], "|", _bearers(features))},
        named_emails=_listed_in(features["named_emails"]),
        family_emails=_listed_in(features["family_emails"]),
        providers=frozenset(standards.table("email_domains")["domain"]),
        never_merge=features["never_merge"].notna().to_numpy(dtype=bool),
        cut_out=is_cut_out(features["record_id"]).to_numpy(dtype=bool),
        nicknames=nicknames,
        generic=generic,
    )


def _listed_in(texts: pd.Series) -> frozenset[str]:
    return frozenset(value for text in texts.dropna().unique() for value in text.split())


def _without_generic(features: pd.DataFrame, generic: Generic) -> pd.DataFrame:
    """Empty single values that are nobody's own: names, birth dates and tax ids of which a record has one only."""
    changed: dict[str, pd.Series] = {}
    for party, chosen in (
        ("person", features["party_type"].ne("organization")),
        ("organization", features["party_type"].eq("organization")),
    ):
        found = generic.get(party, {})
        for comparison, column_ in (("birth_date", "birth_on"), ("tax_id", "tax_id")):
            if comparison in found:
                values = changed.get(column_, features[column_])
                changed[column_] = values.mask(chosen & values.isin(found[comparison]))
        if NAME in found and party == "person":
            nobody = features["first"].str.cat(features["last"], sep=" ").isin(found[NAME])
            changed |= {name: features[name].mask(nobody) for name in ("first", "last")}
    return features.assign(**changed) if changed else features


def _expected(names: Column, share: Callable[[str], float]) -> NDArray[np.float64]:
    shares = np.fromiter((share(text) for text in names.texts), dtype=np.float64, count=len(names.texts))
    return shares if len(shares) else np.ones(1)


def _counts(codes: Codes, size: int) -> Codes:
    return np.bincount(codes[codes >= 0], minlength=max(size, 1)).astype(np.int64)


def _bearers(features: pd.DataFrame) -> Codes:
    """Return a code per record that records of one organisation mostly share: its names and its address.

    A name would look more common than it is where its bearer is in several lists. An organisation cut out of a person's
    row has no address of its own.
    """
    home = by_distinct(features["addresses"], lambda text: place_of(text.partition(";")[0]))
    home = home.mask(is_cut_out(features["record_id"]))
    whole = features["names"].fillna(features["record_id"])
    return pd.factorize(whole.str.cat(home.fillna(""), sep="|"))[0].astype(np.int64)


def _identities(features: pd.DataFrame) -> Codes:
    """Return a code per record that different customers mostly do not share: surname and initial, or the name."""
    person = features["last"].fillna("").str.cat(features["first"].str[:1].fillna(""), sep=" ")
    person = person.where(features["party_type"].ne("organization") & person.ne(" "))
    return pd.factorize(person.fillna(features["names"]).fillna(features["record_id"]))[0].astype(np.int64)
