"""What blocking rules are made of: each feature as rows of (record, value). Knows no rule."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import components
from dq.matching.encoding import pieces
from dq.matching.firm_features import TOWN_CUT
from dq.matching.folding import glued, numbered, sound, text_array
from dq.matching.nicknames import Nicknames

Owned = tuple[NDArray[np.int64], pa.Array]
"""Position of a record and a value of it, never empty; a record has none, one or several."""

_TOWN = 7
"""Letters of a town: New York and New York City meet."""
_LEAST_TOKEN = 3
"""Shorter words of an organisation's name (co, st, of) make blocks of everything."""
_LONG_STREET = 8
"""A street without a number makes a block where its name is longer than this: Main St is everywhere."""


class BlockValues:
    """The blocking features of some records, each read where a rule asks for it.

    Args:
        features: Rows of `features`.
        nicknames: Formal names of nicknames.
    """

    def __init__(self, features: pd.DataFrame, nicknames: Nicknames) -> None:
        self._features = features
        self._nicknames = nicknames

    def read(self, feature: str) -> Owned:
        """Return every value of a feature, with the position of its record."""
        owners, values = _READERS[feature](self)
        kept = pc.and_(pc.is_valid(values), pc.not_equal(values, "")).fill_null(False)
        return owners[kept.to_numpy(zero_copy_only=False)], values.filter(kept)

    def single(self, column: str) -> Owned:
        """Return a column of single values."""
        values = text_array(self._features[column])
        return np.arange(len(values)), values

    def several(self, column: str, separator: str) -> Owned:
        """Return the members of a column of lists."""
        return pieces(self.single(column)[1], separator)

    @cached_property
    def phones(self) -> Owned:
        """Return every phone."""
        return self.several("phones", " ")

    @cached_property
    def emails(self) -> Owned:
        """Return every e-mail."""
        return self.several("emails", " ")

    @cached_property
    def names(self) -> Owned:
        """Return every name of organisations."""
        return _without(self.several("names", "|"), f"^{TOWN_CUT}")

    @cached_property
    def words(self) -> tuple[Owned, NDArray[np.int64]]:
        """Return every word of the names, and the place of its name in `names`."""
        owners, names = self.names
        places, words = pieces(names, " ")
        return (owners[places], words), places

    @cached_property
    def addresses(self) -> tuple[NDArray[np.int64], dict[str, pa.Array]]:
        """Return the components of every address."""
        owners, addresses = self.several("addresses", ";")
        return owners, components(addresses)

    def address(self, *parts: str) -> Owned:
        """Return the first component of each address that is known."""
        owners, components_ = self.addresses
        found = components_[parts[-1]]
        for part in reversed(parts[:-1]):
            found = pc.if_else(pc.equal(components_[part], ""), found, components_[part])
        return owners, found

    def formal(self, text: str) -> str:
        """Return the formal name of a nickname."""
        return self._nicknames.formal(text)


def _made(owned: Owned, function: Callable[[str], str]) -> Owned:
    """Apply a function once to each distinct value."""
    owners, values = owned
    codes, texts = numbered(values)
    made = pa.array([function(text) for text in texts.to_pylist()], type=pa.large_string())
    return owners, made.take(pa.array(codes, mask=codes < 0))


def _cut(owned: Owned, start: int, stop: int | None = None) -> Owned:
    return owned[0], pc.utf8_slice_codeunits(owned[1], start, stop)


def _without(owned: Owned, pattern: str) -> Owned:
    return owned[0], pc.replace_substring_regex(owned[1], pattern, "")


def _joined(*owned: Owned) -> Owned:
    return np.concatenate([owners for owners, _ in owned]), pa.concat_arrays([values for _, values in owned])


def _last(values: BlockValues) -> Owned:
    return _joined(values.single("last"), values.several("last_parts", " "), values.several("former", " "))


def _identifier(values: BlockValues) -> Owned:
    return _joined(*(values.single(name) for name in ("tax_id", "lei", "duns")))


def _domain(values: BlockValues) -> Owned:
    return _joined(values.several("domains", " "), _without(values.emails, "(?s)^[^@]*@?"))


def _pair(values: BlockValues) -> Owned:
    (owners, first), (_, last) = values.single("first"), values.single("last")
    ordered = pc.less_equal(first, last)
    return owners, pc.if_else(ordered, glued(first, last, by=" "), glued(last, first, by=" "))


def _line(values: BlockValues) -> Owned:
    owners, parts = values.addresses
    number, street = parts["number"], parts["street"]
    alone = pc.if_else(pc.greater(pc.utf8_length(street), _LONG_STREET), street, "")
    numbered_ = pc.and_(pc.not_equal(number, ""), pc.not_equal(street, ""))
    line = pc.if_else(numbered_, glued(number, street, by=" "), alone)
    return owners, pc.if_else(pc.equal(parts["box"], ""), line, glued("box", parts["box"], by=" "))


def _region(values: BlockValues) -> Owned:
    owners, parts = values.addresses
    area = pc.utf8_slice_codeunits(parts["zip"], 0, 2)
    area = pc.if_else(pc.equal(area, ""), parts["city"], area)
    return owners, pc.if_else(pc.equal(parts["state"], ""), area, parts["state"])


def _joined_words(places: NDArray[np.int64], words: pa.Array, names: int, by: str) -> pa.Array:
    """Put the words of each name together; `places` rise."""
    starts = np.searchsorted(places, np.arange(names + 1)).astype(np.int64)
    return pc.binary_join(pa.LargeListArray.from_arrays(pa.array(starts), words), pa.scalar(by, pa.large_string()))


def _acronyms(values: BlockValues) -> Owned:
    """Return the initials of names of three words and more, and names of one word that may be initials."""
    (_, words), places = values.words
    owners, names = values.names
    counts = np.bincount(places, minlength=len(names))
    initials = _joined_words(places, pc.utf8_slice_codeunits(words, 0, 1), len(names), "")
    length = pc.utf8_length(names)
    short = pc.and_(pc.and_(pc.greater(length, 2), pc.less(length, 7)), pa.array(counts == 1))
    return owners, pc.if_else(short, names, pc.if_else(pa.array(counts > 2), initials, ""))


def _tokens(values: BlockValues) -> Owned:
    (owners, words), _ = values.words
    kept = pc.greater_equal(pc.utf8_length(words), _LEAST_TOKEN)
    return owners[kept.to_numpy(zero_copy_only=False)], words.filter(kept)


def _homeless_tokens(values: BlockValues) -> Owned:
    """Return the words of names without any address: with nothing beside the name, each word must do."""
    owners, words = _tokens(values)
    homeless = pc.is_null(values.single("addresses")[1]).to_numpy(zero_copy_only=False)[owners]
    return owners[homeless], words.filter(pa.array(homeless))


def _name_sounds(values: BlockValues) -> Owned:
    """Return the sound of the first two words of each name."""
    (_, words), places = values.words
    owners, names = values.names
    first = np.searchsorted(places, places)
    two = np.arange(len(places)) - first < 2
    _, sounds = _made((places[two], words.filter(pa.array(two))), sound)
    return owners, _joined_words(places[two], sounds, len(names), " ")


def _single(column: str) -> Callable[[BlockValues], Owned]:
    return lambda values: values.single(column)


def _start(column: str, letters: int) -> Callable[[BlockValues], Owned]:
    return lambda values: _cut(values.single(column), 0, letters)


def _address(*parts: str, letters: int | None = None) -> Callable[[BlockValues], Owned]:
    return lambda values: _cut(values.address(*parts), 0, letters)


_READERS: dict[str, Callable[[BlockValues], Owned]] = {
    "first": _single("first"),
    "first_initial": _start("first", 1),
    "first_start": _start("first", 3),
    "first_sound": lambda values: _made(values.single("first"), lambda text: sound(values.formal(text))),
    "formal_first": lambda values: _made(values.single("first"), values.formal),
    "last": _last,
    "last_initial": _start("last", 1),
    "last_start": _start("last", 4),
    "last_sound": lambda values: _made(_last(values), sound),
    "name_pair": _pair,
    "birth_on": _single("birth_on"),
    "birth_year": _single("birth_year"),
    "identifier": _identifier,
    "phone": lambda values: values.phones,
    "phone_seven": lambda values: _cut(values.phones, -7),
    "email": lambda values: values.emails,
    "email_local": lambda values: _without(values.emails, "(?s)@.*$"),
    "email_start": lambda values: _cut(values.emails, 0, 6),
    "domain": _domain,
    "line": _line,
    "number": _address("number"),
    "street_start": _address("street", letters=5),
    "area": _address("zip", "city"),
    "zip": _address("zip"),
    "zip_start": _address("zip", letters=3),
    "city": _address("city"),
    "town": _address("city", letters=_TOWN),
    "region": _region,
    "name": lambda values: values.names,
    "name_start": lambda values: _cut((values.names[0], pc.replace_substring(values.names[1], " ", "")), 0, 5),
    "name_sound": _name_sounds,
    "name_token": _tokens,
    "homeless_token": _homeless_tokens,
    "acronym": _acronyms,
}
BLOCKING_FEATURES = tuple(_READERS)
"""Features that a blocking rule may name."""
