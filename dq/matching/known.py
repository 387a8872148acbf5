"""All features of a run as codes, with how many customers share each value; made once for many pairs."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.address_ladder import AddressParts
from dq.matching.contact_ladders import EmailParts, PhoneParts
from dq.matching.encoding import Codes, Column, Lists, column, lists
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
        names: Given, middle and family names.
        first: The given names alone, with their frequency; `middle` and `last` likewise.
        columns: The other single values by feature.
        lists: The values of which a record may have several, by feature.
        nicknames: Names that may be the same person's.
    """

    is_person: NDArray[np.bool_]
    names: NameCodes
    first: Counts
    middle: Counts
    last: Counts
    columns: dict[str, Column]
    lists: dict[str, Lists]
    nicknames: Nicknames

    @cached_property
    def phones(self) -> PhoneParts:
        """Return the phones, prepared for comparing."""
        return PhoneParts(self.lists["phones"])

    @cached_property
    def emails(self) -> EmailParts:
        """Return the e-mails, prepared for comparing."""
        return EmailParts(self.lists["emails"])

    @cached_property
    def addresses(self) -> AddressParts:
        """Return the addresses, prepared for comparing."""
        return AddressParts(self.lists["addresses"])

    @cached_property
    def name_words(self) -> NameWords:
        """Return the names of organisations, prepared for comparing."""
        return NameWords(self.lists["names"])

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


_LAST: dict[bytes, Known] = {}
"""The records encoded last in this process, by fingerprint: parts of pairs of one run share them."""


def known_of(features: pd.DataFrame, standards: Standards) -> Known:
    """Return the encoded features; those of the call before are kept, since all parts of pairs need the same."""
    key = _fingerprint(features, standards.hash)
    if key not in _LAST:
        _LAST.clear()
        _LAST[key] = encode(features, standards)
    return _LAST[key]


def _fingerprint(features: pd.DataFrame, standards_hash: str) -> bytes:
    digest = hashlib.blake2b(standards_hash.encode(), digest_size=16)
    for name in features.columns:
        array = pa.array(features[name], from_pandas=True)
        for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
            digest.update(f"{name}:{chunk.offset}:{len(chunk)}".encode())
            for buffer in chunk.buffers():
                digest.update(b"-" if buffer is None else buffer)
    return digest.digest()


_FEATURES = {
    "birth_date": "birth_on",
    "phone": "phones",
    "email": "emails",
    "website": "domains",
    "address": "addresses",
    "name": "names",
}
"""Comparison → feature, where they are not named alike."""


def encode(features: pd.DataFrame, standards: Standards) -> Known:
    """Encode the features of all records.

    Args:
        features: One row per record, sorted by `record_id`.
        standards: Where the nicknames are.
    """
    nicknames = nicknames_of(standards)
    identities = _identities(features)
    count = len(features)
    parts = [features[name] for name in ("first", "middle", "last")]
    together = column(pd.concat(parts, ignore_index=True))
    first, middle, last = (together.codes[place * count : (place + 1) * count] for place in range(3))
    size = len(together.texts)
    singles = {name: column(features[name]) for name in ("last_parts", "generation", "birth_on", "legal_form")}
    singles |= {name: column(features[name], identities) for name in ("tax_id", "lei", "duns")}
    return Known(
        is_person=features["party_type"].ne("organization").to_numpy(dtype=bool),
        names=NameCodes(together, first, middle, last, nicknames),
        first=Counts(first, _counts(first, size), _expected(together, nicknames.given_share)),
        middle=Counts(middle, _counts(middle, size), None),
        last=Counts(last, _counts(last, size), _expected(together, nicknames.surname_share)),
        columns=singles,
        lists={
            name: lists(features[name], separator, identities)
            for name, separator in (("phones", " "), ("emails", " "), ("domains", " "), ("addresses", ";"))
        }
        | {"names": lists(features["names"], "|", np.arange(count))},
        nicknames=nicknames,
    )


def _expected(names: Column, share: Callable[[str], float]) -> NDArray[np.float64]:
    shares = np.fromiter((share(text) for text in names.texts), dtype=np.float64, count=len(names.texts))
    return shares if len(shares) else np.ones(1)


def _counts(codes: Codes, size: int) -> Codes:
    return np.bincount(codes[codes >= 0], minlength=max(size, 1)).astype(np.int64)


def _identities(features: pd.DataFrame) -> Codes:
    """Return a code per record that different customers mostly do not share: surname and initial, or the name."""
    person = features["last"].fillna("").str.cat(features["first"].str[:1].fillna(""), sep=" ")
    person = person.where(features["party_type"].ne("organization") & person.ne(" "))
    return pd.factorize(person.fillna(features["names"]).fillna(features["record_id"]))[0].astype(np.int64)
