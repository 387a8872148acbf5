"""Gives memory that this process has freed back to the machine. Frees nothing itself."""

import ctypes
import sys

import pyarrow as pa

_C = ctypes.CDLL(None) if sys.platform == "linux" else None


def give_back() -> None:
    """Give back what is free: allocators keep it for later, and a later stage may run in other processes.

    Where the C library has no such call (musl, macOS) only Arrow's part goes.
    """
    pa.default_memory_pool().release_unused()
    trim = getattr(_C, "malloc_trim", None)
    if trim is not None:
        trim(0)
