"""Shows why two records were matched and how a run stands against the truth."""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from dq.matching.mistakes import wilson
from dq.pipeline.evidence import COMPARED, LOOKED_AT, Judged, evaluate_run, explain_pair, telling
from dq.pipeline.unmerging import unmerge

_WIDE = 26
"""Characters of a value: two of them, a name of a column and the margin fill 80."""


def show_explanation(folder: Path, record_l: str, record_r: str) -> None:
    """Print the evidence of a pair, piece by piece, and the sentence."""
    explanation = explain_pair(folder, record_l, record_r)
    console = Console(highlight=False, emoji=False)
    table = Table(title=f"{record_l}  and  {record_r}", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("evidence", record_l, record_r, "level", "weight"):
        table.add_column(name, overflow="fold", justify="right" if name == "weight" else "left")
    for row in explanation.waterfall.to_dict("records"):
        table.add_row(row["comparison"], row["value_l"], row["value_r"], row["level"], f"{row['weight']:+.2f}")
    table.add_row("sum", "", "", "", f"{explanation.match_weight:+.2f}", style="bold")
    console.print(table)
    console.print()
    for line in filter(None, (explanation.sentence, explanation.basis)):
        console.print(line, markup=False, soft_wrap=True)


def show_evaluation(folder: Path, truth: Path, output_format: str) -> None:
    """Print precision, recall and F1 of pairs and B³, what thresholds would have done, and mistakes to look at."""
    judged = evaluate_run(folder, truth)
    found = judged.evaluation
    if output_format == "json":
        print(json.dumps(evaluation_document(judged), indent=1, ensure_ascii=False))
        return
    console = Console(highlight=False, emoji=False)
    table = Table(show_edge=False, pad_edge=False)
    for name in ("", "precision", "recall", "F1"):
        table.add_column(name, justify="left" if not name else "right")
    table.add_row("pairs", f"{found.precision:.4f}", f"{found.recall:.4f}", f"{found.f1:.4f}")
    table.add_row("B³", f"{found.b3_precision:.4f}", f"{found.b3_recall:.4f}", f"{found.b3_f1:.4f}")
    console.print(table)
    console.print(evaluation_line(judged), markup=False, soft_wrap=True)
    _show_outcome(console, judged)
    _show_curve(console, judged)
    _show_pairs(console, "Wrong merges, the most convincing first", judged.mistakes.wrong, judged)
    _show_pairs(console, "Missed duplicates, the most convincing first", judged.mistakes.missed, judged)


def evaluation_line(judged: Judged) -> str:
    """Return what the figures rest on, as a sentence."""
    found = judged.evaluation
    return (
        f"{found.records:,} records in the truth, {found.true_pairs:,} true pairs, {found.found_pairs:,} found, "
        f"{found.right_pairs:,} of them right; {found.unknown:,} records of the truth are not in the run"
    )


def outcome_rows(judged: Judged) -> list[tuple[str, int, int, float, float]]:
    """Return what went wrong: name, pairs, of how many, and the 95 % interval of the share (Wilson)."""
    found = judged.evaluation
    wrong, missed = found.found_pairs - found.right_pairs, found.true_pairs - found.right_pairs
    return [
        (name, part, whole, *wilson(part, whole))
        for name, part, whole in (
            ("wrong merges", wrong, found.found_pairs),
            ("missed duplicates", missed, found.true_pairs),
        )
    ]


def _show_outcome(console: Console, judged: Judged) -> None:
    table = Table(show_edge=False, pad_edge=False)
    for name in (f"at {judged.match_at}", "pairs", "in 10,000", "95 % interval"):
        table.add_column(name, justify="left" if name.startswith("at ") else "right")
    for name, part, whole, low, high in outcome_rows(judged):
        share = f"{part / whole * 1e4:,.0f}" if whole else "0"
        table.add_row(name, f"{part:,}", share, f"{low * 1e4:,.0f} to {high * 1e4:,.0f}")
    table.add_row("waiting for a person", f"{judged.waiting:,}", "", "")
    console.print(table)


def evaluation_document(judged: Judged) -> dict[str, object]:
    """Return everything `dq evaluate` shows, as JSON can hold it."""
    found = judged.evaluation
    low, high = wilson(found.right_pairs, found.found_pairs)
    curve = json.loads(judged.mistakes.curve.round(6).to_json(orient="records"))
    return asdict(found) | {
        "match_at": judged.match_at,
        "f1": found.f1,
        "b3_f1": found.b3_f1,
        "precision_low": low,
        "precision_high": high,
        "waiting": judged.waiting,
        "outcome": [
            {"what": name, "pairs": part, "of": whole, "low": round(least, 6), "high": round(most, 6)}
            for name, part, whole, least, most in outcome_rows(judged)
        ],
        "curve": curve,
        "wrong_merges": _examples(judged.mistakes.wrong, judged),
        "missed_duplicates": _examples(judged.mistakes.missed, judged),
    }


def _examples(pairs: pd.DataFrame, judged: Judged) -> dict[str, object]:
    shown = []
    for row in pairs.head(LOOKED_AT).to_dict("records"):
        weight = None if pd.isna(row["match_weight"]) else row["match_weight"]
        left, right = (judged.looks.get(str(row[side]), {}) for side in ("record_id_l", "record_id_r"))
        shown.append(
            {
                "record_id_l": row["record_id_l"],
                "record_id_r": row["record_id_r"],
                "match_weight": weight,
                "differences": {name: [one, other] for name, one, other in differences(left, right)},
                "same": {name: value for name, value in left.items() if right.get(name) == value},
            }
        )
    return {"pairs": len(pairs), "first": shown}


def differences(left: dict[str, str], right: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return the columns in which two records differ, with both values; empty where one has none."""
    names = [name for name in COMPARED if name in left or name in right]
    return [(name, left.get(name, ""), right.get(name, "")) for name in names if left.get(name) != right.get(name)]


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
        left, right = (judged.looks.get(str(row[side]), {}) for side in ("record_id_l", "record_id_r"))
        for name, one, other in differences(left, right):
            console.print(f"      {name:<17} {_short(one):<26} {_short(other)}", markup=False, soft_wrap=True)
        same = ", ".join(value for name, value in left.items() if right.get(name) == value)
        console.print(f"      {'the same':<17} {same or 'nothing'}", markup=False, soft_wrap=True)


def _short(value: str) -> str:
    """Return a value that leaves room for another beside it on a line of 80."""
    return value if len(value) <= _WIDE else value[: _WIDE - 1] + "…"


def show_unmerge(
    folder: Path, golden_id: str, judgements: Path, *, by: str, reason: str, apart: tuple[str, ...]
) -> None:
    """Take a golden record apart and print who its members are and what to do next."""
    done = unmerge(folder, golden_id, judgements, by=by, reason=reason, apart=apart)
    console = Console(highlight=False, emoji=False)
    for row in done.members.sort_values("record_id").to_dict("records"):
        console.print(f"  {row['record_id']}  {telling(row)}", markup=False, soft_wrap=True)
    console.print(
        f"{done.written:,} judgements in {done.judgements}; dq run … --previous {folder} --judgements "
        f"{done.judgements} gives these records back apart",
        markup=False,
        soft_wrap=True,
    )
