"""The noun of a synthetic ZIP+4 file: ranges with their truth as numbers, and how numbers are written."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from dq.sample.chance import Indexes
from dq.sample.usps.layout import Bytes, number_cells

Ranges: TypeAlias = npt.NDArray[np.void]
"""Records of dtype `RANGE`."""

PLAIN, HYPHENATED, GRID, LETTERED = range(4)
"""How the house numbers of a street are written: 1040, 112-10, N6W23001, B7."""

TEXTS: Final = (
    ("record_type", "S1"),
    ("carrier_route", "S4"),
    ("predirectional", "S2"),
    ("street", "S28"),
    ("suffix", "S4"),
    ("postdirectional", "S2"),
    ("low", "S10"),
    ("high", "S10"),
    ("parity", "S1"),
    ("building", "S40"),
    ("unit_type", "S4"),
    ("unit_low", "S8"),
    ("unit_high", "S8"),
    ("unit_parity", "S1"),
    ("base_alternate", "S1"),
    ("lacs", "S1"),
    ("government", "S1"),
    ("urbanization_key", "S6"),
)
STREET: Final = ("predirectional", "street", "suffix", "postdirectional")

RANGE: Final = np.dtype(
    [
        *TEXTS,
        ("place", "i8"),
        ("street_no", "i8"),
        ("style", "i8"),
        ("number_low", "i8"),
        ("number_high", "i8"),
        ("unit_from", "i8"),
        ("unit_to", "i8"),
        ("plus4_low", "i8"),
        ("plus4_high", "i8"),
        ("is_undelivered", "?"),
    ]
)
"""A record of the file: its texts as written, and behind them what they mean as whole numbers.

`place` is the row in `Places`; `street_no` numbers the streets of a block; `number_low` and `number_high` are 0 where
there is no number, `unit_from` and `unit_to` where there is no unit (letters count from A = 1).
"""


def blank_ranges(count: int) -> Ranges:
    """Return base records without anything in them."""
    ranges = np.zeros(count, dtype=RANGE)
    ranges["base_alternate"] = b"B"
    return ranges


def write_numbers(ranges: Ranges) -> None:
    """Fill `low` and `high` from the numbers, in the style of each record."""
    ranges["low"] = written_numbers(ranges["number_low"], ranges["style"])
    ranges["high"] = written_numbers(ranges["number_high"], ranges["style"])


def written_numbers(numbers: Indexes, style: Indexes) -> Bytes:
    """Return house numbers as the file has them: plain ones filled with zeros, others from the left; 0 is blank."""
    plain = number_cells(numbers, 10)
    cells = np.where(numbers == 0, b"", plain)
    for kind in (HYPHENATED, GRID, LETTERED):
        rows = np.flatnonzero((style == kind) & (numbers > 0))
        cells[rows] = _special(numbers[rows], kind)
    return cells


def _special(numbers: Indexes, kind: int) -> Bytes:
    if kind == HYPHENATED:
        block = np.strings.lstrip(number_cells(numbers // 100, 4), b"0")
        return np.strings.add(np.strings.add(block, b"-"), number_cells(numbers % 100, 2))
    digits = np.strings.lstrip(number_cells(numbers, 6), b"0")
    return np.strings.add(b"N6W" if kind == GRID else b"B", digits)
