"""All features of a run as codes, with how many customers share each value; made once for many pairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import places_of
from dq.matching.address_ladder import AddressParts
from dq.matching.areas import Areas
from dq.matching.chains import in_chain
from dq.matching.coded import at_once
from dq.matching.contact_ladders import EmailParts, OtherIds, PhoneParts
from dq.matching.doors import beside_marked
from dq.matching.encoding import Codes, Column, Lists, Texts, expand
from dq.matching.generic import Generic
from dq.matching.name_words import NameWords
from dq.matching.nicknames import Nicknames
from dq.matching.person_ladders import Dates, NameCodes
from dq.matching.source_groups import Sources


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
        sources: Source of each record, and the groups that pairs make by them.
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
    sources: Sources
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
            ("addresses", "emails", "phones", "name_words", "_generic_flags", "other_ids"),
        )
        dates = self.columns["birth_on"]
        assert isinstance(dates, Dates)
        _ = dates.digits, dates.days, self.sources.table
        _ = self.in_chain, self.streetless, self.beside_marked, self.filled_records, self.persons, self.reachable
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

    @cached_property
    def in_chain(self) -> NDArray[np.bool_]:
        """Say which records have a website that organisations at several places have."""
        lists = self.lists
        return in_chain(~self.is_person & ~self.cut_out, lists["domains"], lists["addresses"], self.addresses.place)

    @cached_property
    def beside_marked(self) -> NDArray[np.bool_]:
        """Say which records lack Jr, Sr or a number where somebody of the name at the same door has one."""
        marked = self.columns["generation"].codes >= 0
        names = self.first.codes, self.last.codes
        return beside_marked(names, marked & self.is_person, self.lists["addresses"], self.addresses.place)

    @cached_property
    def streetless(self) -> NDArray[np.bool_]:
        """Say which records have neither street nor box: that they lie elsewhere nobody can tell."""
        homes, found = self.lists["addresses"], np.ones(len(self.is_person), dtype=bool)
        owners, _, codes = expand(homes.sets.codes, homes.starts, homes.members)
        found[owners[self.addresses.line[codes] >= 0]] = False
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
