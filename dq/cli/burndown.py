"""`dq burndown`: run by run to the day of the cut-over; and the option by which other commands end with it."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from dq.cli.options import Format, run_folder
from dq.errors import NotFoundError, SettingsError


def cut_over_day(text: str) -> date:
    """Return the day of the cut-over.

    Raises:
        SettingsError: It is no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--cut-over {text} is no date", "write it as 2026-12-05") from error


NAMED = "Name runs to put them on one line all the same: dq burndown RUN RUN …"
"""What to do about runs whose sources are called otherwise."""
CutOver = Annotated[
    date | None,
    typer.Option(
        "--cut-over",
        metavar="DATE",
        envvar="DQ_CUT_OVER",
        parser=cut_over_day,
        help="Day of the cut-over: shows how runs so far lead there.",
        show_envvar=True,
    ),
]


def burndown(
    runs: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[RUN...]", help="Folders or tags of runs; all of the home and here by default.", parser=run_folder
        ),
    ] = None,
    cut_over: CutOver = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the page as well.")] = None,
    output_format: Format = "text",
) -> None:
    """Show run by run how many customers load, and where that leads by the day of the cut-over.

    Without runs named, those count that were held against the same targets as the last one: all of the home, and those
    here whose sources have the same names. Runs that are left out are named. The page of a home, var/burn_down.html, is
    written anew by every dq run, dq apply and dq runs add there.
    """
    from dq.pipeline.burning import burn_downs, history_in
    from dq.pipeline.tags import folders, home_folders
    from dq.quality.scorecard.burn_down_page import render_burn_down
    from dq.settings import load_settings

    settings = load_settings()
    cut_over = cut_over or settings.cut_over
    if cut_over is None:
        raise SettingsError(
            "--cut-over is missing",
            "name the day, such as --cut-over 2026-12-05, set DQ_CUT_OVER, or write cut_over into dq.toml",
        )
    found = history_in(runs) if runs else history_in(folders(settings, Path()), home_folders(settings))
    if not found:
        raise NotFoundError(
            "no run here was held against a target", "name folders of dq run --target or dq check --out"
        )
    burns = [one.document() for one in burn_downs(found, cut_over, named=bool(runs))]
    if out is not None:
        out.write_text(render_burn_down(burns), encoding="utf-8")
    if output_format == "json":
        print(json.dumps(burns, ensure_ascii=False, indent=1))
        return
    show_burn_downs(burns)
    if out is not None:
        print(f"Page: {out}")


def burn_downs_beside(out: Path, result: Path, cut_over: date, *, of_home: bool = False) -> list[dict[str, Any]]:
    """Return where a finished result stands among the runs of the home and those beside its folder.

    Args:
        out: The folder it was asked for; its neighbours are the history.
        result: Where it is.
        cut_over: The day.
        of_home: It is a run of the home, if there is one; a check of some file is none.
    """
    from dq.pipeline.burning import burn_downs, history_in
    from dq.pipeline.tags import folders, home_folders
    from dq.settings import load_settings

    settings = load_settings()
    beside = [folder for folder in folders(settings, out.parent) if folder.resolve() != result.resolve()]
    own = [result] if of_home and settings.home is not None else []
    found = history_in([*beside, result], [*home_folders(settings), *own])
    return [one.document() for one in burn_downs(found, cut_over)]


def show_burn_downs(burns: Sequence[dict[str, Any]]) -> None:
    """Print burn-downs: a line per run and what they come to."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, emoji=False)
    for burn in burns:
        console.print()
        console.print(Text(f"{burn['target']} by {burn['cut_over']}: {burn['sentence']}.", style="bold"))
        shown = Table(show_edge=False, pad_edge=False, box=None, header_style="dim")
        numbers = ("load", "blocked", "parked", "altered", "mess", "% load")
        for name in ("run", "day", *numbers):
            shown.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
        for one in burn["points"]:
            counts = (one[name] for name in ("loading", "blocked", "parked", "altered", "messy"))
            shown.add_row(Text(one["run"]), one["as_of"], *(f"{count:,}" for count in counts), f"{one['percent']:.1f}")
        console.print(shown)
        if burn["left_out"]:
            console.print(Text(f"Left out, since about other sources: {', '.join(burn['left_out'])}. {NAMED}", "dim"))
