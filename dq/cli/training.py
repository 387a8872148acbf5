"""The command that learns from labels: its options. Heavy libraries load when it runs."""

from pathlib import Path
from typing import Annotated

import typer

from dq.cli.options import Run


def train(
    folder: Run,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", metavar="CSV", help="record_id,true_id; a bare key means the only source's."),
    ] = None,
    judgements: Annotated[
        Path | None, typer.Option("--judgements", metavar="CSV", help="Decisions of people on pairs of records.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The new matching.yml; without it nothing is written.")
    ] = None,
) -> None:
    """Learn from labels how this data's duplicates look: the next matching.yml, and what it is worth.

    What it is worth is measured on customers that did not teach it. Nothing is written without --out, and nothing that
    does harm.
    """
    from dq.cli.training_shown import show_training

    show_training(folder, labels, judgements, out)
