"""Shows loads in a terminal: what goes in, what is in, what became of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dq.conversion.loading import Answers
from dq.pipeline.loading import Reconciled

EXIT_NOT_IN: Final = 3
_WORKS: Final = ("insert", "update", "merge", "unchanged", "gone", "parked")


def show_load(folder: Path, made: Mapping[str, Any]) -> None:
    """Print what a load has to do and where its files are."""
    console = Console(highlight=False, emoji=False)
    table = Table(show_edge=False, pad_edge=False, box=None, header_style="dim")
    table.add_column("object")
    # Who was loaded and is parked is rare: a column of nothing but zeros would only ask what it means.
    works = [work for work in _WORKS if work != "parked" or any(counts[work] for counts in made["counts"].values())]
    for work in works:
        table.add_column(work, justify="right")
    for thing, counts in made["counts"].items():
        table.add_row(thing, *(f"{counts[work]:,}" for work in works))
    console.print(table)
    files = made["files"]
    console.print(f"{len(files)} files in {folder}, to go in by name: parents first.", markup=False)
    for outcome, count in made.get("children", {}).items():
        console.print(f"  {count:>9,} cases, notes and the like {outcome.replace('_', ' ')}", markup=False)
    if (folder / "by_hand.csv").is_file():
        console.print("Fields this way in cannot empty: by_hand.csv", markup=False)


def show_answers(folder: Path, answers: Answers) -> None:
    """Print what is in and what is not."""
    said = answers.results["loaded"].value_counts()
    console = Console(highlight=False, emoji=False)
    console.print(f"{int(said.get('yes', 0)):,} rows are in, {int(said.get('no', 0)):,} were refused.", markup=False)
    for problem in answers.problems:
        console.print(f"note: {problem}", markup=False)
    left = sorted((folder / "remaining").glob("*.csv"))
    console.print(
        f"What is not in: {folder / 'remaining'} ({len(left)} files)." if left else "Nothing remains.", markup=False
    )
    console.print(f"The way back: {folder / 'back_out'}", markup=False)


def show_reconciliation(folder: Path, reconciled: Reconciled, output_format: str) -> None:
    """Print what became of a load; exit 3 while rows are not in."""
    document = reconciled.document
    if output_format == "json":
        print(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        _show(folder, document)
    if not reconciled.complete:
        raise typer.Exit(EXIT_NOT_IN)


def _without_code(line: Mapping[str, Any]) -> str:
    """Return the example of a refusal without its name, which stands before it."""
    return str(line["example"]).removeprefix(str(line["code"])).lstrip(": ")


def _show(folder: Path, document: Mapping[str, Any]) -> None:
    console = Console(highlight=False, emoji=False)
    sent = sum(line["sent"] for line in document["objects"])
    inside = sum(line["in"] for line in document["objects"])
    ready = inside == sent
    console.print(Text(f"{inside:,} of {sent:,} rows are in.", style="bold green" if ready else "bold red"))
    for problem in document["answers"].get("problems", []):
        console.print(f"note: {problem}", markup=False)
    for line in document["refusals"]:
        console.print(f"  {line['rows']:>7,}  {line['object']}  {line['code']}  {_without_code(line)}", markup=False)
    if document["changes"]:
        count = sum(line["cells"] for line in document["changes"])
        console.print(f"{count:,} of {document['cells']:,} cells are not as they were sent:", markup=False)
        for line in document["changes"]:
            console.print(f"  {line['cells']:>7,}  {line['object']}.{line['field']}  {line['kind']}", markup=False)
    elif not document["compared"]:
        console.print("No export was given: what the target did to values is not known.", markup=False)
    for name, score in (("Rows refused", document["rejects"]), ("Cells changed", document["alterations"])):
        foretold = score["right"] + score["missed"]
        console.print(
            f"{name}: {score['right']:,} of {foretold:,} foretold, {score['false_alarms']:,} false alarms.",
            markup=False,
        )
    console.print(f"Page: {folder / 'reconciliation.html'}; to load again: {folder / 'repair'}", markup=False)
