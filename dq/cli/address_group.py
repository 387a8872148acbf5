"""`dq address`: one address looked at, a run's addresses sent out, their evidence gathered."""

from pathlib import Path
from typing import Annotated

import typer

from dq.cli.groups import AddressGroup
from dq.cli.options import Format, Quiet, Run

address = typer.Typer(
    name="address",
    cls=AddressGroup,
    help="Look at one address, send addresses out to be checked, and gather evidence about them.",
    no_args_is_help=True,
)


@address.command("show")
def show(
    text: Annotated[list[str], typer.Argument(metavar="ADDRESS", help="The address, in quotes or not.")],
    output_format: Format = "text",
) -> None:
    """Show how an address is read, its standard form, what is known of it, and how sure that is."""
    from dq.cli.address import show_address

    show_address(" ".join(text), output_format)


@address.command("export")
def export(
    folder: Run,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="CSV to write.")],
    bureau: Annotated[
        bool, typer.Option("--bureau", help="The list a mail house gets: distinct addresses and names, keyed.")
    ] = True,
) -> None:
    """Write the list of a run's addresses for a mail house; `dq reference load bureau` reads its answer."""
    from dq.cli.address_evidence import export_addresses

    assert bureau, "there is one kind of list so far"
    export_addresses(folder, out)


@address.command("verify")
def verify(
    folder: Run,
    provider: Annotated[str, typer.Option("--provider", metavar="usps|smarty|census", help="Whom to ask.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would take; ask nobody.")] = False,
    budget: Annotated[
        int | None, typer.Option("--budget", min=1, metavar="N", help="Addresses to ask at most.")
    ] = None,
    price: Annotated[
        float | None, typer.Option("--price", min=0.0, metavar="AMOUNT", help="What one address costs.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Ask a provider about a run's addresses; the answers wait in the reference library for the next run."""
    from dq.cli.address_evidence import verify_addresses

    verify_addresses(folder, provider, dry_run=dry_run, budget=budget, price=price, quiet=quiet)
