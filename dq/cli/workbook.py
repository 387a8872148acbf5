"""`dq workbook`: the source-to-target Excel of a conversion, and its checked way back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dq.cli.groups import MAKE, WorkbookGroup
from dq.cli.options import AsOf, Assign, LoadPath, Sources, Unmasked, Workers, refuse_place
from dq.errors import SettingsError

if TYPE_CHECKING:
    from dq.conversion.book.changes import Change
    from dq.pipeline.book import Checked

workbook = typer.Typer(
    name="workbook",
    cls=WorkbookGroup,
    help="Map sources to a target in Excel: every column, field and value, who decides and who signed. "
    "`dq workbook SOURCE` means `dq workbook make SOURCE`.",
    no_args_is_help=True,
)
SHOWN: Final = 40
"""Changes listed in the terminal; the others are counted."""
File = Annotated[Path, typer.Argument(metavar="FILE", help="The workbook as it came back.")]


@workbook.command(MAKE)
def make(
    sources: Sources,
    target: Annotated[str, typer.Option("--target", metavar="NAME", help="What it is mapped to, such as salesforce.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Workbook to write.")] = Path("mapping.xlsx"),
    assign: Assign = None,
    load_path: LoadPath = None,
    as_of: AsOf = None,
    unmasked: Unmasked = False,
    workers: Workers = None,
) -> None:
    """Write the workbook: a sheet of source columns, one per object of the target, one of picklist values.

    What was applied before stands in it: decisions, owners, remarks and signatures that still hold.
    """
    from dq.pipeline.book import make_book
    from dq.pipeline.planning import convert_into, make_plan

    refuse_place(out)
    if out.suffix.lower() != ".xlsx":
        raise SettingsError(f"--out {out} is no Excel workbook", "let its name end in .xlsx")
    conversion = convert_into([target], assign=assign, path=load_path)
    with tempfile.TemporaryDirectory(prefix="dq-workbook-") as folder:
        plan = make_plan(
            sources,
            Path(folder) / "out",
            as_of=as_of,
            unmasked=unmasked,
            conversion=conversion,
            merge=False,
            workers=workers,
        )
        made = make_book(plan)
    out.write_bytes(made.content)
    for line in made.lines:
        print(line)
    print(f"Workbook: {out}")


@workbook.command("check")
def check(file: File, sources: Sources) -> None:
    """Say what a workbook that came back would change, and everything in it that does not fit; changes nothing."""
    from dq.pipeline.book import check_book

    _show(check_book(file, sources))


@workbook.command("apply")
def apply(
    file: File,
    sources: Sources,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for the files.", show_default="the home's standards"),
    ] = None,
) -> None:
    """Put a workbook in force: policy of the sources, what fields are made of, values as accepted proposals.

    Everything that does not fit is listed and nothing applied: exit 2. What nobody touched stays as it is.
    """
    from dq.pipeline.book import apply_book, check_book

    checked = check_book(file, sources)
    _show(checked)
    applied = apply_book(checked, out)
    if applied.is_own:
        print("The home has standards of its own now: a copy of those that ship with dq.")
    for path in applied.files:
        print(f"Written: {path}")
    if applied.proposals is not None:
        print(f"Values decided: --apply-proposals {applied.proposals}")


def _show(checked: Checked) -> None:
    judged = checked.judged
    for change in judged.changes[:SHOWN]:
        print(_told(change))
    if len(judged.changes) > SHOWN:
        print(f"and {len(judged.changes) - SHOWN:,} more")
    answers = judged.answers.columns.values()
    counts = {name: sum(one.decision == name for one in answers) for name in ("migrate", "drop", "archive")}
    signed = sum(bool(one.signed_by) for one in answers)
    said = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    print(f"{len(judged.changes):,} differences. Columns: {said}; {signed:,} of {len(answers):,} signed.")
    if judged.missing:
        print(f"{len(judged.missing):,} columns or fields are not in the workbook and stay as they are.")


def _told(change: Change) -> str:
    who = f" (signed by {change.signed_by})" if change.signed_by else ""
    what = change.what.replace("_", " ")
    return f"{change.line}: {change.about}: {what}: {change.before or 'nothing'} → {change.after or 'nothing'}{who}"
