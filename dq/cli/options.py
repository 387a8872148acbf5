"""Arguments and options that several commands share: one spelling, one help text each."""

from pathlib import Path
from typing import Annotated

import typer

from dq.errors import SettingsError

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="PATH or name=PATH: CSV or TSV of any delimiter and encoding, Parquet, Excel, .gz, .zip, or a folder.",
    ),
]
OneSource = Annotated[str, typer.Argument(metavar="SOURCE", help="PATH or name=PATH.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the result; replaced as a whole.")]
Key = Annotated[str | None, typer.Option("--key", metavar="COLUMN", help="Column that identifies a row.")]
MatchAt = Annotated[
    str,
    typer.Option(
        "--match-at",
        metavar="safe|balanced",
        help="safe: merges only what is certain. balanced: merges where a match is likelier than not.",
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="HEADER=COLUMN", help="Say what a column is; may be repeated."),
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="COLUMN", help="Leave a column out; may be repeated.")
]
Country = Annotated[
    str | None, typer.Option("--country", metavar="XX", help="ISO code of the country of rows that name none.")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="The day the run calls today.", show_default="today")
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, metavar="N", help="Processes; the result does not depend on it.", show_default="all cores"
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
LogJson = Annotated[bool, typer.Option("--log-json", help="Log JSON lines to standard error.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Start over instead of going on with an unfinished run.")]


def run_folder(named: str) -> Path:
    """Return the folder of a run named by its path, its tag or its id in the home; a name of nothing stays a path."""
    from dq.pipeline.tags import find_run
    from dq.settings import load_settings

    return find_run(named, load_settings())


Previous = Annotated[
    Path | None,
    typer.Option(
        "--previous", metavar="DIR", help="The run published before: its golden ids are kept.", parser=run_folder
    ),
]
Judgements = Annotated[
    Path | None, typer.Option("--judgements", metavar="CSV", help="Decisions of people on pairs of records.")
]
Overrides = Annotated[Path | None, typer.Option("--overrides", metavar="CSV", help="Values pinned by people.")]
Model = Annotated[
    Path | None,
    typer.Option("--model", metavar="FILE", help="The model.json of an earlier run; nothing is learned."),
]
MatchingFile = Annotated[
    Path | None,
    typer.Option("--matching", metavar="FILE", help="A matching.yml to use, such as one that dq train wrote."),
]
PreviewRules = Annotated[
    Path | None,
    typer.Option(
        "--preview-rules", metavar="FILE", help="A survivorship.yml to try: what it would change, in preview.csv."
    ),
]
ExplainBlocking = Annotated[
    bool,
    typer.Option(
        "--explain-blocking", help="Show what each blocking rule gives: pairs, those only it makes, its largest blocks."
    ),
]
Unmasked = Annotated[bool, typer.Option("--unmasked", help="Show personal data on the scorecard.")]


def _known_format(name: str) -> str:
    if name not in ("text", "json"):
        raise SettingsError(f"--format {name} is unknown", "choose text or json")
    return name


Format = Annotated[str, typer.Option("--format", metavar="text|json", help="How to print it.", callback=_known_format)]
Run = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run, or its tag.", parser=run_folder)]

Targets = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="NAME", help="What to hold it against, such as salesforce; may be repeated."),
]
Assign = Annotated[
    str | None,
    typer.Option("--assign", metavar="POLICY", help="Which customers become what: a policy of the target's `assign`."),
]
LoadPath = Annotated[
    str | None,
    typer.Option("--load-path", metavar="NAME", help="The way in, such as data_loader; it decides what is refused."),
]
Existing = Annotated[
    list[str] | None,
    typer.Option(
        "--existing", metavar="[OBJECT=]CSV", help="An export of what the target holds already; may be repeated."
    ),
]
Owners = Annotated[
    Path | None, typer.Option("--owners", metavar="CSV", help="Users of the target: ids or e-mails, and who is active.")
]
OwnerMap = Annotated[
    Path | None,
    typer.Option(
        "--owner-map",
        metavar="CSV",
        help="Who takes over from whom: owner,department,user_id,name,active, as in user_map.csv of a run.",
        show_default="user_map_<target>.csv, else user_map.csv, in the home's standards",
    ),
]
ApplyProposals = Annotated[
    Path | None,
    typer.Option("--apply-proposals", metavar="CSV", help="A proposals.csv with `yes` beside what is accepted."),
]
Suppress = Annotated[
    list[Path] | None,
    typer.Option(
        "--suppress",
        metavar="FILE",
        help="People not to be mailed: e-mails, phones, addresses or names with addresses; may be repeated.",
    ),
]
BringBack = Annotated[
    Path | None,
    typer.Option(
        "--bring-back", metavar="CSV", help="Customers that no parking rule may keep out: ids or keys, a line each."
    ),
]


def refuse_place(out: Path) -> None:
    """Refuse, before any work, a file to write where no file can be.

    Raises:
        SettingsError: It is a folder, or lies in none that is there.
    """
    if out.is_dir() or not out.parent.is_dir():
        raise SettingsError(f"--out {out} is no place for a file", "name a file in a folder that is there")
