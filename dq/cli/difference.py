"""`dq diff`: why the score moved from one run to another."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dq.errors import NotFoundError, SettingsError

if TYPE_CHECKING:
    from dq.quality.movement import Movement
    from dq.settings import Settings

NAMES: Final = ("Score", "Records with no problem, in percent")
RULES_SHOWN: Final = 5
"""Rules named beneath the score: those that moved it most."""


def diff(
    then: Annotated[str, typer.Argument(metavar="RUN", help="The earlier run: its folder, or its run_id in the home.")],
    now: Annotated[str, typer.Argument(metavar="RUN", help="The later run.")],
    output_format: Annotated[str, typer.Option("--format", metavar="text|json", help="How to print it.")] = "text",
) -> None:
    """Say why the score moved between two runs, in parts that sum to the difference to the last digit."""
    if output_format not in ("text", "json"):
        raise SettingsError(f"--format {output_format} is unknown", "choose text or json")
    from dq.pipeline.comparing import compare_runs
    from dq.settings import load_settings
    from dq.standards.load import load_standards

    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    movements = compare_runs(_folder(settings, then), _folder(settings, now), standards)
    if output_format == "json":
        print(json.dumps({name: _document(one) for name, one in zip(NAMES, movements, strict=True)}, indent=1))
        return
    for name, movement in zip(NAMES, movements, strict=True):
        _show(name, movement)


def _folder(settings: "Settings", run: str) -> Path:
    if Path(run).is_dir():
        return Path(run)
    named = settings.home and settings.home / "var" / "runs" / run
    if named and Path(run).name == run and named.is_dir():
        return named
    raise NotFoundError(f"there is no run {run!r}", "give its folder, or a run_id that `dq runs` lists")


def _show(name: str, movement: "Movement") -> None:
    from dq.quality.movement import sentences

    print(f"{name}: {float(movement.then):.2f} then, {float(movement.now):.2f} now ({float(movement.difference):+.2f})")
    if movement.then_today != movement.then:
        print(f"  Under the rules of the later run the earlier one has {float(movement.then_today):.2f}.")
    for line in sentences(movement):
        about = f" ({line.units:,})" if line.units else ""
        print(f"  {float(line.value):+.2f}  {line.words}{about}")
    moved = {rule: sum(parts.values()) for rule, parts in movement.by_rule.items()}
    most = sorted((rule for rule in moved if moved[rule]), key=lambda rule: (-abs(moved[rule]), rule))[:RULES_SHOWN]
    if most:
        print("  Most: " + ", ".join(f"{rule} {float(moved[rule]):+.2f}" for rule in most))


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
