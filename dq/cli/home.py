"""`dq runs` and `dq audit`: what the home remembers, and whether nobody altered it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dq.cli.options import Run
from dq.errors import QualityGateError

if TYPE_CHECKING:
    from dq.stewardship.house import House

runs = typer.Typer(name="runs", help="List the runs of the home, take one in, hand decisions to the next.")
audit = typer.Typer(name="audit", help="Check the chain of what people did.", no_args_is_help=True)


@contextmanager
def opened() -> Iterator[House]:
    """Open the house of the home that the working folder is in."""
    from dq.settings import load_settings
    from dq.stewardship.house import open_house

    house = open_house(load_settings())
    try:
        yield house
    finally:
        house.close()


def say(rows: list[tuple[str, ...]]) -> None:
    """Print rows as columns; the first row is the head."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@runs.callback(invoke_without_command=True)
def list_runs(context: typer.Context) -> None:
    """List the runs of the home, the newest first."""
    if context.invoked_subcommand is not None:
        return
    from dq.stewardship.house import run_of
    from dq.stewardship.importing import runs as runs_of
    from dq.stewardship.importing import tag_of

    with opened() as house:
        found = runs_of(house)
        if not found:
            print("The home has no run yet: `dq run … --out DIR`, then `dq runs add DIR`.")
            return
        present = run_of(house)["run_id"]
    head = ("run", "as of", "tag", "records", "customers", "score", "")
    lines = [
        (
            row["run_id"],
            row["as_of"],
            tag_of(row),
            f"{row['record_count']:,}",
            f"{row['customer_count']:,}",
            "" if row["score"] is None else f"{row['score']:.1f}",
            " ".join(word for word in ("shown" if row["run_id"] == present else "", row["state"]) if word),
        )
        for row in found
    ]
    say([head, *lines])


@runs.command("add")
def add(folder: Run) -> None:
    """Take a run into the home: its counts, and its cases merged with what people decided before."""
    from datetime import UTC, datetime

    from dq.operations.burn_down import refresh_burn_down
    from dq.settings import load_settings
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.importing import add_run

    with opened() as house:
        added = add_run(house, HOUSE, folder, at=datetime.now(UTC))
    refresh_burn_down(load_settings())
    cases = added.cases
    print(f"Run {added.run_id} is in the home.")
    print(
        f"Cases: {cases.new:,} new, {cases.returned:,} came back, {cases.open:,} go on, {cases.gone:,} went away, "
        f"{cases.decided:,} stay decided; {added.by_rules:,} decided by rules that replay."
    )


@runs.command("remove")
def remove(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Id of the run, as `dq runs` lists it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, for the audit.")] = "",
) -> None:
    """Take a run out of the home: its files go, what people decided stays."""
    from datetime import UTC, datetime

    from dq.stewardship.actor import HOUSE
    from dq.stewardship.removing import remove_run

    with opened() as house:
        remove_run(house, HOUSE, run_id, at=datetime.now(UTC), reason=reason)
    print(f"Run {run_id} is removed.")


@runs.command("decisions")
def decisions(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder the two files are written to.")],
) -> None:
    """Write `judgements.csv` and `overrides.csv` for the next run (`dq run --judgements --overrides`)."""
    from dq.stewardship.exporting import write_decisions

    with opened() as house:
        for path in write_decisions(house, out):
            print(path)


@audit.command("verify")
def verify(
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="HASH", help="Hash of the last row, noted down before.")
    ] = None,
) -> None:
    """Walk the chain of the audit and name every row that was altered, removed or moved; exit 3 where one was."""
    from dq.stewardship.auditing import verify_audit

    with opened() as house:
        verdict = verify_audit(house, expect)
    for fault in verdict.faults:
        print(fault.sentence)
    if verdict.faults:
        raise QualityGateError(
            f"the audit does not hold: {len(verdict.faults)} of {verdict.count:,} rows", "compare with a backup"
        )
    print(f"The audit holds: {verdict.count:,} rows, the last has the hash {verdict.hash}.")
