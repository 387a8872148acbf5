"""The commands of `dq`, one function each; heavy libraries load when a command runs, not before."""

import os
from pathlib import Path
from typing import Annotated

import typer

from dq.cli.difference import diff
from dq.cli.groups import AddressGroup
from dq.cli.home import audit, runs
from dq.cli.people import token, user
from dq.cli.reference import reference
from dq.cli.serve import serve
from dq.cli.training import train
from dq.errors import SettingsError

app = typer.Typer(
    name="dq",
    help="Customer data quality around a CRM conversion: clean, match, prove, publish.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

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
Previous = Annotated[
    Path | None,
    typer.Option("--previous", metavar="DIR", help="The run published before: its golden ids are kept."),
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


@app.callback()
def _start() -> None:
    # Great Expectations counts its users over the network unless told not to.
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")


@app.command()
def run(
    sources: Sources,
    out: Out,
    key: Key = None,
    match_at: MatchAt = "safe",
    columns: Map = None,
    ignore: Ignore = None,
    country: Country = None,
    as_of: AsOf = None,
    previous: Previous = None,
    judgements: Judgements = None,
    overrides: Overrides = None,
    model: Model = None,
    matching: MatchingFile = None,
    preview_rules: PreviewRules = None,
    unmasked: Unmasked = False,
    workers: Workers = None,
    fresh: Fresh = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
) -> None:
    """Do the whole job: read, clean, match, merge, check, publish.

    Writes golden records, a crosswalk, everything that is wrong per record and a scorecard into DIR. A run that was
    cut short goes on where it stopped; the folder of an earlier result stays whole until the new one is.
    """
    from dq.cli.terminal import Terminal
    from dq.pipeline import run_all
    from dq.pipeline.planning import make_plan

    plan = make_plan(
        sources,
        out,
        key=key,
        match_at=match_at,
        columns=columns,
        ignore=ignore,
        country=country,
        as_of=as_of,
        previous=previous,
        judgements=judgements,
        overrides=overrides,
        model=model,
        matching=matching,
        preview_rules=preview_rules,
        unmasked=unmasked,
        workers=workers,
        fresh=fresh,
    )
    with Terminal(quiet=quiet, log_json=log_json) as terminal:
        result = run_all(plan, terminal)
        terminal.show_run(result)


@app.command()
def standardize(
    source: OneSource,
    out: Out,
    key: Key = None,
    columns: Map = None,
    ignore: Ignore = None,
    country: Country = None,
    as_of: AsOf = None,
    workers: Workers = None,
    fresh: Fresh = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
) -> None:
    """Standardise one source: names, organisations, addresses, phones, e-mails, dates; every change listed."""
    from dq.cli.terminal import Terminal
    from dq.pipeline import run_standardize
    from dq.pipeline.planning import make_plan

    plan = make_plan(
        [source],
        out,
        key=key,
        columns=columns,
        ignore=ignore,
        country=country,
        as_of=as_of,
        workers=workers,
        fresh=fresh,
    )
    with Terminal(quiet=quiet, log_json=log_json) as terminal:
        terminal.show_run(run_standardize(plan, terminal))


@app.command()
def match(
    sources: Sources,
    out: Out,
    key: Key = None,
    match_at: MatchAt = "safe",
    columns: Map = None,
    ignore: Ignore = None,
    country: Country = None,
    as_of: AsOf = None,
    judgements: Judgements = None,
    model: Model = None,
    matching: MatchingFile = None,
    explain_blocking: ExplainBlocking = False,
    workers: Workers = None,
    fresh: Fresh = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
) -> None:
    """Find duplicates only: pairs with their evidence and a crosswalk, no golden records and no rules."""
    from dq.cli.blocking import show_blocking
    from dq.cli.terminal import Terminal
    from dq.pipeline import run_match
    from dq.pipeline.planning import make_plan

    plan = make_plan(
        sources,
        out,
        key=key,
        match_at=match_at,
        columns=columns,
        ignore=ignore,
        country=country,
        as_of=as_of,
        judgements=judgements,
        model=model,
        matching=matching,
        explain_blocking=explain_blocking,
        workers=workers,
        fresh=fresh,
    )
    with Terminal(quiet=quiet, log_json=log_json) as terminal:
        terminal.show_run(run_match(plan, terminal))
        if explain_blocking:
            show_blocking(out, terminal.console)


@app.command()
def link(
    left: Annotated[str, typer.Argument(metavar="LEFT", help="The customers you have: PATH or name=PATH.")],
    right: Annotated[str, typer.Argument(metavar="RIGHT", help="The bought list: PATH or name=PATH.")],
    out: Out,
    key: Key = None,
    match_at: MatchAt = "safe",
    columns: Map = None,
    ignore: Ignore = None,
    country: Country = None,
    as_of: AsOf = None,
    judgements: Judgements = None,
    matching: MatchingFile = None,
    one_to_one: Annotated[
        bool, typer.Option("--one-to-one", help="A customer is one row of the list at most; weaker rows are possible.")
    ] = False,
    price: Annotated[
        float | None,
        typer.Option("--price", min=0.0, metavar="AMOUNT", help="What the list cost: gives a price a name."),
    ] = None,
    workers: Workers = None,
    fresh: Fresh = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
) -> None:
    """Hold a bought list against the customers you have: already ours, maybe, new, and what the list was worth."""
    from dataclasses import replace

    from dq.cli.terminal import Terminal
    from dq.pipeline import run_link
    from dq.pipeline.planning import make_plan

    plan = make_plan(
        [left, right],
        out,
        key=key,
        match_at=match_at,
        columns=columns,
        ignore=ignore,
        country=country,
        as_of=as_of,
        judgements=judgements,
        matching=matching,
        workers=workers,
        fresh=fresh,
    )
    owned, listed = (source.name for source in plan.sources)
    plan = replace(plan, link=(owned, listed), one_to_one=one_to_one, list_price=price)
    with Terminal(quiet=quiet, log_json=log_json) as terminal:
        terminal.show_run(run_link(plan, terminal))


@app.command()
def profile(
    source: OneSource,
    columns: Map = None,
    ignore: Ignore = None,
    key: Key = None,
    country: Country = None,
    output_format: Format = "text",
    save_mapping: Annotated[
        Path | None,
        typer.Option(
            "--save-mapping", metavar="FILE", help="Write the recognised columns as standards/sources/<name>.yml."
        ),
    ] = None,
) -> None:
    """Look at a source: its columns, what they hold, what dq takes them for and how sure it is."""
    from dq.cli.profile import show_profile
    from dq.pipeline.planning import make_plan

    plan = make_plan([source], Path("unused-by-profile"), key=key, columns=columns, ignore=ignore, country=country)
    show_profile(plan, output_format, save_mapping)


@app.command()
def explain(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run.")],
    record_l: Annotated[str, typer.Argument(metavar="RECORD_L", help="record_id of one record.")],
    record_r: Annotated[str, typer.Argument(metavar="RECORD_R", help="record_id of the other.")],
) -> None:
    """Say why two records were, or were not, taken for the same customer: every piece of evidence with its weight."""
    from dq.cli.evidence import show_explanation

    show_explanation(folder, record_l, record_r)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run.")],
    truth: Annotated[
        Path, typer.Argument(metavar="TRUTH_CSV", help="record_id,true_id; a bare key means the only source's.")
    ],
    output_format: Format = "text",
) -> None:
    """Hold a run against the truth: pairwise precision, recall and F1, and B³."""
    from dq.cli.evidence import show_evaluation

    show_evaluation(folder, truth, output_format)


app.command()(train)


@app.command()
def unmerge(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run.")],
    golden_id: Annotated[str, typer.Argument(metavar="GOLDEN_ID", help="The golden record to take apart.")],
    judgements: Annotated[
        Path,
        typer.Option("--judgements", metavar="CSV", help="File the decision is added to; give it to the next run."),
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "wrong merge",
    records: Annotated[
        list[str] | None,
        typer.Option("--record", metavar="RECORD_ID", help="Only this record leaves; may be repeated."),
    ] = None,
) -> None:
    """Take a merge apart: the next run with these judgements gives its records back as they were."""
    from dq.cli.evidence import show_unmerge

    show_unmerge(folder, golden_id, judgements, by=by, reason=reason, apart=tuple(records or ()))


@app.command()
def sample(
    out: Out,
    rows: Annotated[int, typer.Option("--rows", min=10, metavar="N", help="About how many rows in all.")] = 5000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Equal seeds give equal bytes.")] = 1,
    usps: Annotated[
        int | None,
        typer.Option(
            "--usps", metavar="N", help="Write a synthetic ZIP+4 file of N records in the USPS layout instead."
        ),
    ] = None,
    addresses: Annotated[
        int | None,
        typer.Option("--addresses", metavar="M", help="With --usps: M customer addresses with their right answers."),
    ] = None,
) -> None:
    """Write realistic dirty customers of three sources, with their true clusters and every planted defect."""
    from dq.cli.sample import make_sample_folder, make_usps_folder

    if usps is not None:
        make_usps_folder(usps, addresses or 0, seed, out)
    elif addresses is not None:
        raise SettingsError("--addresses without --usps has nothing to draw from", "add --usps N")
    else:
        make_sample_folder(rows, seed, out)


address = typer.Typer(
    name="address",
    cls=AddressGroup,
    help="Look at one address, send addresses out to be checked, and gather evidence about them.",
    no_args_is_help=True,
)
app.add_typer(address)
app.add_typer(reference)
app.add_typer(runs)
app.add_typer(user)
app.add_typer(token)
app.add_typer(audit)
app.command()(diff)
app.command()(serve)


@address.command("show")
def show(
    text: Annotated[list[str], typer.Argument(metavar="ADDRESS", help="The address, in quotes or not.")],
    output_format: Format = "text",
) -> None:
    """Show how an address is read, its standard form, what is known of it, and how sure that is."""
    from dq.cli.address import show_address

    show_address(" ".join(text), output_format)


Run = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run.")]


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
