"""Shows what two runs come to record by record: who was fixed, broken, merged, split, and what customers say now."""

from pathlib import Path

from rich.console import Console

from dq.pipeline.record_changes import GOLDEN_FILE, RECORDS_FILE, RecordChanges
from dq.pipeline.record_words import lines_of


def show_records(found: RecordChanges, out: Path | None) -> None:
    """Print the comparison; the terms of each line sum to the records it speaks of."""
    console = Console(highlight=False, emoji=False)
    for line in lines_of(found):
        console.print(line, markup=False)
    if out is not None:
        files = f"{out / RECORDS_FILE}" + (f" and {out / GOLDEN_FILE}" if found.golden else "")
        console.print(f"Lists: {files}", markup=False, soft_wrap=True)
