"""`dq diff`: why the score moved from one run to another, and what became of every record."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dq.errors import NotFoundError, SettingsError

if TYPE_CHECKING:
    from dq.quality.movement import Movement
    from dq.settings import Settings

NAMES: Final = ("Score", "Records with no problem, in percent")
BY_RECORD: Final = "By record"
RULES_SHOWN: Final = 5
"""Rules named beneath the score: those that moved it most."""


def diff(
    then: Annotated[
        str, typer.Argument(metavar="RUN", help="The earlier run: its folder, its tag, or its run_id in the home.")
    ],
    now: Annotated[str, typer.Argument(metavar="RUN", help="The later run.")],
    output_format: Annotated[str, typer.Option("--format", metavar="text|json", help="How to print it.")] = "text",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the lists of records and values that differ."),
    ] = None,
) -> None:
    """Say why the score moved between two runs, and record by record what was fixed, broken, merged or split.

    Parts of the score sum to its difference to the last digit; classes of records sum to all of them.
    """
    if output_format not in ("text", "json"):
        raise SettingsError(f"--format {output_format} is unknown", "choose text or json")
    from dq.cli.records_shown import show_records
    from dq.pipeline.comparing import compare_runs
    from dq.pipeline.record_changes import compare_records
    from dq.settings import load_settings
    from dq.standards.load import load_standards

    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    folders = _folder(settings, then), _folder(settings, now)
    movements = compare_runs(*folders, standards)
    records = compare_records(*folders, out)
    if output_format == "json":
        document = {name: _document(one) for name, one in zip(NAMES, movements, strict=True)}
        print(json.dumps({**document, BY_RECORD: records.document()}, indent=1))
        return
    for name, movement in zip(NAMES, movements, strict=True):
        _show(name, movement)
    show_records(records, out)


def _folder(settings: "Settings", run: str) -> Path:
    from dq.pipeline.tags import find_run

    folder = find_run(run, settings)
    if folder.is_dir():
        return folder
    raise NotFoundError(f"there is no run {run!r}", "give its folder, its tag, or a run_id that `dq runs` lists")


def _show(name: str, movement: "Movement") -> None:
    from dq.quality.movement import sentences

    print(
        f"{name}: {float(movement.then):.2f} then, {float(movement.now):.2f} now ({float(movement.difference):+z.2f})"
    )
    if movement.then_today != movement.then:
        print(f"  Under the rules of the later run the earlier one has {float(movement.then_today):.2f}.")
    for line in sentences(movement):
        about = f" ({line.units:,})" if line.units else ""
        print(f"  {float(line.value):+z.2f}  {line.words}{about}")
    moved = {rule: sum(parts.values()) for rule, parts in movement.by_rule.items()}
    most = sorted((rule for rule in moved if moved[rule]), key=lambda rule: (-abs(moved[rule]), rule))[:RULES_SHOWN]
    if most:
        print("  Most: " + ", ".join(f"{rule} {float(moved[rule]):+z.2f}" for rule in most))


def _document(movement: "Movement") -> dict[str, Any]:
    """Return a movement with its exact fractions as text beside the numbers."""
    exact = {name: str(getattr(movement, name)) for name in ("then", "then_today", "now", "difference")}
    return {
        **{name: float(getattr(movement, name)) for name in exact},
        "exact": exact,
        "parts": {part: {"value": float(value), "exact": str(value)} for part, value in movement.parts.items()},
        "by_rule": {
            rule: {part: float(value) for part, value in parts.items()} for rule, parts in movement.by_rule.items()
        },
        "units": dict(movement.units),
    }
