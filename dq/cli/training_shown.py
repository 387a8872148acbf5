"""Shows what labels teach about matching, and writes the next version of the policy where it is asked to."""

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from dq.errors import QualityGateError, SettingsError
from dq.matching.training_text import move_lines
from dq.pipeline.training import Training, train_run


def show_training(folder: Path, labels: Path | None, judgements: Path | None, out: Path | None) -> None:
    """Train, print what moves and what it is worth, and write the new version where a place is named.

    Raises:
        SettingsError: There are no labels.
        QualityGateError: Training would do harm: nothing is written.
    """
    if labels is None and judgements is None:
        raise SettingsError("there is nothing to learn from", "give --labels FILE, --judgements FILE or both")
    for name, path in (("--labels", labels), ("--judgements", judgements)):
        if path is not None and not path.is_file():
            raise SettingsError(f"{name} {path} is no file", "check the path")
    training = train_run(folder, labels, judgements, datetime.now(UTC).date().isoformat())
    console = Console(highlight=False, emoji=False)
    _show(console, training)
    if training.is_harmful:
        raise QualityGateError(
            "customers that did not teach it come out worse than before, beyond chance: nothing is written",
            "label more, or look at the labels of the pairs dq evaluate shows",
        )
    if out is not None and training.moves:
        out.write_text(training.text, encoding="utf-8")
        console.print(f"Version {training.version + 1} is {out}; dq match --matching {out} uses it.", markup=False)


def _show(console: Console, training: Training) -> None:
    """Print what there was to learn from, what moves, and what it is worth."""
    console.print(
        f"{training.labelled:,} labelled and {training.judged:,} judged pairs, those that are clearly different left "
        f"out; {training.same:,} of them are one customer; {training.customers:,} customers.",
        markup=False,
        soft_wrap=True,
    )
    if not training.moves:
        console.print("They agree with the file: nothing moves.", markup=False)
        return
    console.print(f"\nVersion {training.version + 1} of matching.yml would say:", markup=False)
    for line in move_lines(training.moves):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    console.print()
    console.print(_table(training))
    for match_at, check in training.checks.items():
        word = "better beyond chance" if check.is_better else "worse beyond chance" if check.is_worse else "by chance"
        console.print(
            f"{match_at}: {check.better:,.0f} pairs decided better, {check.worse:,.0f} worse ({word}).", markup=False
        )
    if training.labelled == 0:
        console.print(
            "Judged pairs are those somebody had doubts about: precision and recall hold among them only.",
            markup=False,
            soft_wrap=True,
        )


def _table(training: Training) -> Table:
    table = Table(
        title="On customers that did not teach it, before clustering",
        title_justify="left",
        show_edge=False,
        pad_edge=False,
    )
    for name in ("match at", "", "precision", "recall", "F1"):
        table.add_column(name, justify="right" if name in ("precision", "recall", "F1") else "left")
    for match_at, check in training.checks.items():
        for word, score in (("before", check.before), ("after", check.after)):
            table.add_row(match_at, word, f"{score.precision:.4f}", f"{score.recall:.4f}", f"{score.f1:.4f}")
    return table
