"""`dq apply`: what people decided since a run, without running everything again."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dq.cli.options import Fresh, LogJson, Quiet, Workers, run_folder
from dq.errors import SettingsError

if TYPE_CHECKING:
    from dq.cli.terminal import Terminal
    from dq.pipeline.applying import Base
    from dq.settings import Settings


def apply(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Folder or tag of the finished run; without it, the run the home shows.",
            parser=run_folder,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder of the new run; needed with DIR, left away in a home."),
    ] = None,
    judgements: Annotated[
        Path | None,
        typer.Option("--judgements", metavar="CSV", help="All decisions on pairs that hold now, old ones among them."),
    ] = None,
    overrides: Annotated[
        Path | None, typer.Option("--overrides", metavar="CSV", help="All values that are pinned now.")
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="Run everything again where more than decisions changed, instead of refusing."),
    ] = False,
    workers: Workers = None,
    fresh: Fresh = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
) -> None:
    """Apply decisions to a finished run: only what they touch is put together and chosen anew.

    Takes the extracts, the model and the weights of pairs as the run left them, and gives a new run folder that equals
    the one `dq run … --previous DIR` with the same decisions would write: golden records, crosswalk, pairs,
    provenance, cases, events (`merged_into`, `split_from`), ledger, scorecard. The run in DIR stays as it is.

    `dq apply` alone, in a home, takes the run that is shown and the decisions of the stewards' app (judgements, pinned
    values, accepted proposals; what was taken back or waits for a second person does not count), takes the new run in
    and shows it. `dq apply DIR --out DIR2` takes files; what is not named stays as it was in DIR.

    Where the extracts, the standards, the reference data or the version of dq changed since, it says so and stops with
    exit code 2; with `--full` everything runs again. Exit code 3: a rule of severity `stop` fails now.
    """
    from dq.cli.terminal import Terminal
    from dq.settings import load_settings

    settings = load_settings()
    count = workers or os.cpu_count() or 1
    terminal = Terminal(quiet=quiet, log_json=log_json)
    if folder is None:
        _refuse_options(out, judgements, overrides)
        _apply_in_home(settings, terminal, count)
        return
    if out is None:
        raise SettingsError("--out is missing", "name the folder of the new run")
    from dq.pipeline import run_all, run_apply
    from dq.pipeline.applying import base_of, full_plan, other_changes, plan_of, settings_for

    base = base_of(folder)
    settings = settings_for(base, settings)
    plan = plan_of(base, out, settings, *_files(base, judgements, overrides), workers=count, fresh=fresh)
    changed = other_changes(base, settings) if full else []
    with terminal:
        if changed:
            terminal.say(f"Everything runs again, since more than decisions changed: {'; '.join(changed)}.")
            terminal.show_run(run_all(full_plan(base, plan), terminal))
        else:
            terminal.show_run(run_apply(base, plan, terminal))


def _files(base: "Base", judgements: Path | None, overrides: Path | None) -> tuple[Path, Path]:
    """Return the files of decisions: those named, else those the run knew."""
    for name, path in (("--judgements", judgements), ("--overrides", overrides)):
        if path is not None and not path.is_file():
            raise SettingsError(f"{name} {path} is no file", "check the path")
    if judgements is None and overrides is None:
        raise SettingsError(
            "no decisions were named", "give --judgements or --overrides; in a home, `dq apply` alone takes the store's"
        )
    return judgements or base.folder / "judgements.csv", overrides or base.folder / "overrides.csv"


def _refuse_options(*given: Path | None) -> None:
    if any(given):
        raise SettingsError(
            "--out, --judgements and --overrides need the run they are about", "dq apply DIR --out DIR2 …"
        )


def _apply_in_home(settings: "Settings", terminal: "Terminal", workers: int) -> None:
    from dq.operations.applying import apply_in_home
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.house import open_house

    house = open_house(settings)
    try:
        with terminal:
            applied = apply_in_home(house, settings, HOUSE, terminal, workers=workers)
    finally:
        house.close()
    cases = applied.added.cases
    lines = (
        f"{applied.decisions:,} decisions are in force in run {applied.added.run_id}, which is shown from now on.",
        f"Cases: {cases.new:,} new, {cases.returned:,} came back, {cases.open:,} go on, {cases.gone:,} went away, "
        f"{cases.decided:,} stay decided.",
        *(line for line in applied.result.lines if "scorecard.html" not in line),
    )
    terminal.show_run(replace(applied.result, lines=lines))
