"""`dq pack`: work for stewards who do not log in, as workbooks, and their checked way back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dq.cli.home import opened, say
from dq.cli.options import refuse_place
from dq.errors import NotFoundError

if TYPE_CHECKING:
    from dq.stewardship.pack_return import Checked, Conflict

pack = typer.Typer(
    name="pack", help="Make Excel packs for stewards who do not log in; take them back.", no_args_is_help=True
)
LARGEST: Final = 10_000_001
"""Bytes read of a file: one more than a pack may have, so that the check can say that it is too large."""
Workbook = Annotated[Path, typer.Argument(metavar="FILE", help="The workbook as the steward filled it in.")]


@pack.command("make")
def make(
    steward: Annotated[str, typer.Argument(metavar="NAME", help="Login of the steward.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Workbook to write.")],
    everything: Annotated[bool, typer.Option("--all", help="All open cases, not today's alone.")] = False,
) -> None:
    """Write the cases of a steward as a workbook with drop-downs; ids are locked and every cell is text."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.packs import make_pack

    refuse_place(out)
    with opened() as house:
        made = make_pack(house, HOUSE, steward, "all" if everything else "today", at=datetime.now(UTC))
    out.write_bytes(made.workbook)
    print(f"Pack {made.pack.number} for {steward}: {len(made.pack.lines):,} cases in {out}")


@pack.command("list")
def list_packs() -> None:
    """List the packs, the newest first."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.packs import packs

    with opened() as house:
        found = packs(house, HOUSE)
    if not found:
        print("No pack was made yet: `dq pack make NAME --out FILE`.")
        return
    rows = [
        (str(one.number), one.steward, one.extent, f"{len(one.lines):,}", one.at[:10], one.returned_at[:10] or "out")
        for one in found
    ]
    say([("pack", "for", "what", "cases", "made", "came back"), *rows])


@pack.command("check")
def check(file: Workbook) -> None:
    """Say what taking a workbook back would do, and everything that is wrong with it; changes nothing."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.pack_return import check_pack

    content = _content(file)
    with opened() as house:
        checked = check_pack(house, HOUSE, content, at=datetime.now(UTC))
    print(f"Pack {checked.pack.number} of {checked.pack.steward}: {len(checked.answers):,} answers can be saved.")
    _show_rest(checked, checked.conflicts)


@pack.command("take")
def take(file: Workbook) -> None:
    """Save the answers of a workbook as the steward's own; what was decided since stays and is listed."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.pack_return import take_pack

    content = _content(file)
    with opened() as house:
        taken = take_pack(house, HOUSE, content, at=datetime.now(UTC))
    print(f"Pack {taken.checked.pack.number} of {taken.checked.pack.steward}: {taken.saved:,} answers saved.")
    _show_rest(taken.checked, taken.conflicts)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFoundError(f"there is no file {file}", "give the workbook that came back") from error


def _show_rest(checked: Checked, conflicts: tuple[Conflict, ...]) -> None:
    print(f"Saved before: {checked.known:,}. Left open: {checked.empty:,}. Not in the file: {checked.missing:,}.")
    for one in conflicts:
        print(f"{one.sheet}, line {one.line}: {one.answered!r} was not saved: {one.happened}")
