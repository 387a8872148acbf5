"""`dq target`: which targets there are, what they hold, and what a CRM's own metadata say otherwise."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dq.cli.options import Format
from dq.errors import SettingsError

target = typer.Typer(name="target", help="What is to be loaded into: lists, fields, imports.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A target, such as salesforce.")]
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSON of an sObject describe, attribute metadata, properties.")
]
Thing = Annotated[
    str | None,
    typer.Option("--object", metavar="NAME", help="The object, where the file does not say."),
]


@target.command("list")
def list_targets() -> None:
    """Show the targets, their objects, policies of assignment and load paths."""
    from rich.console import Console
    from rich.table import Table

    from dq.settings import load_settings
    from dq.standards.targets import load_targets, target_names

    folder = load_settings().standards
    shown = Table("target", "objects, in load order", "--assign", "load paths", box=None, pad_edge=False)
    for column in shown.columns:
        # Names are copied into commands: a line each, never cut.
        column.overflow = "fold"
    for name, one in load_targets(folder, target_names(folder)).items():
        shown.add_row(name, "\n".join(one.load_order()), "\n".join(one.assign), "\n".join(one.paths))
    Console(highlight=False, emoji=False).print(shown)


@target.command("show")
def show(name: Name, thing: Thing = None, output_format: Format = "text") -> None:
    """Show the fields of a target that something is made of or that have to be filled, and how sure that is."""
    from rich.console import Console
    from rich.table import Table

    from dq.settings import load_settings
    from dq.standards.targets import load_target

    one = load_target(load_settings().standards, name)
    if thing is not None and thing not in one.objects:
        raise SettingsError(f"--object {thing} is unknown", f"there are: {', '.join(one.load_order())}")
    if output_format == "json":
        print(json.dumps(one.model_dump(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, emoji=False)
    for key in one.load_order():
        if thing not in (None, key):
            continue
        shown = Table(title=f"{one.title}: {key}", title_justify="left", box=None, pad_edge=False)
        for column in ("field", "type", "must", "made of", "sure"):
            shown.add_column(column, overflow="fold")
        for field, facts in one.in_force(key).items():
            if facts.value or facts.required:
                kind = f"{facts.type} {facts.length}" if facts.length else facts.type
                must = "yes" if facts.required else "unique" if facts.unique else ""
                sure = one.certainty(facts.source or one.objects[key].source, *facts.doubts.values())
                shown.add_row(field, kind, must, facts.value, sure)
        console.print(shown)


@target.command("import")
def import_target(
    name: Name,
    file: File,
    thing: Thing = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File to write.", show_default="the home's own")
    ] = None,
) -> None:
    """Bring the facts of your own instance into a target; what fields are made of stays as it is."""
    from dq.pipeline.target_files import describe, import_facts
    from dq.settings import load_settings

    settings = load_settings()
    described = describe(settings, name, file, thing)
    place = import_facts(settings, name, file, described, out)
    print(f"{len(described.facts):,} fields of {described.thing} are in {place}")


@target.command("diff")
def difference(name: Name, file: File, thing: Thing = None, output_format: Format = "text") -> None:
    """Say what an instance's metadata know otherwise than the target; `!` marks what may refuse what loaded before."""
    from dq.pipeline.target_files import describe, differences
    from dq.settings import load_settings
    from dq.text.counts import counted

    found = differences(describe(load_settings(), name, file, thing))
    if output_format == "json":
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    gone = [one.field for one in found if one.fact == "field" and not one.now and not one.breaks]
    for one in sorted(found, key=lambda one: not one.breaks):
        if one.field not in gone:
            said = f"{one.before or 'nothing'} → {one.now or 'nothing'}"
            print(f"{'!' if one.breaks else ' '} {one.field} {one.fact}: {said}")
    if gone:
        # A describe leaves out what the user who made it cannot see: often dozens of fields that nobody fills.
        print(f"  not described, and nothing is made of them: {counted(len(gone), 'field')} (--format json names them)")
    print(f"{len(found):,} differences, {sum(one.breaks for one in found):,} of which may refuse what loaded before")


@target.command("remember")
def remember_accepted(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="A proposals.csv with `yes` beside what is accepted.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who accepted it.")],
) -> None:
    """Remember accepted values of picklists: the next run uses them, and other targets get them proposed."""
    from datetime import UTC, datetime

    from dq.pipeline.picklists import FILE, remember
    from dq.settings import load_settings

    settings = load_settings()
    if not settings.has_own_standards:
        raise SettingsError(
            "there is no home with standards of its own to remember anything in",
            "make a folder with dq.toml and a copy of standards/ (see standards/README.md), and start there",
        )
    count = remember(settings.standards, file, by, datetime.now(UTC).date())
    print(f"{count:,} mappings are remembered in {settings.standards / FILE}")
