"""What blocking rules are made of: each feature as rows of (record, value). Knows no rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.address_features import components
from dq.matching.encoding import Codes, pieces, positions
from dq.matching.firm_features import TOWN_CUT
from dq.matching.folding import glued, parted, sound
from dq.matching.nicknames import Nicknames
from dq.matching.singles import Single, distinct_rows, single_of


@dataclass(frozen=True)
class Owned:
    """Values of records: a record has none, one or several.

    Attributes:
        owners: Position of the record of each value.
        values: The values; some may be missing.
    """

    owners: Codes
    values: Single

    def mapped(self, texts: pa.Array) -> "Owned":
        """Return the same with another text for each value."""
        return Owned(self.owners, _replaced(self.values, texts))

    def made(self, function: Callable[[str], str]) -> "Owned":
        """Apply a function once to each distinct value."""
        return Owned(self.owners, self.values.made(function))

    def cut(self, start: int, stop: int | None = None) -> "Owned":
        """Return the letters of each value between two places."""
        return self.mapped(pc.utf8_slice_codeunits(self.values.texts, start, stop))

    def without(self, pattern: str) -> "Owned":
        """Return what is left of each value where a pattern is taken out."""
        return self.mapped(pc.replace_substring_regex(self.values.texts, pattern, ""))

    def where(self, rows: NDArray[np.bool_]) -> "Owned":
        """Return some of the values."""
        return Owned(self.owners[rows], Single(self.values.codes[rows], self.values.texts))

    def pieces(self, separator: str) -> tuple["Owned", Codes]:
        """Return the pieces of each value, and the place of the value each is a piece of."""
        of_text, flat = pieces(self.values.texts, separator)
        rows, found = positions(self.values.codes, np.searchsorted(of_text, np.arange(len(self.values.texts) + 1)))
        return Owned(self.owners[rows], _replaced(Single(found, flat), flat)), rows


def _replaced(values: Single, texts: pa.Array) -> Single:
    """Return a column with another text for each code, empty ones missing.

    A text may stand there twice: equal texts have equal hashes, and looking for them takes longer than hashing them.
    """
    missing = np.append(pc.equal(texts, "").to_numpy(zero_copy_only=False), True)
    return Single(np.where(missing[values.codes], -1, values.codes), texts)


_ADDRESS_PARTS = ("number", "street", "box", "zip", "city", "state")
"""Components of an address that rules are made of."""
_TOWN = 7
"""Letters of a town: New York and New York City meet."""
_LEAST_TOKEN = 3
"""Shorter words of an organisation's name (co, st, of) make blocks of everything."""
_START = 3
"""Letters with which crossed names begin; most typing errors come later."""
_LONG_STREET = 8
"""A street without a number makes a block where its name is longer than this: Main St is everywhere."""


class BlockValues:
    """The blocking features of some records, each read where a rule asks for it.

    Args:
        features: Columns of `features`.
        nicknames: Formal names of nicknames.
    """

    def __init__(self, features: Mapping[str, Single], nicknames: Nicknames) -> None:
        self._features = features
        self._nicknames = nicknames

    def read(self, feature: str) -> Owned:
        """Return every value of a feature, none missing."""
        found = _READERS[feature](self)
        return found.where(found.values.known)

    def single(self, column: str) -> Owned:
        """Return a column of single values."""
        values = self._features[column]
        return Owned(np.arange(len(values)), values)

    def several(self, column: str, separator: str) -> Owned:
        """Return the members of a column of lists."""
        return self.single(column).pieces(separator)[0]

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
        return self.several("names", "|").without(f"^{TOWN_CUT}")

    @cached_property
    def words(self) -> Owned:
        """Return every word of the names."""
        return self.names.pieces(" ")[0]

    @cached_property
    def addresses(self) -> tuple[Codes, dict[str, Single]]:
        """Return the components of every address."""
        addresses = self.several("addresses", ";")
        parts = components(addresses.values.texts)
        # Many addresses have one town: here equal texts are worth looking for.
        return addresses.owners, {name: addresses.values.mapped(parts[name]) for name in _ADDRESS_PARTS}

    def address(self, *parts: str) -> Owned:
        """Return the first component of each address that is known."""
        owners, components_ = self.addresses
        found = components_[parts[0]]
        for part in parts[1:]:
            found = _or_else(found, components_[part])
        return Owned(owners, found)

    def formal(self, text: str) -> str:
        """Return the formal name of a nickname."""
        return self._nicknames.formal(text)


def _joined(*owned: Owned) -> Owned:
    """Return all values of some features."""
    starts = np.cumsum([0, *(len(one.values.texts) for one in owned)])
    codes = [
        np.where(one.values.known, one.values.codes + start, -1) for one, start in zip(owned, starts, strict=False)
    ]
    texts = pa.concat_arrays([one.values.texts for one in owned])
    return Owned(np.concatenate([one.owners for one in owned]), Single(np.concatenate(codes), texts))


def _or_else(one: Single, other: Single) -> Single:
    """Return a column with the texts of another one where it has none."""
    codes = np.where(one.known, one.codes, np.where(other.known, other.codes + len(one.texts), -1))
    return Single(codes, pa.concat_arrays([one.texts, other.texts]))


def _last(values: BlockValues) -> Owned:
    return _joined(values.single("last"), values.several("last_parts", " "), values.several("former", " "))


def _identifier(values: BlockValues) -> Owned:
    return _joined(*(values.single(name) for name in ("tax_id", "lei", "duns")))


def _domain(values: BlockValues) -> Owned:
    return _joined(values.several("domains", " "), values.emails.mapped(parted(values.emails.values.texts, "@")[1]))


def _side_by_side(one: Single, other: Single, put: Callable[[pa.Array, pa.Array], pa.Array]) -> Single:
    """Return what is made of the values of two columns, once for each two; missing where one of them is."""
    places, first = distinct_rows([one.codes, other.codes])
    both = one.known & other.known
    made = put(one.of(first).fill_null(""), other.of(first).fill_null(""))
    return _replaced(Single(places, made), made).where(both)


def _pair(values: BlockValues, letters: int | None = None) -> Owned:
    """Return first and last name in alphabetical order, or how they begin: crossed ones meet."""

    def in_order(first: pa.Array, last: pa.Array) -> pa.Array:
        ordered = pc.less_equal(first, last)
        return pc.if_else(ordered, glued(first, last, by=" "), glued(last, first, by=" "))

    first, last = (values.single(name).cut(0, letters) for name in ("first", "last"))
    return Owned(first.owners, _side_by_side(first.values, last.values, in_order))


def _either_name(values: BlockValues) -> Owned:
    """Return first and last name alike: crossed ones meet though the other of the two is misspelt."""
    return _joined(values.single("first"), values.single("last"))


def _line(values: BlockValues) -> Owned:
    owners, parts = values.addresses
    number, street, box = parts["number"], parts["street"], parts["box"]
    long = pc.if_else(pc.greater(pc.utf8_length(street.texts), _LONG_STREET), street.texts, "")
    whole = _side_by_side(number, street, lambda one, other: glued(one, other, by=" "))
    line = _or_else(whole, _replaced(street, long))
    return Owned(owners, _or_else(_replaced(box, glued("box", box.texts, by=" ")), line))


def _region(values: BlockValues) -> Owned:
    owners, parts = values.addresses
    area = _or_else(_replaced(parts["zip"], pc.utf8_slice_codeunits(parts["zip"].texts, 0, 2)), parts["city"])
    return Owned(owners, _or_else(parts["state"], area))


def _acronyms(values: BlockValues) -> Owned:
    """Return the initials of names of three words and more, and names of one word that may be initials."""
    names = values.names.values.texts
    of_name, words = pieces(names, " ")
    counts = np.bincount(of_name, minlength=len(names))
    initials = _joined_words(of_name, pc.utf8_slice_codeunits(words, 0, 1), len(names), "")
    length = pc.utf8_length(names)
    short = pc.and_(pc.and_(pc.greater(length, 2), pc.less(length, 7)), pa.array(counts == 1))
    return values.names.mapped(pc.if_else(short, names, pc.if_else(pa.array(counts > 2), initials, "")))


def _joined_words(places: NDArray[np.int64], words: pa.Array, names: int, by: str) -> pa.Array:
    """Put the words of each name together; `places` rise."""
    starts = np.searchsorted(places, np.arange(names + 1)).astype(np.int64)
    return pc.binary_join(pa.LargeListArray.from_arrays(pa.array(starts), words), pa.scalar(by, pa.large_string()))


def _tokens(values: BlockValues) -> Owned:
    words = values.words.values.texts
    return values.words.mapped(pc.if_else(pc.greater_equal(pc.utf8_length(words), _LEAST_TOKEN), words, ""))


def _homeless_tokens(values: BlockValues) -> Owned:
    """Return the words of names without any address: with nothing beside the name, each word must do."""
    found = _tokens(values)
    return found.where(~values.single("addresses").values.known[found.owners])


def _name_sounds(values: BlockValues) -> Owned:
    """Return the sound of the first two words of each name."""
    names = values.names.values.texts
    of_name, words = pieces(names, " ")
    two = np.arange(len(of_name)) - np.searchsorted(of_name, of_name) < 2
    sounds = single_of(words.filter(pa.array(two))).made(sound).array().fill_null("")
    return values.names.mapped(_joined_words(of_name[two], sounds, len(names), " "))


def _single(column: str) -> Callable[[BlockValues], Owned]:
    return lambda values: values.single(column)


def _start(column: str, letters: int) -> Callable[[BlockValues], Owned]:
    return lambda values: values.single(column).cut(0, letters)


def _address(*parts: str, letters: int | None = None) -> Callable[[BlockValues], Owned]:
    return lambda values: values.address(*parts).cut(0, letters)


_READERS: dict[str, Callable[[BlockValues], Owned]] = {
    "first": _single("first"),
    "first_initial": _start("first", 1),
    "first_start": _start("first", 3),
    "first_sound": lambda values: values.single("first").made(lambda text: sound(values.formal(text))),
    "formal_first": lambda values: values.single("first").made(values.formal),
    "last": _last,
    "last_initial": _start("last", 1),
    "last_start": _start("last", 4),
    "last_sound": lambda values: _last(values).made(sound),
    "name_pair": _pair,
    "name_starts": lambda values: _pair(values, letters=_START),
    "either_name": _either_name,
    "birth_on": _single("birth_on"),
    "birth_year": _single("birth_year"),
    "identifier": _identifier,
    "phone": lambda values: values.phones,
    "phone_seven": lambda values: values.phones.cut(-7),
    "email": lambda values: values.emails,
    "email_local": lambda values: values.emails.mapped(parted(values.emails.values.texts, "@")[0]),
    "email_start": lambda values: values.emails.cut(0, 6),
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
    "name_start": lambda values: values.names.without(" ").cut(0, 5),
    "name_sound": _name_sounds,
    "name_token": _tokens,
    "homeless_token": _homeless_tokens,
    "acronym": _acronyms,
}
BLOCKING_FEATURES = tuple(_READERS)
"""Features that a blocking rule may name."""
