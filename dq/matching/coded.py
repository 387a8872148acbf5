"""The features of all records as codes of their distinct texts, each column taken apart once. Counts nothing."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import places_of
from dq.matching.encoding import Codes, narrow, pieces
from dq.matching.features import is_cut_out
from dq.matching.folding import glued, numbered, text_array
from dq.matching.singles import Single
from dq.matching.spouses import SPOUSES

Item = TypeVar("Item")

SEPARATORS: Mapping[str, str] = {
    "phones": " ",
    "emails": " ",
    "domains": " ",
    "other_ids": " ",
    "addresses": ";",
    "names": "|",
}
"""Feature of which a record may have several values, and what parts them."""
_SINGLES = (
    *("first", "middle", "last", "last_parts", "former", "generation", "birth_on", "birth_year", "sex", "legal_form"),
    *("tax_id", "lei", "duns", "source", SPOUSES),
)
"""Features of which a record has one value."""
_AT_ONCE = 2
"""Threads: Arrow and NumPy work on a column without Python's lock, and each more holds a column more in memory."""
_PLACES = "places"
"""Name of a column that is made of the addresses."""


def at_once(function: Callable[[Item], object], items: Iterable[Item]) -> None:
    """Call a function for its effect, for several items at once; the order does not matter to what is made."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(function, items))


@dataclass(frozen=True)
class Several:
    """A column of lists of texts.

    Attributes:
        sets: The whole lists.
        starts: Where the members of each list start in `members`; one more than there are lists.
        members: Codes of the values in each list.
        values: Text of each code of a value.
    """

    sets: Single
    starts: Codes
    members: Codes
    values: pa.Array


@dataclass(frozen=True)
class Coded:
    """The columns of the features, encoded when they are asked for.

    Attributes:
        read: Gives the texts of a column of the features, a row per record. Each is read once and not kept: the texts
            of a million records take half a gigabyte.
        changed: Columns of which values were taken out.
    """

    read: Callable[[str], "pd.Series | pa.Array"]
    changed: Mapping[str, Single] = field(default_factory=dict)
    _singles: dict[str, Single] = field(default_factory=dict, repr=False)
    _several: dict[str, Several] = field(default_factory=dict, repr=False)

    def encoded(self) -> "Coded":
        """Return the same with every column encoded that all records have to be compared in."""
        at_once(self.several, SEPARATORS)
        at_once(self.single, _SINGLES)
        return self

    def single(self, name: str) -> Single:
        """Return a column of texts."""
        if name not in self._singles:
            codes, texts = numbered(self.read(name))
            self._singles[name] = Single(narrow(codes), texts)
        return self.changed.get(name, self._singles[name])

    def several(self, name: str) -> Several:
        """Return a column of lists (SEPARATORS)."""
        if name not in self._several:
            sets = self.single(name)
            owners, flat = pieces(sets.texts, SEPARATORS[name])
            lengths = np.bincount(owners, minlength=len(sets.texts))
            starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
            # Where no list has two members, its text is its member's, each once.
            alone = len(flat) == len(sets.texts)
            self._several[name] = Several(sets, starts, *((np.arange(len(flat)), flat) if alone else numbered(flat)))
        return self._several[name]

    def without(self, rows: Mapping[str, NDArray[np.bool_]]) -> "Coded":
        """Return the same without the texts of some columns of some records."""
        return replace(self, changed={name: self.single(name).without(chosen) for name, chosen in rows.items()})

    @cached_property
    def is_organization(self) -> NDArray[np.bool_]:
        """Say which records are organisations."""
        return self.single("party_type").is_in(("organization",))

    @property
    def size(self) -> int:
        """Return how many records there are."""
        return len(self.is_organization)

    @cached_property
    def record_ids(self) -> pa.Array:
        """Return the id of each record."""
        return text_array(self.read("record_id"))

    @cached_property
    def is_cut_out(self) -> NDArray[np.bool_]:
        """Say which records are organisations cut out of a person's row."""
        return is_cut_out(self.record_ids)

    @property
    def places(self) -> Single:
        """Return what everybody in one building shares (`place_of`), for each distinct address."""
        if _PLACES not in self._singles:
            shared = places_of(self.several("addresses").values)
            self._singles[_PLACES] = Single(*numbered(pc.if_else(pc.equal(shared, ""), None, shared)))
        return self._singles[_PLACES]

    @cached_property
    def identities(self) -> Codes:
        """Return a code per record that different customers mostly do not share: surname and initial, or the name."""
        first, last, names = self.single("first"), self.single("last"), self.several("names").sets
        starts, initials = numbered(pc.utf8_slice_codeunits(first.texts, 0, 1))
        initial = np.where(first.codes < 0, -1, starts[first.codes] if len(starts) else -1)
        persons = ~self.is_organization & ((last.codes >= 0) | (initial >= 0))
        cells, place = np.unique(
            (last.codes[persons].astype(np.int64) + 1) * (len(initials) + 1) + initial[persons] + 1, return_inverse=True
        )
        lasts, firsts = cells // (len(initials) + 1) - 1, cells % (len(initials) + 1) - 1
        whole = glued(_taken(last.texts, lasts), _taken(initials, firsts), by=" ")
        codes, texts = numbered(pa.concat_arrays([whole, names.texts]))
        found = np.arange(self.size, dtype=np.int64) + len(texts)
        named = names.codes >= 0
        found[named] = codes[len(whole) :][names.codes[named]]
        found[persons] = codes[: len(whole)][place]
        return found

    @cached_property
    def bearers(self) -> Codes:
        """Return a code per record that records of one organisation mostly share: its names and its address.

        A name would look more common than it is where its bearer is in several lists. An organisation cut out of a
        person's row has no address of its own.
        """
        names, addresses = self.several("names").sets, self.several("addresses")
        lists = addresses.sets.codes
        lives = (lists >= 0) & ~self.is_cut_out
        homes = np.full(len(lists), -1, dtype=np.int64)
        homes[lives] = self.places.codes[addresses.members[addresses.starts[lists[lives]]]]
        alone = len(names.texts) + np.arange(len(lists), dtype=np.int64)
        whole = np.where(names.codes < 0, alone, names.codes)
        codes: Codes = pd.factorize(whole * (len(self.places.texts) + 1) + homes + 1)[0].astype(np.int64)
        return codes


def _taken(texts: pa.Array, codes: Codes) -> pa.Array:
    """Return the text of each code, the empty text for -1."""
    return texts.take(pa.array(codes, mask=codes < 0)).fill_null("")
