"""What a run came to, for whoever started it."""

import json
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


def published_result(out: Path) -> RunResult:
    """Read what a published run says about itself."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return RunResult(
        out, tuple(line.replace("{out}", str(out)) for line in manifest["lines"]), tuple(manifest["stopped"])
    )
