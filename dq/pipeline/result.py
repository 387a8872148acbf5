"""What a run came to, for whoever started it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RunResult:
    """Where the result is and the lines worth reading first.

    Attributes:
        out: Folder of the result.
        lines: A few sentences: the score, the duplicates, the worst problem, where the scorecard is.
        gate_failed: Rules of severity `stop` that failed; then golden records were not written.
    """

    out: Path
    lines: tuple[str, ...]
    gate_failed: tuple[str, ...] = ()
