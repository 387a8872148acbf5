"""`dq check`: would it load? One command, no configuration, an exit code."""

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dq.cli.burndown import CutOver, burn_downs_beside, show_burn_downs
from dq.cli.option_groups import Converting, Reading, grouped
from dq.cli.options import Format, MatchAt, Quiet, Sources, Unmasked
from dq.errors import SettingsError

EXIT_NOT_READY = 3


@grouped
def check(
    sources: Sources,
    converting: Converting,
    reading: Reading,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keep the page, the tables and the proposals here.")
    ] = None,
    output_format: Format = "text",
    fail_under: Annotated[
        float,
        typer.Option("--fail-under", min=0.0, max=100.0, metavar="PERCENT", help="Ready when at least so many load."),
    ] = 100.0,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="DIR", help="An earlier check: only problems it did not have count."),
    ] = None,
    cut_over: CutOver = None,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", metavar="FILE", help="Quality rules of your own, as in expectations/; they must hold."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="Look at N rows of each source only.")
    ] = None,
    no_match: Annotated[
        bool, typer.Option("--no-match", help="Judge every input row as it is; look for no duplicates.")
    ] = False,
    match_at: MatchAt = "safe",
    unmasked: Unmasked = False,
    quiet: Quiet = False,
) -> None:
    """Would it load? Say for every row what a target would refuse, alter or make a mess of, and what to fix first.

    Exit code 0: ready, 3: not ready, 2: wrong use.
    """
    from dq.pipeline import run_check
    from dq.pipeline.listening import Silence
    from dq.pipeline.planning import make_plan

    conversion = converting.conversion()
    if not conversion.targets:
        raise SettingsError("--target is missing", "name one: dq target list shows what there is")
    if baseline is not None and not (baseline / "blockers.parquet").is_file():
        raise SettingsError(f"--baseline {baseline} is no check: it has no blockers.parquet", "name an earlier --out")
    with tempfile.TemporaryDirectory(prefix="dq-check-") as folder:
        plan = make_plan(
            sources,
            out or Path(folder) / "out",
            **reading.options,
            match_at=match_at,
            unmasked=unmasked,
            conversion=conversion,
            bring_back=converting.bring_back,
            sample=sample,
            merge=not no_match,
            rules=rules,
        )
        result = run_check(plan, Silence())
        raise typer.Exit(
            _tell(result.out, output_format, fail_under, baseline, quiet=quiet, kept=out, cut_over=cut_over)
        )


def _tell(
    folder: Path,
    output_format: str,
    fail_under: float,
    baseline: Path | None,
    *,
    quiet: bool,
    kept: Path | None,
    cut_over: date | None,
) -> int:
    """Print what a check came to; return the exit code."""
    from dq.cli.check_shown import show_check
    from dq.pipeline.checking import CHECK_FILE, CHECK_PAGE
    from dq.pipeline.judging import judge_check
    from dq.quality.scorecard.readiness_page import render_readiness

    document = json.loads((folder / CHECK_FILE).read_text(encoding="utf-8"))
    document["verdict"] = judge_check(document, folder, fail_under, baseline)
    if cut_over is not None:
        # Other runs are no input of this one: the page gets their part once it is done.
        document["burn_down"] = burn_downs_beside(kept or folder, folder, cut_over)
        (folder / CHECK_PAGE).write_text(render_readiness(document), encoding="utf-8")
    if output_format == "json":
        print(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True))
    elif not quiet:
        show_check(document)
        show_burn_downs(document.get("burn_down", ()))
        if kept:
            print(f"Page: {folder / CHECK_PAGE}; proposals to accept: {folder / 'proposals.csv'}")
    return 0 if document["verdict"]["ready"] else EXIT_NOT_READY
