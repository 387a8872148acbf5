"""All features of a run as codes, with how many customers share each value; made once for many pairs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.encoding import Codes, Column, Lists, column, lists
from dq.matching.nicknames import Nicknames, nicknames_of
from dq.matching.person_ladders import NameCodes
from dq.standards import Standards


@dataclass(frozen=True)
class Known:
    """What is known of every record.

    Attributes:
        is_person: Party type of each record.
        names: Given, middle and family names.
        first: The given names alone, for their frequency; `middle` and `last` likewise.
        columns: The other single values by feature.
        lists: The values of which a record may have several, by feature.
        nicknames: Names that may be the same person's.
    """

    is_person: NDArray[np.bool_]
    names: NameCodes
    first: Codes
    middle: Codes
    last: Codes
    columns: dict[str, Column]
    lists: dict[str, Lists]
    nicknames: Nicknames

    @property
    def persons(self) -> int:
        """Return how many records are persons."""
        return int(self.is_person.sum())

    @property
    def organizations(self) -> int:
        """Return how many records are organisations."""
        return len(self.is_person) - self.persons


def encode(features: pd.DataFrame, standards: Standards) -> Known:
    """Encode the features of all records.

    Args:
        features: One row per record, sorted by `record_id`.
        standards: Where the nicknames are.
    """
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
        names=NameCodes(together, first, middle, last),
        first=_counts(first, size),
        middle=_counts(middle, size),
        last=_counts(last, size),
        columns=singles,
        lists={
            name: lists(features[name], separator, identities)
            for name, separator in (("phones", " "), ("emails", " "), ("domains", " "), ("addresses", ";"))
        }
        | {"names": lists(features["names"], "|", np.arange(count))},
        nicknames=nicknames_of(standards),
    )


def _counts(codes: Codes, size: int) -> Codes:
    return np.bincount(codes[codes >= 0], minlength=size).astype(np.int64)


def _identities(features: pd.DataFrame) -> Codes:
    """Return a code per record that different customers mostly do not share: surname and initial, or the name."""
    person = features["last"].fillna("").str.cat(features["first"].str[:1].fillna(""), sep=" ")
    person = person.where(features["party_type"].ne("organization") & person.ne(" "))
    return pd.factorize(person.fillna(features["names"]).fillna(features["record_id"]))[0].astype(np.int64)
