"""Whether a range of a street file contains a number, unit or box (Publication 28, appendix E). Chooses no record."""

import re
from typing import Final

LONGEST: Final = 10
"""A house number of the ZIP+4 file is at most ten characters wide, a unit eight: nothing longer can lie in a range."""

_RUN = re.compile(r"[0-9]+|[A-Z]+|[^0-9A-Z]+")
_FRACTION = re.compile(r"(?<=[0-9])[- ]+(?=[0-9]+/[0-9]+$)")


def runs_of(text: str) -> tuple[str, ...]:
    """Return the digits, letters and signs of a number in turn, digits without padding; empty where it is too long.

    >>> runs_of("0112-b10")
    ('112', '-', 'B', '10')
    """
    plain = _FRACTION.sub(" ", " ".join(text.upper().split()))
    if len(plain) > LONGEST:
        return ()
    return tuple(str(int(run)) if is_number(run) else run for run in _RUN.findall(plain))


def is_number(run: str) -> bool:
    """Return whether a run consists of digits; only those of ASCII count."""
    return run.isascii() and run.isdigit()


def is_word(run: str) -> bool:
    """Return whether a run consists of letters."""
    return run.isascii() and run.isalpha()


def contains(value: str, low: str, high: str, parity: str | None) -> bool:
    """Return whether a range contains a value.

    The five rules of appendix E: a numeric range compares numbers, and a number with one trailing letter lies between
    the numbers around it; otherwise value and both ends have one pattern; one run of digits or the last letter of one
    run ranges, everything else is equal; two runs that range make no range. Padding zeros do not count, signs do.
    Parity is that of the run of digits that ranges (an inference: the publication speaks of plain numbers only).

    Args:
        value: House number, unit or box.
        low: Lower end.
        high: Upper end.
        parity: `O` odd, `E` even; anything else admits both.

    >>> contains("102B", "100", "198", "E"), contains("158AA", "100", "198", "E"), contains("D3", "B3", "N3", "B")
    (True, False, True)
    """
    runs, lows, highs = runs_of(value), runs_of(low), runs_of(high)
    if not runs or not lows or _pattern(lows) != _pattern(highs):
        return False
    if len(lows) == 1 and is_number(lows[0]):
        return _is_between(runs, int(lows[0]), int(highs[0]), parity)
    if _pattern(runs) != _pattern(lows):
        return False
    ranging = [place for place, ends in enumerate(zip(lows, highs, strict=True)) if ends[0] != ends[1]]
    if len(ranging) > 1 or any(runs[at] != lows[at] for at in range(len(runs)) if at not in ranging):
        return False
    return all(_ranges(runs[at], lows[at], highs[at], parity) for at in ranging)


def _is_between(runs: tuple[str, ...], low: int, high: int, parity: str | None) -> bool:
    if not is_number(runs[0]) or not _has_parity(int(runs[0]), parity):
        return False
    if len(runs) == 2 and len(runs[1]) == 1 and is_word(runs[1]):
        # 198A comes after 198: the letter makes a number of its own between two numbers.
        return low <= int(runs[0]) < high
    return len(runs) == 1 and low <= int(runs[0]) <= high


def _ranges(run: str, low: str, high: str, parity: str | None) -> bool:
    if is_number(run):
        return int(low) <= int(run) <= int(high) and _has_parity(int(run), parity)
    return run[:-1] == low[:-1] == high[:-1] and low[-1] <= run[-1] <= high[-1]


def _has_parity(number: int, parity: str | None) -> bool:
    return parity not in {"O", "E"} or number % 2 == (parity == "O")


def _pattern(runs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("9" if is_number(run) else "A" * len(run) if is_word(run) else run for run in runs)
