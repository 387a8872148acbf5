"""`dq load` and `dq reconcile`: files for the target, what it answered, what became of them."""

from pathlib import Path
from typing import Annotated

import typer

from dq.cli.groups import MAKE, LoadGroup
from dq.cli.options import Format, Run

load = typer.Typer(
    name="load",
    cls=LoadGroup,
    help="Make the files that go into a CRM, and keep account of what is in. `dq load RUN` means `dq load make RUN`.",
    no_args_is_help=True,
)

Load = Annotated[Path, typer.Argument(metavar="LOAD", help="Folder that dq load made.")]
Successes = Annotated[
    list[Path] | None,
    typer.Option("--success", metavar="FILE", help="Rows that went in, as the loader wrote them; may be repeated."),
]
Errors = Annotated[
    list[Path] | None, typer.Option("--error", metavar="FILE", help="Rows that did not go in; may be repeated.")
]


@load.command(MAKE)
def make(
    folder: Run,
    target: Annotated[str, typer.Option("--target", metavar="NAME", help="One of the targets of the run.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="New folder; a load is never written over.")],
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TAG|DIR", help="The load before: only what is new, changed or merged since."),
    ] = None,
    tag: Annotated[
        str | None,
        typer.Option("--tag", metavar="NAME", help="Name of this load, such as mock-2; that of its run by default."),
    ] = None,
    batch: Annotated[
        int | None,
        typer.Option("--batch", min=1, metavar="N", help="Rows of a file.", show_default="target's"),
    ] = None,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Send the rows the gate would stop as well, to see how well it predicts.")
    ] = False,
    children: Annotated[
        list[Path] | None,
        typer.Option("--children", metavar="CSV", help="What hangs on customers and moves with them; may be repeated."),
    ] = None,
) -> None:
    """Make the load of a run: files in their order, parents first; with --since only what is not in yet.

    An update file holds the key and the fields that changed. Merges, rows the target has and this run does not, and
    fields no file can empty are files of their own. Exit 2 where what became of the load before is not known.
    """
    from dq.cli.loads_shown import show_load
    from dq.pipeline.loading import make_load
    from dq.pipeline.tags import manifest_in

    made = make_load(
        folder,
        target,
        out,
        since=since,
        tag=tag or manifest_in(folder).get("tag") or None,
        batch=batch,
        rehearse=rehearse,
        children=tuple(children or ()),
    )
    show_load(out, made)


@load.command("answers")
def answers(
    folder: Load,
    successes: Successes = None,
    errors: Errors = None,
    started: Annotated[
        str | None, typer.Option("--started", metavar="TIME", help="When loading these began, as 2026-12-05T22:00.")
    ] = None,
    ended: Annotated[
        str | None, typer.Option("--ended", metavar="TIME", help="When it ended.", show_default="the last answer")
    ] = None,
) -> None:
    """Take in what the target answered: `remaining/` holds what is not in, `back_out/` takes back what is.

    Files may come as the batches end; answers given before stay. An export of the target counts as a success file.
    """
    from dq.cli.loads_shown import show_answers
    from dq.errors import SettingsError
    from dq.pipeline.loading import take_answers
    from dq.pipeline.loading.timing import span_of

    if not (successes or errors):
        raise SettingsError("no answer is given", "name files with --success or --error")
    span = span_of(started, ended)
    show_answers(folder, take_answers(folder, tuple(successes or ()), tuple(errors or ()), span))


def reconcile(
    folder: Load,
    successes: Successes = None,
    errors: Errors = None,
    exports: Annotated[
        list[str] | None,
        typer.Option("--export", metavar="[OBJECT=]FILE", help="What the target holds now; may be repeated."),
    ] = None,
    output_format: Format = "text",
) -> None:
    """Say what became of a load: rows missing, cells changed, errors in the gate's names, and how well it predicted.

    Writes `reconciliation.json`, `reconciliation.html`, `differences.csv`, `refused.csv` and `repair/` into the folder.
    Exit 3 while a row that was sent is missing or refused.
    """
    from dq.cli.loads_shown import show_reconciliation
    from dq.pipeline.loading import reconcile_load

    found = reconcile_load(folder, tuple(successes or ()), tuple(errors or ()), tuple(exports or ()))
    show_reconciliation(folder, found, output_format)
