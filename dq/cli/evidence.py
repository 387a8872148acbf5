"""Shows why two records were matched and how a run stands against the truth."""

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from dq.pipeline.evidence import evaluate_run, explain_pair


def show_explanation(folder: Path, record_l: str, record_r: str) -> None:
    """Print the evidence of a pair, piece by piece, and the sentence."""
    explanation = explain_pair(folder, record_l, record_r)
    console = Console(highlight=False)
    table = Table(title=f"{record_l}  and  {record_r}", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("evidence", record_l, record_r, "level", "weight"):
        table.add_column(name, overflow="fold", justify="right" if name == "weight" else "left")
    for row in explanation.waterfall.to_dict("records"):
        table.add_row(row["comparison"], row["value_l"], row["value_r"], row["level"], f"{row['weight']:+.2f}")
    table.add_row("sum", "", "", "", f"{explanation.match_weight:+.2f}", style="bold")
    console.print(table)
    console.print()
    console.print(explanation.sentence, markup=False)


def show_evaluation(folder: Path, truth: Path, output_format: str) -> None:
    """Print precision, recall and F1 of pairs, and B³."""
    found = evaluate_run(folder, truth)
    if output_format == "json":
        print(json.dumps(asdict(found), indent=1))
        return
    console = Console(highlight=False)
    table = Table(show_edge=False, pad_edge=False)
    for name in ("", "precision", "recall", "F1"):
        table.add_column(name, justify="left" if not name else "right")
    table.add_row("pairs", f"{found.precision:.4f}", f"{found.recall:.4f}", f"{found.f1:.4f}")
    table.add_row("B³", f"{found.b3_precision:.4f}", f"{found.b3_recall:.4f}", f"{found.b3_f1:.4f}")
    console.print(table)
    console.print(
        f"{found.records:,} records in the truth, {found.true_pairs:,} true pairs, {found.found_pairs:,} found, "
        f"{found.right_pairs:,} of them right; {found.unknown:,} records of the truth are not in the run"
    )
