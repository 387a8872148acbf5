"""`dq reference`: licensed reference data are loaded into the library, and what is in it is said."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from dq.errors import SettingsError

if TYPE_CHECKING:
    from dq.address.reference import Loader

LOADERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "usps-zip4": ("dq.address.reference.zip4", "load_zip4", "the ZIP+4 product: every street, building, firm and box"),
    "usps-citystate": (
        "dq.address.reference.city_state",
        "load_city_state",
        "the City State product: names of cities and streets",
    ),
    "bureau": ("dq.address.bureau.loader", "load_bureau", "what a mail house answered: ZIP+4, DPV, vacant, moves"),
}
"""Per kind the module and function that load it, and what it is. The module is imported when its kind is asked for."""

KINDS: Final = "\n\n".join(f"`{kind}`: {what}" for kind, (_, _, what) in LOADERS.items())

reference = typer.Typer(
    name="reference",
    help="Load licensed reference data, which dq does not bring, and say what is loaded.",
    no_args_is_help=True,
)


def _known_format(name: str) -> str:
    if name not in ("text", "json"):
        raise SettingsError(f"--format {name} is unknown", "choose text or json")
    return name


@reference.command("load", help=f"Load reference data of a kind; those loaded before are replaced.\n\n{KINDS}")
def load(
    kind: Annotated[str, typer.Argument(metavar="KIND", help=" or ".join(LOADERS))],
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Files, folders, zip or tar archives, also one inside another."),
    ],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Load reference data of a kind."""
    from dq.cli.reference_library import load_reference

    load_reference(find_loader(kind), paths, quiet=quiet)


@reference.command("status")
def status(
    output_format: Annotated[
        str, typer.Option("--format", metavar="text|json", help="How to print it.", callback=_known_format)
    ] = "text",
) -> None:
    """Say what is loaded: vintage and age, rows per type of record, place and size; and what is not."""
    from dq.cli.reference_library import show_status

    show_status(output_format)


def find_loader(kind: str) -> Loader:
    """Return the function that loads a kind.

    Raises:
        SettingsError: There is no such kind.
    """
    if kind not in LOADERS:
        raise SettingsError(f"reference data of the kind {kind!r} are unknown", f"known are {', '.join(LOADERS)}")
    module, function, _ = LOADERS[kind]
    return cast("Loader", getattr(import_module(module), function))
