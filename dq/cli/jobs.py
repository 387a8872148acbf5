"""The commands that run the stages over sources: the whole job, or as far as standardising, matching or linking."""

from typing import Annotated

import typer

from dq.cli.burndown import CutOver, burn_downs_beside, show_burn_downs
from dq.cli.option_groups import Converting, Reading, grouped
from dq.cli.options import (
    ExplainBlocking,
    Fresh,
    Judgements,
    LogJson,
    MatchAt,
    MatchingFile,
    Model,
    OneSource,
    Out,
    Overrides,
    PreviewRules,
    Previous,
    Quiet,
    Sources,
    Unmasked,
)


@grouped
def run(
    sources: Sources,
    reading: Reading,
    converting: Converting,
    out: Out,
    match_at: MatchAt = "safe",
    cut_over: CutOver = None,
    tag: Annotated[
        str | None, typer.Option("--tag", metavar="NAME", help="Name of this run, such as mock-1; it names no other.")
    ] = None,
    previous: Previous = None,
    judgements: Judgements = None,
    overrides: Overrides = None,
    model: Model = None,
    matching: MatchingFile = None,
    preview_rules: PreviewRules = None,
    unmasked: Unmasked = False,
    fresh: Fresh = False,
    quiet: Quiet = False,
    log_json: LogJson = False,
) -> None:
    """Do the whole job: read, clean, match, merge, check, publish.

    Writes golden records, a crosswalk, everything that is wrong per record and a scorecard into DIR. A run that was
    cut short goes on where it stopped; the folder of an earlier result stays whole until the new one is.
    """
    from dq.cli.terminal import Terminal
    from dq.operations.burn_down import refresh_burn_down
    from dq.operations.elsewhere import leaving_word
    from dq.pipeline import run_all
    from dq.pipeline.planning import make_plan

    plan = make_plan(
        sources,
        out,
        **reading.options,
        match_at=match_at,
        tag=tag,
        previous=previous,
        judgements=judgements,
        overrides=overrides,
        model=model,
        matching=matching,
        preview_rules=preview_rules,
        conversion=converting.conversion(),
        bring_back=converting.bring_back,
        unmasked=unmasked,
        fresh=fresh,
    )
    with Terminal(quiet=quiet, log_json=log_json) as terminal, leaving_word(plan, terminal) as listener:
        result = run_all(plan, listener)
        terminal.show_run(result)
    cut_over = cut_over or plan.settings.cut_over
    page = refresh_burn_down(plan.settings, result.out, cut_over=cut_over)
    if cut_over is not None and plan.conversion.targets and not quiet:
        show_burn_downs(burn_downs_beside(out, result.out, cut_over, of_home=True))
        if page is not None:
            print(f"Page of the home: {page}")


@grouped
def standardize(
    source: OneSource,
    reading: Reading,
    out: Out,
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
        **reading.options,
        fresh=fresh,
    )
    with Terminal(quiet=quiet, log_json=log_json) as terminal:
        terminal.show_run(run_standardize(plan, terminal))


@grouped
def match(
    sources: Sources,
    reading: Reading,
    out: Out,
    match_at: MatchAt = "safe",
    judgements: Judgements = None,
    model: Model = None,
    matching: MatchingFile = None,
    explain_blocking: ExplainBlocking = False,
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
        **reading.options,
        match_at=match_at,
        judgements=judgements,
        model=model,
        matching=matching,
        explain_blocking=explain_blocking,
        fresh=fresh,
    )
    with Terminal(quiet=quiet, log_json=log_json) as terminal:
        terminal.show_run(run_match(plan, terminal))
        if explain_blocking:
            show_blocking(out, terminal.console)


@grouped
def link(
    left: Annotated[str, typer.Argument(metavar="LEFT", help="The customers you have: PATH or name=PATH.")],
    right: Annotated[str, typer.Argument(metavar="RIGHT", help="The bought list: PATH or name=PATH.")],
    reading: Reading,
    out: Out,
    match_at: MatchAt = "safe",
    judgements: Judgements = None,
    matching: MatchingFile = None,
    one_to_one: Annotated[
        bool, typer.Option("--one-to-one", help="A customer is one row of the list at most; weaker rows are possible.")
    ] = False,
    price: Annotated[
        float | None,
        typer.Option("--price", min=0.0, metavar="AMOUNT", help="What the list cost: gives a price a name."),
    ] = None,
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
        **reading.options,
        match_at=match_at,
        judgements=judgements,
        matching=matching,
        fresh=fresh,
    )
    owned, listed = (source.name for source in plan.sources)
    plan = replace(plan, link=(owned, listed), one_to_one=one_to_one, list_price=price)
    with Terminal(quiet=quiet, log_json=log_json) as terminal:
        terminal.show_run(run_link(plan, terminal))
