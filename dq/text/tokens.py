"""Tokens: the words of a column as one long table, so that work is done once per distinct word."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Tokens:
    """All tokens of a column, row after row.

    Attributes:
        words: Distinct tokens.
        codes: Position in `words` of every token.
        rows: Row (position in the column) of every token, ascending.
        counts: Number of tokens per row; 0 for a null.
    """

    words: list[str]
    codes: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]

    def words_array(self) -> Any:
        """Return the distinct tokens as they are written."""
        return pa.array(self.words, pa.large_string())

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """Return where the tokens of each row begin."""
        return np.concatenate(([0], np.cumsum(self.counts)[:-1])).astype(np.int64)

    @property
    def positions(self) -> npt.NDArray[np.int64]:
        """Return the position of every token inside its row, from 0."""
        return np.arange(len(self.codes), dtype=np.int64) - self.starts[self.rows]


def split_tokens(values: pd.Series) -> Tokens:
    """Split every value at blanks.

    >>> split_tokens(pd.Series(["ann lee", None, "lee"], dtype="str")).words
    ['ann', 'lee']
    """
    lists = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(arrow_text(values)))
    counts = np.nan_to_num(pc.list_value_length(lists).to_numpy(zero_copy_only=False)).astype(np.int64)
    encoded = pc.list_flatten(lists).dictionary_encode()
    rows = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Tokens([str(word) for word in encoded.dictionary.to_pylist()], codes, rows, counts)


def arrow_text(values: pd.Series) -> Any:
    """Return a column as one Arrow array of text; a missing cell is null."""
    array: Any = pa.array(values, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def join_tokens(tokens: Tokens, spellings: Any, chosen: npt.NDArray[np.bool_]) -> pd.Series:
    """Join the chosen tokens of every row with blanks; null where none is chosen.

    Args:
        tokens: What was split.
        spellings: How each of `tokens.words` is written.
        chosen: One truth value per token.
    """
    counts = np.bincount(tokens.rows[chosen], minlength=len(tokens.counts))
    offsets = pa.array(np.concatenate(([0], np.cumsum(counts))), type=pa.int32())
    flat = spellings.take(pa.array(tokens.codes[chosen])).cast(pa.string())
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, flat), " ").cast(pa.large_string())
    joined = pc.if_else(pa.array(counts > 0), joined, pa.scalar(None, pa.large_string()))
    return pd.Series(joined.to_pandas(), dtype="str")
