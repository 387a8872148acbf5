"""`dq uat`: acceptance by the departments in Excel, and what they found."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from dq.cli.groups import MAKE, UatGroup
from dq.cli.options import Format, Run

uat = typer.Typer(
    name="uat",
    cls=UatGroup,
    help="Let departments accept customers before they are loaded. `dq uat RUN` means `dq uat make RUN`.",
    no_args_is_help=True,
)


@uat.command(MAKE)
def make(
    folder: Run,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the workbooks.")],
    department: Annotated[
        str | None, typer.Option("--department", metavar="NAME", help="Only of this one.", show_default="all")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Equal seeds choose the same customers.")] = 1,
) -> None:
    """Write a workbook per department: 30 random customers, the 20 largest and the 20 most merged, old beside new."""
    from dq.errors import SettingsError
    from dq.pipeline.acceptance import make_packs

    if out.is_file():
        raise SettingsError(f"--out {out} is a file", "name a folder; it is made when it is missing")
    for name, count, place in make_packs(folder, out, department, seed):
        print(f"{name}: {count:,} customers in {place}")


@uat.command("read")
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The workbooks as they came back.")],
    output_format: Format = "text",
) -> None:
    """Count what departments found: wrong customers with an interval, defects per field and severity."""
    from dq.pipeline.acceptance import read_packs

    found = read_packs(files)
    if output_format == "json":
        print(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True))
        return
    for one in found["departments"]:
        _show(one)
    print(f"Defects: {', '.join(f'{count:,} {name}' for name, count in found['defects'].items())}.")


def _show(one: dict[str, Any]) -> None:
    kinds = one["customers"]
    looked = ", ".join(f"{kind['looked']:,} of {kind['given']:,} {name}" for name, kind in kinds.items())
    print(f"{one['department']}: looked at {looked}.")
    rate = one["wrong_rate"]
    if rate["rate"] is not None:
        wrong = kinds["random"]["wrong"]
        said = f"{rate['rate']:.1%}, between {rate['low']:.1%} and {rate['high']:.1%} of all with 95 %"
        print(f"  {wrong:,} of the random ones are wrong: {said}")
    for defect in one["defects"]:
        print(f"  {defect['count']:,} {defect['severity']}: {defect['field']}")
