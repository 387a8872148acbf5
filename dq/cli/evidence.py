"""Shows why two records were matched and how a run stands against the truth."""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from dq.matching.mistakes import wilson
from dq.pipeline.evidence import LOOKED_AT, Judged, evaluate_run, explain_pair, telling
from dq.pipeline.unmerging import unmerge


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
    """Print precision, recall and F1 of pairs and B³, what thresholds would have done, and mistakes to look at."""
    judged = evaluate_run(folder, truth)
    found = judged.evaluation
    if output_format == "json":
        low, high = wilson(found.right_pairs, found.found_pairs)
        curve = json.loads(judged.mistakes.curve.round(6).to_json(orient="records"))
        document = asdict(found) | {"f1": found.f1, "b3_f1": found.b3_f1, "precision_low": low, "precision_high": high}
        print(json.dumps(document | {"waiting": judged.waiting, "curve": curve}, indent=1))
        return
    console = Console(highlight=False)
    table = Table(show_edge=False, pad_edge=False)
    for name in ("", "precision", "recall", "F1"):
        table.add_column(name, justify="left" if not name else "right")
    table.add_row("pairs", f"{found.precision:.4f}", f"{found.recall:.4f}", f"{found.f1:.4f}")
    table.add_row("B³", f"{found.b3_precision:.4f}", f"{found.b3_recall:.4f}", f"{found.b3_f1:.4f}")
    console.print(table)
    for line in evaluation_lines(judged):
        console.print(line, markup=False, soft_wrap=True)
    _show_curve(console, judged)
    _show_pairs(console, "Wrong merges, the most convincing first", judged.mistakes.wrong, judged)
    _show_pairs(console, "Missed duplicates, the most convincing first", judged.mistakes.missed, judged)


def evaluation_lines(judged: Judged) -> list[str]:
    """Return what the figures mean as sentences; wrong merges with their 95 % interval."""
    found = judged.evaluation
    low, high = wilson(found.found_pairs - found.right_pairs, found.found_pairs)
    wrong = found.found_pairs - found.right_pairs
    return [
        f"{found.records:,} records in the truth, {found.true_pairs:,} true pairs, {found.found_pairs:,} found, "
        f"{found.right_pairs:,} of them right; {found.unknown:,} records of the truth are not in the run",
        f"{wrong:,} wrong pairs, {_per_10000(wrong, found.found_pairs)} in 10,000 merged (95 % interval "
        f"{low * 1e4:.0f} to {high * 1e4:.0f}); {found.true_pairs - found.right_pairs:,} duplicates missed; "
        f"{judged.waiting:,} pairs wait for a decision",
    ]


def _per_10000(part: int, whole: int) -> str:
    return f"{part / whole * 1e4:.0f}" if whole else "0"


def _show_curve(console: Console, judged: Judged) -> None:
    table = Table(title="Compared pairs from a weight on", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("weight", "precision", "recall"):
        table.add_column(name, justify="right")
    for row in judged.mistakes.curve.to_dict("records"):
        table.add_row(f"{row['match_weight']:+.0f}", f"{row['precision']:.4f}", f"{row['recall']:.4f}")
    console.print()
    console.print(table)


def _show_pairs(console: Console, title: str, pairs: pd.DataFrame, judged: Judged) -> None:
    if pairs.empty:
        return
    console.print()
    console.print(f"{title} ({len(pairs):,} in all; dq explain shows the evidence):", markup=False, soft_wrap=True)
    for row in pairs.head(LOOKED_AT).to_dict("records"):
        weight = "not kept" if pd.isna(row["match_weight"]) else f"{row['match_weight']:+.1f}"
        console.print(f"  {weight}  {row['record_id_l']}  {row['record_id_r']}", markup=False, soft_wrap=True)
        for side in ("record_id_l", "record_id_r"):
            console.print(f"      {judged.looks.get(str(row[side]), '')}", markup=False, soft_wrap=True)


def show_unmerge(
    folder: Path, golden_id: str, judgements: Path, *, by: str, reason: str, apart: tuple[str, ...]
) -> None:
    """Take a golden record apart and print who its members are and what to do next."""
    done = unmerge(folder, golden_id, judgements, by=by, reason=reason, apart=apart)
    console = Console(highlight=False)
    for row in done.members.sort_values("record_id").to_dict("records"):
        console.print(f"  {row['record_id']}  {telling(row)}", markup=False, soft_wrap=True)
    console.print(
        f"{done.written:,} judgements in {done.judgements}; dq run … --previous {folder} --judgements "
        f"{done.judgements} gives these records back apart",
        markup=False,
        soft_wrap=True,
    )
