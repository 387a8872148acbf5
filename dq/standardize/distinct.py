"""Applies a scalar standardiser to the distinct values of a column, and carries its doubts as flags.

Columns repeat themselves, so a standardiser runs once per distinct value. A value it cannot standardise stays as typed.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.arrays import ArrowStringArray

from dq.model import FLAGS, TEXT

_SEPARATOR = "\x1f"


class Outcome(NamedTuple):
    """What became of one value.

    Attributes:
        value: The standardised value, or the value as typed; None removes it.
        reason: Why it was altered; only read where the value differs from what was typed.
        flags: Doubts, as words parted by blanks (`birth_on:default`).
    """

    value: str | None
    reason: str | None = None
    flags: str | None = None


def _text_array(values: "pa.Array[Any] | pa.ChunkedArray[Any]") -> ArrowStringArray:
    """Wrap Arrow text without copying it; far faster than building it from objects."""
    return ArrowStringArray(values, dtype=TEXT)  # type: ignore[call-arg]  # the stubs lag behind pandas 3


def missing(index: pd.Index) -> pd.Series:
    """Return a text column without a value."""
    nulls = pa.chunked_array([pa.nulls(len(index), pa.large_string())])
    return pd.Series(_text_array(nulls), index=index)


def column_of(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as text, all missing where the frame does not have it."""
    if column not in frame.columns:
        return missing(frame.index)
    values = frame[column]
    return values if values.dtype == TEXT else values.astype(TEXT)


def joined(frame: pd.DataFrame, columns: Sequence[str], separator: str) -> pd.Series:
    """Return the values of several columns as one text per row, missing ones as empty texts."""
    parts = [pa.array(column_of(frame, column)).cast(pa.large_string()) for column in columns]
    if not len(frame):
        return missing(frame.index)
    texts = pc.binary_join_element_wise(
        *parts, pa.scalar(separator, pa.large_string()), null_handling="replace", null_replacement=""
    )
    return pd.Series(_text_array(texts), index=frame.index)


def group_names(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return the values of several columns as one name per row; `parts_of` takes it apart again."""
    return joined(frame, columns, _SEPARATOR)


def parts_of(name: str, count: int) -> tuple[str, ...]:
    """Return the values of a group's name, empty texts where the name has fewer."""
    parts = name.split(_SEPARATOR)
    return tuple(parts[:count] + [""] * (count - len(parts)))


def standardize_distinct(values: pd.Series, standardize: Callable[[str], tuple[str | None, ...]]) -> pd.DataFrame:
    """Standardise every distinct value once and map the outcomes back to the rows.

    Args:
        values: The column.
        standardize: Gives an `Outcome` or another named tuple of texts.

    Returns:
        One column of text per field of the outcome, one row per value, with the index of `values`.
    """
    codes, distinct = pd.factorize(values)
    return spread([standardize(str(value)) for value in distinct], codes, values.index)


def spread(
    outcomes: Sequence[tuple[str | None, ...]], codes: "np.ndarray[tuple[int], np.dtype[np.intp]]", index: pd.Index
) -> pd.DataFrame:
    """Map outcomes of distinct values back to rows; code -1 is a missing cell."""
    names: tuple[str, ...] = getattr(outcomes[0], "_fields", Outcome._fields) if outcomes else Outcome._fields

    def column(position: int) -> pd.Series:
        distinct = pd.array([outcome[position] for outcome in outcomes], dtype=TEXT)
        return pd.Series(distinct.take(codes, allow_fill=True), index=index)

    return pd.DataFrame({name: column(position) for position, name in enumerate(names)}, index=index)


def standardize_by_group(
    values: pd.Series, groups: pd.Series, standardize: Callable[[pd.Series, str], pd.DataFrame]
) -> pd.DataFrame:
    """Standardise the rows of each group (a country, a table) with what is known of that group.

    Args:
        values: The column.
        groups: Group of each row; a missing one is the group named by the empty text.
        standardize: Takes the values of one group and its name, gives their outcomes in the same order.
    """
    codes, names = pd.factorize(groups.fillna("").astype(TEXT), sort=True)
    plain = values.set_axis(pd.RangeIndex(len(values)))
    pieces = [standardize(plain[codes == code], str(name)) for code, name in enumerate(names)]
    if not pieces:
        return standardize(plain, "").set_axis(values.index)
    return pd.concat(pieces).sort_index().set_axis(values.index)


def with_flags(frame: pd.DataFrame, *more: pd.Series) -> pd.DataFrame:
    """Add flag words to the frame's `flags`: each word once, sorted, so that adding twice changes nothing."""
    joined = column_of(frame, FLAGS)
    for words in more:
        if not words.notna().any():
            continue
        both = joined.str.cat(words, sep=" ")
        joined = both.where(both.notna(), joined.where(joined.notna(), words))
    codes, distinct = pd.factorize(joined)
    tidy = pd.array([" ".join(sorted(set(str(words).split()))) or None for words in distinct], dtype=TEXT)
    return frame.assign(**{FLAGS: pd.Series(tidy.take(codes, allow_fill=True), index=frame.index)})
