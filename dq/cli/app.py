"""`dq`: its commands in the order of its help; heavy libraries load when a command runs, not before."""

import os
from pathlib import Path
from typing import Annotated

import typer

from dq.cli.address_group import address
from dq.cli.apply import apply
from dq.cli.burndown import burndown
from dq.cli.check import check
from dq.cli.difference import diff
from dq.cli.gonogo import gonogo
from dq.cli.home import audit, runs
from dq.cli.jobs import link, match, run, standardize
from dq.cli.loads import load, reconcile
from dq.cli.options import Country, Format, Ignore, Key, Map, OneSource, Out, Run
from dq.cli.packs import pack
from dq.cli.people import token, user
from dq.cli.reference import reference
from dq.cli.serve import serve
from dq.cli.targets import target
from dq.cli.training import train
from dq.cli.uat import uat
from dq.cli.workbook import workbook
from dq.errors import SettingsError

app = typer.Typer(
    name="dq",
    help="Customer data quality around a CRM conversion: clean, match, prove, publish.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


@app.callback()
def _start() -> None:
    # Great Expectations counts its users over the network unless told not to.
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")


for job in (run, check, standardize, match, link):
    app.command()(job)


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
    folder: Run,
    record_l: Annotated[str, typer.Argument(metavar="RECORD_L", help="record_id of one record.")],
    record_r: Annotated[str, typer.Argument(metavar="RECORD_R", help="record_id of the other.")],
) -> None:
    """Say why two records were, or were not, taken for the same customer: every piece of evidence with its weight."""
    from dq.cli.evidence import show_explanation

    show_explanation(folder, record_l, record_r)


@app.command()
def evaluate(
    folder: Run,
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
    folder: Run,
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


app.add_typer(address)
app.add_typer(load)
app.command()(reconcile)
app.command()(gonogo)
app.add_typer(uat)
app.add_typer(reference)
app.add_typer(target)
app.add_typer(workbook)
app.add_typer(runs)
app.add_typer(user)
app.add_typer(token)
app.add_typer(pack)
app.add_typer(audit)
app.command()(apply)
app.command()(diff)
app.command()(burndown)
app.command()(serve)
