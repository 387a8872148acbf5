"""All features of a run as codes, with how many customers share each value; made once for many pairs."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import places_of
from dq.matching.address_ladder import AddressParts
from dq.matching.areas import Areas
from dq.matching.coded import SEPARATORS, Coded, Several, at_once
from dq.matching.contact_ladders import EmailParts, OtherIds, PhoneParts
from dq.matching.encoding import MISSING, Codes, Column, Lists, Texts, expand, narrow, pieces, sharers_of
from dq.matching.folding import as_series, numbered
from dq.matching.generic import Generic, generic_values, without_generic
from dq.matching.homes import homes_of
from dq.matching.model import BETWEEN
from dq.matching.name_words import NameWords
from dq.matching.nicknames import Nicknames, nicknames_of
from dq.matching.person_ladders import Dates, NameCodes
from dq.matching.singles import Single
from dq.matching.spouses import SPOUSES, spouse_codes
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
        named_emails: Distinct e-mails that are made of their owner's name.
        family_emails: Distinct e-mails that have the given name of somebody else beside the family name.
        providers: Domains where everybody may have a mailbox.
        record_ids: Id of each record.
        never_merge: Which records the policy marks: two of them stay two customers.
        spouses: 1 of a man by title and of the dead, -1 of a woman called by her husband's name, else 0.
        cut_out: Which records are organisations cut out of a person's row.
        areas: Which ZIP codes are near each other.
        short_words: Words of firms' names with their usual abbreviation.
        directions: Words of direction with their standard form.
        nicknames: Names that may be the same person's.
        generic: Values that are nobody's own (see `generic`).
        homes: Which persons of one family name have one address (see `homes_of`).
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
    named_emails: pa.Array
    family_emails: pa.Array
    providers: pa.Array
    record_ids: Texts
    never_merge: NDArray[np.bool_]
    spouses: Codes
    cut_out: NDArray[np.bool_]
    areas: Areas
    short_words: Mapping[str, str]
    directions: Mapping[str, str]
    nicknames: Nicknames
    generic: Generic
    homes: pd.DataFrame

    def is_generic(self, party: str, feature: str) -> NDArray[np.bool_]:
        """Say which of the distinct values of a list are nobody's own, for a party type."""
        return self._generic_flags[party, feature]

    @cached_property
    def _generic_flags(self) -> dict[tuple[str, str], NDArray[np.bool_]]:
        made = {}
        for feature, comparison in _COMPARISONS.items():
            texts = self.lists[feature].values.texts.arrow
            shared: pa.Array | None = None
            for party in ("person", "organization"):
                found = self.generic.get(party, {}).get(comparison, ())
                if found and shared is None:
                    shared = places_of(texts) if feature == "addresses" else texts
                flags = pc.is_in(shared, value_set=pa.array(found, type=texts.type)) if found else None
                made[party, feature] = (
                    np.zeros(len(texts), dtype=bool) if flags is None else flags.to_numpy(zero_copy_only=False)
                )
        return made

    def prepared(self) -> "Known":
        """Return the same with everything made that comparing needs, so that it is not made again in every process."""
        at_once(
            lambda name: getattr(self, name),
            ("addresses", "emails", "phones", "name_words", "_generic_flags", "other_ids", "group_table"),
        )
        dates = self.columns["birth_on"]
        assert isinstance(dates, Dates)
        _ = dates.digits, dates.days, self.in_chain, self.filled_records, self.persons, self.reachable
        _ = [of.is_single for of in self.lists.values()]
        compared = (
            self.names.names.texts,
            self.emails.locals,
            self.name_words.bare,
            self.addresses.whole,
            *self.addresses.texts.values(),
            *(self.lists[name].values.texts for name in _MISTYPED),
            *(column_.texts for column_ in self.columns.values()),
        )
        at_once(lambda texts: (texts.lengths, texts.signatures), compared)
        return self

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
        return AddressParts(self.lists["addresses"], self.areas)

    @cached_property
    def name_words(self) -> NameWords:
        """Return the names of organisations, prepared for comparing."""
        return NameWords(self.lists["names"], self.short_words, self.directions, self.nicknames)

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
    def in_chain(self) -> NDArray[np.bool_]:
        """Say which records have a website that organisations at several places have."""
        domains, homes = self.lists["domains"], self.lists["addresses"]
        here = np.flatnonzero(~self.is_person & ~self.cut_out & (homes.sets.codes >= 0))
        rows, _, sites = expand(domains.sets.codes[here], domains.starts, domains.members)
        lists = homes.sets.codes[here[rows]]
        # One of its own addresses stands for a record: whoever has two is no chain by that.
        places = self.addresses.place[homes.members[homes.starts[lists]]]
        known = np.unique(np.column_stack([sites, places])[places >= 0], axis=0)
        several = np.bincount(known[:, 0], minlength=len(domains.values.texts)) > 1
        found = np.zeros(len(self.is_person), dtype=bool)
        owners, _, codes = expand(domains.sets.codes, domains.starts, domains.members)
        found[owners[several[codes]]] = True
        return found

    @cached_property
    def reachable(self) -> Mapping[str, float]:
        """Return the share of records with a phone or an e-mail address, by party type."""
        phones, emails = (self.lists[name].sets.codes >= 0 for name in ("phones", "emails"))
        found = phones | emails
        parties = {"person": found[self.is_person], "organization": found[~self.is_person]}
        return {party: float(flags.mean()) if len(flags) else 0.0 for party, flags in parties.items()}

    @cached_property
    def persons(self) -> int:
        """Return how many records are persons."""
        return int(self.is_person.sum())

    @property
    def organizations(self) -> int:
        """Return how many records are organisations."""
        return len(self.is_person) - self.persons

    def filled(self, comparison: str, records: int) -> int:
        """Return how many of `records` can have a value at all, judged by how many of all records have one."""
        if comparison in _NAMES:
            return self.filled_records[comparison]
        return min(self.filled_records[_FEATURES.get(comparison, comparison)], records)

    @cached_property
    def filled_records(self) -> Mapping[str, int]:
        """Return how many records have a value, by feature, those of names by comparison."""
        codes = dict(zip(_NAMES, (self.first.codes, self.middle.codes, self.last.codes), strict=True))
        codes |= {name: column_.codes for name, column_ in self.columns.items()}
        codes |= {name: of.sets.codes for name, of in self.lists.items()}
        return {name: int((column_ >= 0).sum()) for name, column_ in codes.items()}


_NAMES = ("first_name", "middle_name", "last_name")
"""Comparisons of names, which share one space of codes."""
_MISTYPED = ("phones", "emails", "other_ids")
"""Lists whose values are looked at letter by letter; of the others only parts are, or whether they are equal."""
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
        _LAST[key] = encoded(features.__getitem__, standards)
    known = _LAST[key]
    if generic is not None and generic != known.generic:
        known = _LAST[key] = encoded(features.__getitem__, standards, generic)
    return known


def encoded(
    read: Callable[[str], "pd.Series | pa.Array"], standards: Standards, generic: Generic | None = None
) -> Known:
    """Encode all records and prepare what comparing needs.

    Args:
        read: Gives a column of the features, one row per record, sorted by `record_id`.
        standards: Policy.
        generic: Values that are nobody's own; found among these features where they are not given.
    """
    coded = Coded(read).encoded()
    if generic is None:
        generic = generic_values(coded, standards.matching, nicknames_of(standards))
    return encode(coded, standards, generic).prepared()


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
    "vicinity": "addresses",
    "name": "names",
}
"""Comparison → feature, where they are not named alike."""


def encode(coded: Coded, standards: Standards, generic: Generic) -> Known:
    """Encode the features of all records.

    Args:
        coded: The features, sorted by `record_id`.
        standards: Where the nicknames are.
        generic: Values that are nobody's own.
    """
    nicknames = nicknames_of(standards)
    homes = homes_of(coded)
    coded = without_generic(coded, generic)
    together, (first, middle, last) = _names(coded)
    size = len(together.texts)
    singles = {
        name: _column(coded.single(name))
        for name in ("last_parts", "former", "generation", "birth_on", "birth_year", "sex", "legal_form")
    }
    singles["birth_on"] = Dates(**vars(singles["birth_on"]))
    singles |= {name: _column(coded.single(name), coded.identities) for name in ("tax_id", "lei", "duns")}
    source_names, sources = _sources(coded.single("source"))
    marks = coded.single(SPOUSES)
    return Known(
        sources=sources,
        source_names=source_names,
        is_person=~coded.is_organization,
        names=NameCodes(together, first, middle, last, nicknames),
        first=Counts(first, _counts(first, size), _expected(together, nicknames.given_shares)),
        middle=Counts(middle, _counts(middle, size), None),
        last=Counts(last, _counts(last, size), _expected(together, nicknames.surname_shares)),
        columns=singles,
        lists={
            name: _lists(coded.several(name), coded.bearers if name == "names" else coded.identities)
            for name in SEPARATORS
        },
        named_emails=_listed_in(coded.single("named_emails")),
        family_emails=_listed_in(coded.single("family_emails")),
        providers=pa.array(standards.table("email_domains")["domain"], type=pa.large_string(), from_pandas=True),
        record_ids=Texts(coded.record_ids),
        never_merge=coded.single("never_merge").known,
        spouses=np.append(spouse_codes(as_series(marks.texts)), 0)[marks.codes],
        cut_out=coded.is_cut_out,
        areas=_areas(standards),
        short_words=_short_words(standards),
        directions=standards.matching.words.directions,
        nicknames=nicknames,
        generic=generic,
        homes=homes,
    )


def _areas(standards: Standards) -> Areas:
    distances = standards.matching.distances
    return Areas(standards.table("zips"), distances.near, distances.region)


def _short_words(standards: Standards) -> dict[str, str]:
    """Return the words of firms' names, lower case, with their abbreviation."""
    table = standards.table("business_words")
    return dict(zip(table["word"].str.lower(), table["abbreviation"].str.lower(), strict=True))


def _listed_in(lists_: Single) -> pa.Array:
    return pieces(lists_.texts, " ")[1].unique()


def _names(coded: Coded) -> tuple[Column, tuple[Codes, Codes, Codes]]:
    """Return first, middle and last names in one space of codes, and the codes of each."""
    parts = [coded.single(name) for name in ("first", "middle", "last")]
    codes, texts = numbered(pa.concat_arrays([part.texts for part in parts]))
    starts = np.cumsum([0, *(len(part.texts) for part in parts)])
    # The last of all is the missing name.
    spaces = (np.append(codes[start:end], MISSING) for start, end in pairwise(starts))
    first, middle, last = (space[part.codes] for space, part in zip(spaces, parts, strict=True))
    counts = sum(_counts(part, len(texts)) for part in (first, middle, last))
    first, middle, last = narrow(first), narrow(middle), narrow(last)
    return Column(first, Texts(texts), np.asarray(counts)), (first, middle, last)


def _sources(of: Single) -> tuple[tuple[str, ...], Codes]:
    """Return the names of all sources in alphabetical order, and the place of each record's."""
    known = [*of.texts.to_pylist(), ""]
    names = sorted(set(known[:-1]) | ({""} if (of.codes < 0).any() else set()))
    places = np.array([names.index(name) if name in names else 0 for name in known], dtype=np.int64)
    return tuple(names), narrow(places[of.codes])


def _column(of: Single, identities: Codes | None = None) -> Column:
    sharers = sharers_of(of.codes, np.arange(len(of.codes)), len(of.texts), identities)
    return Column(narrow(of.codes), Texts(of.texts), sharers)


def _lists(of: Several, identities: Codes) -> Lists:
    records, _, members = expand(of.sets.codes, of.starts, of.members)
    values = Column(
        np.empty(0, dtype=np.int64), Texts(of.values), sharers_of(members, records, len(of.values), identities)
    )
    sets = Column(narrow(of.sets.codes), Texts([]), np.empty(0, dtype=np.int32))
    return Lists(sets, narrow(of.starts), narrow(of.members), values)


def _expected(names: Column, shares: Callable[[list[str]], NDArray[np.float64]]) -> NDArray[np.float64]:
    return shares(list(names.texts)) if len(names.texts) else np.ones(1)


def _counts(codes: Codes, size: int) -> Codes:
    return narrow(np.bincount(codes[codes >= 0], minlength=max(size, 1)))
