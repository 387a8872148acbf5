"""Names of organisations as matching compares them: without legal form, stop words and their own town."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dq.matching.encoding import Codes, pieces, positions
from dq.matching.folding import column, folded, glued, numbered
from dq.matching.singles import Single, distinct_rows, folded_column, joined, put_together, single_of, stacked
from dq.standards.matching import Words

_TRADING_AS = (" dba ", " doing business as ", " aka ", " t a ")

TOWN_CUT = "~"
"""Before a name whose town was cut off. Two such names are not compared: they name two branches by their towns."""


def organization_names(records: pd.DataFrame, also_person: NDArray[np.bool_], words: Words) -> dict[str, Single]:
    """Return `names` (every name of the record without legal form and stop words) and `legal_form`.

    Args:
        records: Standardised records.
        also_person: Records that may be persons: their full names are compared with those of organisations.
        words: Legal forms and stop words.
    """
    registered, trade = (single_of(column(records, name)) for name in ("organization_name", "trade_name"))
    cities = folded_column(column(records, "city"))
    parts = (single_of(column(records, name)).where(also_person) for name in ("first_name", "middle_name", "last_name"))
    whole = put_together(*parts, by=" ")
    whole = whole.mapped(pc.utf8_trim_whitespace(whole.texts))
    owners, names = _names(stacked(registered.or_else(whole), trade), words)
    owners %= len(records) or 1
    towns = Single(cities.codes[owners], cities.texts)
    also, cut = _without_towns(names, towns)
    every = stacked(names, cut)
    legal = registered.mapped(folded(registered.texts))
    return {
        "names": joined(every, np.concatenate([owners, owners[also]]), len(records), "|"),
        "legal_form": legal.mapped(_legal_forms(legal.texts, words)),
    }


def _names(cells: Single, words: Words) -> tuple[Codes, Single]:
    """Return the names in cells, each with the place of its cell: a firm trades as another."""
    lines = glued(" ", folded(cells.texts), " ")
    for mark in _TRADING_AS:
        lines = pc.replace_substring(lines, mark, "|")
    of_cell, flat = pieces(lines, "|")
    cores = Single(*numbered(pc.utf8_trim(flat, " ")))
    cores = cores.mapped(_cores(cores.texts, words))
    rows, found = positions(cells.codes, np.searchsorted(of_cell, np.arange(len(lines) + 1)))
    return rows, Single(cores.codes[found], cores.texts)


def _cores(names: pa.Array, words: Words) -> pa.Array:
    """Return folded names without legal forms at their end, stop words and words for a branch before its number.

    A name of nothing else stays.
    """
    if not len(names):
        return names
    of_name, flat = pieces(names, " ")
    codes, distinct = numbered(flat)
    known = words.legal_forms.__contains__, frozenset(words.stop).__contains__, frozenset(words.branches).__contains__
    is_legal, is_stop, is_branch, is_number = (_flags(distinct, test)[codes] for test in (*known, str.isdigit))
    starts = np.searchsorted(of_name, np.arange(len(names)))
    places = np.arange(len(flat))
    last = np.maximum(np.maximum.reduceat(np.where(is_legal, -1, places), starts), starts)
    kept = places <= last[of_name]
    follows = np.append(is_number[1:] & (of_name[1:] == of_name[:-1]) & kept[1:], False)
    telling = kept & ~is_stop & ~(is_branch & follows)
    kept &= telling | ~np.logical_or.reduceat(telling, starts)[of_name]
    counts = np.add.reduceat(kept, starts, dtype=np.int64)
    ends = np.concatenate([[0], np.cumsum(counts)])
    return pc.binary_join(
        pa.LargeListArray.from_arrays(pa.array(ends), flat.filter(pa.array(kept))), pa.scalar(" ", pa.large_string())
    )


def _flags(texts: pa.Array, test: Callable[[str], bool]) -> NDArray[np.bool_]:
    return np.fromiter(map(test, texts.to_pylist()), dtype=bool, count=len(texts))


def _without_towns(names: Single, cities: Single) -> tuple[Codes, Single]:
    """Return which names end in the record's own town, and those names without it (see `_without_town`)."""
    both = names.known & cities.known
    ends, _ = numbered(pa.concat_arrays([_last_words(names.texts), _last_words(cities.texts)]))
    name_ends, city_ends = np.append(ends[: len(names.texts)], -1), np.append(ends[len(names.texts) :], -1)
    rows = np.flatnonzero(both & (name_ends[names.codes] == city_ends[cities.codes]))
    places, first = distinct_rows([names.codes[rows], cities.codes[rows]])
    pairs = zip(names.of(rows[first]).to_pylist(), cities.of(rows[first]).to_pylist(), strict=True)
    cut = pa.array([_without_town(name, city) for name, city in pairs], type=pa.large_string())
    return rows, Single(places, cut).mapped(cut)


def _last_words(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, "^.* ", "")


def _without_town(name: str, city: str) -> str:
    """Return a name without the record's own town at its end, which says where it is and not who, after TOWN_CUT.

    >>> _without_town("spago los angeles", "los angeles"), _without_town("reno air", "reno")
    ('~spago', '')
    """
    return TOWN_CUT + name.removesuffix(f" {city}") if city and name.endswith(f" {city}") else ""


def _legal_forms(names: pa.Array, words: Words) -> pa.Array:
    """Return the legal form at the end of each folded name that has more words."""
    ends = pc.if_else(pc.match_substring(names, " "), _last_words(names), "")
    of_name, distinct = numbered(ends)
    forms = [words.legal_forms.get(end, "") for end in distinct.to_pylist()]
    return pa.array(forms, type=pa.large_string()).take(pa.array(of_name))
