"""Hashes of texts, many at once: eight bytes of every text at a time. Keeps no secret and no order."""

from hashlib import blake2b
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dq.matching.folding import text_array

Hashes = NDArray[np.uint64]

GOLDEN: Final = 0x9E3779B97F4A7C15
MIX: Final = np.uint64(GOLDEN)
"""Odd constant of the golden ratio: spreads bits when hashes are combined."""
_AGAIN: Final = np.uint64(0xD6E8FEB86659FD93)
"""Another one (Degski, 2018): a sign at the end of a word moves few bits at the first go."""
_WORD: Final = 8
"""Bytes taken at a time."""
_LONGEST: Final = 512
"""Bytes of a text that is hashed with the others: each word more takes a round, however few are so long."""
_FIRST: Final = np.array([(1 << 8 * count) - 1 for count in range(_WORD)], dtype=np.uint64)
"""What is left of a word where a text has only so many bytes of it."""


def hashes_of(texts: pa.Array) -> Hashes:
    """Return a 64-bit hash of each text, none of them missing; equal texts have equal ones, in every process.

    >>> found = hashes_of(pa.array(["anna", "ann", "anna", ""]))
    >>> bool(found[0] == found[2]), len(set(found.tolist()))
    (True, 3)
    """
    texts = text_array(texts)
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset :][: len(texts) + 1]
    raw = texts.buffers()[2]
    # A word may reach beyond the last text.
    signs = np.zeros(int(offsets[-1] - offsets[0]) + _WORD, dtype=np.uint8)
    signs[:-_WORD] = np.frombuffer(raw if raw is not None else b"", dtype=np.uint8)[offsets[0] : offsets[-1]]
    words: Hashes = np.ndarray(len(signs) - _WORD + 1, dtype="<u8", buffer=signs, strides=(1,))
    starts, left = offsets[:-1] - offsets[0], np.diff(offsets)
    made = left.astype(np.uint64)
    long = np.flatnonzero(left > _LONGEST)
    rows = np.flatnonzero(left <= _LONGEST) if len(long) else np.arange(len(left))
    starts, left = starts[rows], left[rows]
    while len(rows):
        word = words[starts]
        short = left < _WORD
        word[short] &= _FIRST[left[short]]
        word = mixed(made[rows], word) * _AGAIN
        made[rows] = word ^ (word >> np.uint64(32))
        more = np.flatnonzero(left > _WORD)
        rows, starts, left = rows[more], starts[more] + _WORD, left[more] - _WORD
    for row in long.tolist():
        whole = signs[offsets[row] - offsets[0] : offsets[row + 1] - offsets[0]].tobytes()
        made[row] = int.from_bytes(blake2b(whole, digest_size=_WORD).digest())
    return made


def mixed(hashes: Hashes, values: Hashes) -> Hashes:
    """Return hashes with a value taken into each; equal hashes differ afterwards where their values do."""
    made = (hashes ^ (values + MIX)) * MIX
    made ^= made >> np.uint64(29)
    return made
