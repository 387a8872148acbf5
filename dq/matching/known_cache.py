"""Keeps the records encoded last: all parts of pairs of one run need the same."""

import hashlib

import pandas as pd
import pyarrow as pa

from dq.matching.encoded import encoded
from dq.matching.generic import Generic
from dq.matching.known import Known
from dq.standards import Standards

_LAST: dict[bytes, Known] = {}
"""The records encoded last in this process, by fingerprint: parts of pairs of one run share them."""


def known_of(features: pd.DataFrame, standards: Standards, generic: Generic | None = None) -> Known:
    """Return the encoded features; those of the call before are kept, since all parts of pairs need the same.

    Args:
        features: One row per record, sorted by `record_id`.
        standards: Policy.
        generic: Values that are nobody's own; found among these features where they are not given.
    """
    key = _fingerprint(features, standards.hash)
    if key not in _LAST:
        _LAST.clear()
        _LAST[key] = encoded(features.__getitem__, standards)
    known = _LAST[key]
    if generic is not None and generic != known.generic:
        known = _LAST[key] = encoded(features.__getitem__, standards, generic)
    return known


def _fingerprint(features: pd.DataFrame, standards_hash: str) -> bytes:
    digest = hashlib.blake2b(standards_hash.encode(), digest_size=16)
    for name in features.columns:
        array = pa.array(features[name], from_pandas=True)
        for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
            digest.update(f"{name}:{chunk.offset}:{len(chunk)}".encode())
            for buffer in chunk.buffers():
                digest.update(b"-" if buffer is None else buffer)
    return digest.digest()
