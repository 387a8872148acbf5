"""Ids made of a secret and a name: the same name has the same id, without the secret nobody can tell whose it is."""

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pyarrow as pa

_BLOCK: Final = 64
"""Bytes of a block of SHA-256."""
_ALPHABET: Final = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)
"""Base32 (RFC 4648): no two signs look alike on paper."""
_SIGNS: Final = 12
"""Signs of an id: 60 bits, of which ten million ids share one with a chance of 1 in 23,000."""


def keyed_ids(letter: str, kind: str, names: Iterable[str], key: bytes) -> Any:
    """Return an id per name as Arrow text: the letter, then the start of the keyed hash of kind and name in Base32.

    The hash is HMAC-SHA-256 (RFC 2104), written out here because its two beginnings are the same for every name: the
    library would hash them a million times.

    Args:
        letter: What ids of this kind begin with.
        kind: Parts the ids of one kind of thing from those of another with the same name.
        names: Names, none missing.
        key: Secret of the home.

    >>> keyed_ids("G", "golden", ["crm:17"], b"a key of sixteen bytes").to_pylist()
    ['GIPMUV76MTPSX']
    """
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + f"{kind}\0".encode())
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
    digests = bytearray()
    for name in names:
        first, second = inner.copy(), outer.copy()
        first.update(name.encode())
        second.update(first.digest())
        digests += second.digest()
    return _written(letter, np.frombuffer(digests, dtype=">u8")[::4])


def _written(letter: str, numbers: "np.ndarray[Any, np.dtype[np.uint64]]") -> Any:
    """Return the letter and the first 60 bits of each number, five bits a sign."""
    places = (numbers.astype(np.uint64)[:, None] >> np.arange(59, -1, -5, dtype=np.uint64)) & np.uint64(31)
    signs = np.empty((len(numbers), _SIGNS + 1), dtype=np.uint8)
    signs[:, 0] = ord(letter)
    signs[:, 1:] = _ALPHABET[places]
    offsets = np.arange(len(numbers) + 1, dtype=np.int64) * (_SIGNS + 1)
    return pa.LargeStringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(signs))
