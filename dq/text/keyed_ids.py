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
"""Signs of an id: five bits each, of which ten million ids share one with a chance of 1 in 23,000."""
_BITS: Final = 5 * _SIGNS


def keyed_ids(letter: str, kind: str, names: "Iterable[str] | pa.Array", key: bytes) -> Any:
    """Return an id per name as Arrow text: the letter, then the start of the keyed hash of kind and name in Base32.

    The hash is HMAC-SHA-256 (RFC 2104), written out here because its two beginnings are the same for every name: the
    library would hash them a million times.

    Args:
        letter: What ids of this kind begin with.
        kind: Parts the ids of one kind of thing from those of another with the same name.
        names: Names, none missing; of an Arrow array no text is made.
        key: Secret of the home.

    >>> keyed_ids("G", "golden", ["crm:17"], b"a key of sixteen bytes").to_pylist()
    ['GIPMUV76MTPSX']
    """
    return written_ids(letter, keyed_numbers(kind, names, key))


def keyed_numbers(kind: str, names: "Iterable[str] | pa.Array", key: bytes) -> "np.ndarray[Any, np.dtype[np.uint64]]":
    """Return the 60 bits of each id: two ids are one where their numbers are. Arguments as of `keyed_ids`."""
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + f"{kind}\0".encode())
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
    begun, ended, digests = inner.copy, outer.copy, bytearray()
    for name in _encoded(names):
        first, second = begun(), ended()
        first.update(name)
        second.update(first.digest())
        digests += second.digest()
    starts = np.frombuffer(digests, dtype=">u8")[::4].astype(np.uint64)
    return starts >> np.uint64(64 - _BITS)


def _encoded(names: "Iterable[str] | pa.Array") -> Iterable[bytes]:
    if isinstance(names, pa.Array):
        encoded: list[bytes] = names.cast(pa.large_binary()).to_pylist()
        return encoded
    return (name.encode() for name in names)


def written_ids(letter: str, numbers: "np.ndarray[Any, np.dtype[np.uint64]]") -> Any:
    """Return the letter and the bits of each number, five bits a sign, as Arrow text."""
    signs = np.empty((len(numbers), _SIGNS + 1), dtype=np.uint8)
    signs[:, 0] = ord(letter)
    for place in range(_SIGNS):
        signs[:, place + 1] = _ALPHABET[numbers >> np.uint64(_BITS - 5 - 5 * place) & np.uint64(31)]
    offsets = np.arange(len(numbers) + 1, dtype=np.int64) * (_SIGNS + 1)
    return pa.LargeStringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(signs))
