"""Tokens: the words of a column as one long table, so that work is done once per distinct word."""

from dataclasses import dataclass

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

    def words_array(self) -> pa.Array:
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
    array = pa.array(values, type=pa.large_string(), from_pandas=True)
    lists = pc.utf8_split_whitespace(pc.utf8_trim_whitespace(array))
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    flat = pc.list_flatten(lists)
    encoded = flat.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    rows = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    words = encoded.dictionary.to_pylist()
    return Tokens(words, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), rows, counts)


def join_tokens(tokens: Tokens, spellings: pa.Array, chosen: npt.NDArray[np.bool_]) -> pd.Series:
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
