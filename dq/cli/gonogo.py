"""`dq gonogo`: the one page a committee decides on, with what people of the home let be and what the last mock took."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dq.cli.options import Format, Run, refuse_place

if TYPE_CHECKING:
    from dq.pipeline.go_no_go import LetBe


def gonogo(
    folder: Run,
    target: Annotated[
        str | None,
        typer.Option("--target", metavar="NAME", help="One of the run's targets.", show_default="its only one"),
    ] = None,
    mock: Annotated[
        Path | None, typer.Option("--mock", metavar="LOAD", help="The load rehearsed last: hours per object.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Page to write.", show_default="in the run's folder")
    ] = None,
    output_format: Format = "text",
) -> None:
    """Write the go / no-go sheet of a run: headline, counts and sums per source and owner, open blockers and who
    waived them, hours per object, signatures; one page of A4."""
    from dq.pipeline.go_no_go import decide, sheet_name

    if out is not None:
        refuse_place(out)
    document, page = decide(folder, target, _let_be(), mock)
    place = out or folder / sheet_name(document["target"])
    place.write_text(page, encoding="utf-8")
    if output_format == "json":
        print(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True))
        return
    print(document["headline"])
    print(f"Open: {document['open_rows']:,} rows with a blocker that nobody waived.")
    print(f"Sheet: {place}")


def _let_be() -> "LetBe | None":
    """Return what people of the home let be; None where there is no home or it has no database yet."""
    from dq.settings import load_settings

    settings = load_settings()
    if settings.home is None or (settings.database_url is None and not (settings.home / "var" / "dq.db").is_file()):
        return None
    from dq.cli.home import opened
    from dq.pipeline.go_no_go import LetBe
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.blocker_waivers import blocker_waivers
    from dq.stewardship.rule_waivers import rule_waivers

    names = ("rule_id", "source", "department", "by", "until", "reason")
    with opened() as house:
        rules = [{name: str(getattr(one, name)) for name in names} for one in rule_waivers(house, HOUSE)]
        return LetBe(rules, blocker_waivers(house, HOUSE, datetime.now(UTC)))
