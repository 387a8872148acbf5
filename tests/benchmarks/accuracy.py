"""How right matching is on public labelled sets, through the command line, columns recognised automatically.

python -m tests.benchmarks.accuracy DATA_FOLDER [--sets "FEBRL 1" colleges] [--at balanced safe]

Per set: `dq match`, then `dq evaluate`; one table, the largest false cluster of each set as rows, and for the set with
three outcomes the share of pairs with the right one. Nothing of the data is written outside a temporary folder.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from rich import box
from rich.console import Console
from rich.table import Table

from dq.matching.mistakes import wilson
from dq.model import OUTCOMES
from tests.benchmarks.labelled_sets import NUMBER, SETS, THREE_WAY, Extract

START = [sys.executable, "-c", "from dq.cli import main; main()"]
SHOWN_ROWS = 8
"""Rows shown of a false cluster: enough to see what holds it together."""


@dataclass(frozen=True)
class Outcome:
    """What `dq` made of a set at one setting.

    Attributes:
        figures: The JSON of `dq evaluate`.
        review: Cases put before people.
        seconds: Of `dq match`, reading and standardising included.
        false_cluster: The largest cluster with several customers: `customer` (a letter each) and what its rows say.
        outcomes: Per pair of the three-way set `expected` and `found`; empty for others.
    """

    records: int
    figures: dict[str, Any]
    review: int
    seconds: float
    false_cluster: pd.DataFrame
    outcomes: pd.DataFrame


def dq(*words: str | Path) -> str:
    """Run one command and return what it printed."""
    command = [*START, *(str(word) for word in words)]
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def measure(extracts: list[Extract], match_at: str, folder: Path) -> Outcome:
    """Match a set and hold the result against its truth."""
    sources = []
    for extract in extracts:
        path = folder / f"{extract.source}.csv"
        extract.rows.to_csv(path, index=False)
        sources.append(f"{extract.source}={path}")
    out, begun = folder / "out", time.monotonic()
    dq("match", *sources, "--out", out, "--match-at", match_at, "--quiet")
    seconds = time.monotonic() - begun
    truth = truth_of(extracts, out)
    truth.to_csv(folder / "truth.csv", index=False)
    return Outcome(
        records=len(truth),
        figures=json.loads(dq("evaluate", out, folder / "truth.csv", "--format", "json")),
        review=pq.ParquetFile(out / "cases.parquet").metadata.num_rows,
        seconds=seconds,
        false_cluster=largest_false_cluster(extracts, truth, out),
        outcomes=outcomes_of(truth, out),
    )


def truth_of(extracts: list[Extract], out: Path) -> pd.DataFrame:
    """Return `record_id`, `true_id`, `source`, `row`: the records that `dq` made of the numbered rows."""
    records = pd.read_parquet(out / "records.parquet")
    numbered = f"extra.{NUMBER}"
    number = records[numbered] if numbered in records else records["source_key"]
    known = pd.DataFrame({"record_id": records["record_id"], "source": records["source"], NUMBER: number})
    known = known[~known["record_id"].str.contains("#")]
    rows = pd.concat(
        pd.DataFrame({"source": e.source, NUMBER: e.rows[NUMBER], "true_id": e.true_ids}) for e in extracts
    )
    truth = known.merge(rows, on=["source", NUMBER], how="inner", validate="one_to_one")
    if len(truth) != len(rows):
        raise SystemExit(f"{len(rows) - len(truth):,} rows of the truth have no record")
    return truth[["record_id", "true_id", "source", NUMBER]]


def largest_false_cluster(extracts: list[Extract], truth: pd.DataFrame, out: Path) -> pd.DataFrame:
    """Return the rows of the cluster that mixes customers and has most records, as the source wrote them."""
    crosswalk = pd.read_csv(out / "crosswalk.csv", dtype="str")[["record_id", "golden_id"]]
    members = truth.merge(crosswalk, on="record_id")
    groups = members.groupby("golden_id").agg(customers=("true_id", "nunique"), records=("record_id", "size"))
    mixed = groups[groups["customers"] > 1].sort_values(["records", "customers"], kind="stable")
    if mixed.empty:
        return pd.DataFrame({"customer": [], "says": []})
    worst = members[members["golden_id"].eq(mixed.index[-1])].sort_values(["true_id", "record_id"])
    cells = {e.source: e.rows.set_index(NUMBER) for e in extracts}
    says = [
        " | ".join(cell for cell in cells[source].loc[row] if cell)
        for source, row in zip(worst["source"], worst[NUMBER], strict=True)
    ]
    letters = [chr(ord("A") + min(int(code), 25)) for code in pd.factorize(worst["true_id"])[0]]
    return pd.DataFrame({"customer": letters, "says": says})


def outcomes_of(truth: pd.DataFrame, out: Path) -> pd.DataFrame:
    """Return `expected` and `found` per test whose seed is known; no rows for sets of clusters."""
    seeds = dict(zip(truth["true_id"], truth["record_id"], strict=True))
    pairs = pd.read_parquet(out / "pairs.parquet", columns=["record_id_l", "record_id_r", "outcome"])
    found = dict(zip(zip(pairs["record_id_l"], pairs["record_id_r"], strict=True), pairs["outcome"], strict=True))
    rows = []
    for record, true_id in zip(truth["record_id"], truth["true_id"], strict=True):
        seed, _, expected = str(true_id).partition("|")
        # A line of the set has a quote without its end and swallows the next: what it expects is no outcome.
        if expected in OUTCOMES and seed in seeds:
            pair = min(record, seeds[seed]), max(record, seeds[seed])
            rows.append({"expected": expected, "found": found.get(pair, "non_match")})
    return pd.DataFrame(rows, columns=["expected", "found"])


def table_row(name: str, match_at: str, outcome: Outcome) -> list[str]:
    """Return the cells of one measurement."""
    found = outcome.figures
    rates = ["", "", "", ""] if name == THREE_WAY else [
        f"{found[key]:.4f}" for key in ("precision", "recall", "f1", "b3_f1")
    ]  # fmt: skip
    wrong, made = found["found_pairs"] - found["right_pairs"], found["found_pairs"]
    counts = [""] * 3 if name == THREE_WAY else [
        f"{found['true_pairs']:,}", per_10000(wrong, made), f"{found['true_pairs'] - found['right_pairs']:,}"
    ]  # fmt: skip
    pairs, merged, missed = counts
    return [
        name, match_at, f"{outcome.records:,}", pairs, *rates, f"{outcome.seconds:.0f}", merged, missed,
        f"{outcome.review:,}",
    ]  # fmt: skip


def per_10000(wrong: int, made: int) -> str:
    """Return wrong merges per 10,000 with their 95 % interval."""
    low, high = wilson(wrong, made)
    return f"{wrong / made * 1e4:.0f} ({low * 1e4:.0f}-{high * 1e4:.0f})" if made else ""


def main() -> None:
    """Measure every set and setting asked for, then print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, metavar="DATA_FOLDER")
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--at", nargs="+", choices=["balanced", "safe"], default=["balanced", "safe"])
    chosen = parser.parse_args()
    console = Console(highlight=False, emoji=False)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0)
    for place, column in enumerate(
        ("set", "at", "rows", "pairs", "P", "R", "F1", "B³", "s", "wrong/10,000", "missed", "review")
    ):
        table.add_column(column, justify="right" if place > 1 else "left", no_wrap=True)
    pooled = dict.fromkeys(chosen.at, (0, 0))
    for name in chosen.sets:
        extracts = SETS[name](chosen.data)
        for match_at in chosen.at:
            with tempfile.TemporaryDirectory(prefix="dq-accuracy-") as folder:
                outcome = measure(extracts, match_at, Path(folder))
            table.add_row(*table_row(name, match_at, outcome))
            if name == THREE_WAY:
                show_outcomes(console, match_at, outcome.outcomes)
                continue
            made, right = outcome.figures["found_pairs"], outcome.figures["right_pairs"]
            wrong, before = pooled[match_at]
            pooled[match_at] = wrong + made - right, before + made
            show_false_cluster(console, f"{name}, {match_at}", outcome.false_cluster)
    console.print(table)
    for match_at, (wrong, made) in pooled.items():
        console.print(f"all sets pooled, {match_at}: {per_10000(wrong, made)} wrong in 10,000 merged pairs of {made:,}")


def show_false_cluster(console: Console, title: str, cluster: pd.DataFrame) -> None:
    """Print the rows of a false cluster."""
    if cluster.empty:
        console.print(f"{title}: no false cluster\n")
        return
    console.print(f"{title}: largest false cluster, {len(cluster)} rows of {cluster['customer'].nunique()} customers")
    for row in cluster.head(SHOWN_ROWS).to_dict("records"):
        console.print(f"  {row['customer']}  {row['says']}", markup=False, no_wrap=True, overflow="ellipsis")
    console.print()


def show_outcomes(console: Console, match_at: str, outcomes: pd.DataFrame) -> None:
    """Print the share of right outcomes and which were taken for which."""
    right = float((outcomes["expected"] == outcomes["found"]).mean())
    console.print(f"{THREE_WAY}, {match_at}: {right:.4f} of {len(outcomes):,} pairs have the expected outcome")
    console.print(pd.crosstab(outcomes["expected"], outcomes["found"]).to_string() + "\n", markup=False)


if __name__ == "__main__":
    main()
