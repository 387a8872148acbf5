"""What blocking rules are made of: each feature as rows of (record, value). Knows no rule."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dq.matching.address_features import PARTS
from dq.matching.folding import by_distinct, sound
from dq.matching.nicknames import Nicknames

Owned = tuple[NDArray[np.int64], pd.Series]
"""Position of a record and a value of it; a record has none, one or several."""

_PLACE = {name: place for place, name in enumerate(PARTS)}
_LEAST_TOKEN = 3
"""Shorter words of an organisation's name (co, st, of) make blocks of everything."""


def _single(column: str, made: Callable[[str], str] | None = None) -> Callable[[pd.DataFrame], Owned]:
    def read(features: pd.DataFrame) -> Owned:
        values = by_distinct(features[column], made) if made else features[column]
        return _present(np.arange(len(features)), values)

    return read


def _several(column: str, separator: str, made: Callable[[str], str] | None = None) -> Callable[[pd.DataFrame], Owned]:
    def read(features: pd.DataFrame) -> Owned:
        owners, values = _listed(features[column], separator)
        return _present(owners, by_distinct(values, made) if made else values)

    return read


def _listed(lists: pd.Series, separator: str) -> Owned:
    """Return every member of every list."""
    present = np.flatnonzero(lists.notna().to_numpy())
    split = [text.split(separator) for text in lists.to_numpy(dtype=object)[present]]
    counts = np.fromiter((len(parts) for parts in split), dtype=np.int64, count=len(split))
    return np.repeat(present, counts), pd.Series([value for parts in split for value in parts], dtype="str")


def _present(owners: NDArray[np.int64], values: pd.Series) -> Owned:
    found = values.notna().to_numpy()
    return owners[found], values[found].reset_index(drop=True)


def _joined(*readers: Callable[[pd.DataFrame], Owned]) -> Callable[[pd.DataFrame], Owned]:
    def read(features: pd.DataFrame) -> Owned:
        made = [reader(features) for reader in readers]
        return np.concatenate([owners for owners, _ in made]), pd.concat([v for _, v in made], ignore_index=True)

    return read


def _part(name: str, text: str) -> str:
    return text.split("|")[_PLACE[name]]


def _line(text: str) -> str:
    number, street, _, _, box, *_ = text.split("|")
    if box:
        return f"box {box}"
    return f"{number} {street}" if number and street else street if len(street) > 8 else ""


def _region(text: str) -> str:
    return _part("state", text) or _part("zip", text)[:2] or _part("city", text)


def _acronym(text: str) -> str:
    words = text.split()
    if len(words) == 1:
        return text if 2 < len(text) < 7 else ""
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def _tokens(features: pd.DataFrame) -> Owned:
    owners, names = _several("names", "|")(features)
    places, tokens = _listed(names, " ")
    kept = np.fromiter((len(token) >= _LEAST_TOKEN for token in tokens), dtype=bool, count=len(tokens))
    return owners[places[kept]], tokens[kept].reset_index(drop=True)


def _pair(features: pd.DataFrame) -> Owned:
    first, last = features["first"].to_numpy(dtype=object), features["last"].to_numpy(dtype=object)
    both = features["first"].notna() & features["last"].notna()
    texts = [" ".join(sorted(pair)) for pair in zip(first[both], last[both], strict=True)]
    return np.flatnonzero(both.to_numpy()), pd.Series(texts, dtype="str")


def block_readers(nicknames: Nicknames) -> dict[str, Callable[[pd.DataFrame], Owned]]:
    """Return the reader of each blocking feature."""
    return {
        "first": _single("first"),
        "first_initial": _single("first", lambda text: text[:1]),
        "first_start": _single("first", lambda text: text[:3]),
        "first_sound": _single("first", lambda text: sound(nicknames.formal(text))),
        "formal_first": _single("first", nicknames.formal),
        "last": _joined(_single("last"), _several("last_parts", " "), _several("former", " ")),
        "last_initial": _single("last", lambda text: text[:1]),
        "last_start": _single("last", lambda text: text[:4]),
        "last_sound": _joined(
            _single("last", sound), _several("last_parts", " ", sound), _several("former", " ", sound)
        ),
        "name_pair": _pair,
        "birth_on": _single("birth_on"),
        "birth_year": _single("birth_on", lambda text: text[:4]),
        "identifier": _joined(_single("tax_id"), _single("lei"), _single("duns")),
        "phone": _several("phones", " "),
        "phone_seven": _several("phones", " ", lambda text: text[-7:]),
        "email": _several("emails", " "),
        "email_local": _several("emails", " ", lambda text: text.partition("@")[0]),
        "email_start": _several("emails", " ", lambda text: text[:6]),
        "domain": _joined(_several("domains", " "), _several("emails", " ", lambda text: text.partition("@")[2])),
        "line": _several("addresses", ";", _line),
        "number": _several("addresses", ";", lambda text: _part("number", text)),
        "street_start": _several("addresses", ";", lambda text: _part("street", text)[:5]),
        "area": _several("addresses", ";", lambda text: _part("zip", text) or _part("city", text)),
        "zip": _several("addresses", ";", lambda text: _part("zip", text)),
        "zip_start": _several("addresses", ";", lambda text: _part("zip", text)[:3]),
        "city": _several("addresses", ";", lambda text: _part("city", text)),
        "region": _several("addresses", ";", _region),
        "name": _several("names", "|"),
        "name_start": _several("names", "|", lambda text: text.replace(" ", "")[:5]),
        "name_sound": _several("names", "|", lambda text: " ".join(sound(word) for word in text.split()[:2])),
        "name_token": _tokens,
        "acronym": _several("names", "|", _acronym),
    }
