"""Matching beside its peers: seconds from the same standardised Parquet to clusters on disk, memory, precision, recall.

python -m tests.benchmarks.matching [--rows 10000 100000 1000000] [--only dq splink]

Each tool runs alone in a fresh process (its imports count), one after the other. Peers have environments of their own
under `.bench/`; one that cannot be installed is left out and named. GoldenMatch and dedupe take part up to 10,000 rows.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from rich import box
from rich.console import Console
from rich.table import Table

from dq.engine import paths_of
from dq.engine.parts import to_frame
from dq.matching import Evaluation, evaluate
from dq.pipeline.staging import load_state
from tests.benchmarks.customers import Customers, fresh_run, prepare
from tests.benchmarks.environments import BENCH, PEERS, ROOT, python_of, version_of
from tests.benchmarks.measuring import ContenderError, Measured, measure

SIZES = [10_000, 100_000, 1_000_000]
SMALL = 10_000
"""Tools for small lists take part up to here."""
CONTENDERS = Path(__file__).parent / "contenders"
DQ = "tests.benchmarks.contenders.dq_match"


@dataclass(frozen=True)
class Contender:
    """A way to match.

    Attributes:
        name: What the table calls it.
        script: Module of ours, or file that a peer's interpreter runs.
        options: Its last arguments.
        peer: Whose environment it needs; empty for dq.
        most: Rows up to which it takes part.
    """

    name: str
    script: str
    options: tuple[str, ...] = ()
    peer: str = ""
    most: int = sys.maxsize


ALL = (
    Contender("dq, balanced", DQ, ("balanced",)),
    Contender("dq, safe", DQ, ("safe",)),
    Contender("dq, its keys only", DQ, ("keys",)),
    Contender("Splink, five rules", "splink_expert.py", ("five", "guard"), "splink"),
    Contender("Splink, dq's rules", "splink_expert.py", ("same", "guard"), "splink"),
    Contender("GoldenMatch, as it comes", "goldenmatch_zero.py", (), "goldenmatch", SMALL),
    Contender("dedupe, 100 labels", "dedupe_labelled.py", (), "dedupe", SMALL),
)
YARDSTICK = "dq, balanced"
"""The tool whose seconds others are compared with."""


@dataclass(frozen=True)
class Result:
    """What a contender came to.

    Attributes:
        best: The best evaluation among other thresholds, chosen with the truth in hand; None where it has one.
    """

    measured: Measured
    evaluation: Evaluation | None
    best: Evaluation | None


def run(contender: Contender, customers: Customers, truth: pd.DataFrame) -> Result:
    """Let a contender match.

    Raises:
        ContenderError: It failed.
    """
    out = customers.folder / "result"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    python = Path(sys.executable)
    if contender.peer:
        found = python_of(contender.peer)
        if found is None:
            raise ContenderError(f"cannot be installed, see {BENCH.name}/{contender.peer}.log")
        python, environment["PYTHONPATH"] = found, ""
    words = list(_words(contender, customers, out))
    measured = measure([python, *words], environment, out / "log.txt")
    others = [_clusters(path) for path in sorted(out.glob("other*.parquet"))]
    made = _made(contender, out)
    best = max((evaluate(clusters, truth) for clusters in others), key=lambda e: e.f1, default=None)
    return Result(measured, None if made is None else evaluate(made, truth), best)


def _words(contender: Contender, customers: Customers, out: Path) -> Iterator[str | Path]:
    if not contender.peer:
        yield from ("-m", contender.script, fresh_run(customers, out / "run"))
    else:
        yield from (CONTENDERS / contender.script, customers.standardised)
        if contender.peer == "splink":
            yield customers.keys
        yield out
        if contender.peer == "dedupe":
            yield customers.folder / "sample/answers/true_clusters.csv"
    yield from contender.options


def _made(contender: Contender, out: Path) -> pd.DataFrame | None:
    """Return the clusters a contender wrote, None for one that makes none."""
    if contender.peer:
        return _clusters(out / "clusters.parquet")
    listed = load_state(out / "run", "parts-crosswalk")
    if listed is None:
        return None
    assert isinstance(listed, list)
    parts = [{"crosswalk": out / "run/work" / part["crosswalk"]} for part in listed]
    columns = ["record_id", "golden_id"]
    return to_frame(pa.concat_tables([pq.read_table(path, columns=columns) for path in paths_of(parts, "crosswalk")]))


def _clusters(path: Path) -> pd.DataFrame:
    return to_frame(pq.read_table(path))


def table_of(rows: int, results: dict[str, Result]) -> Table:
    """Return the figures of all contenders; `x` is how many times as long as dq they took."""
    title = f"{rows:,} rows, standardised Parquet to clusters on disk"
    table = Table(title=title, box=box.SIMPLE_HEAD, show_edge=False, padding=0)
    table.add_column("", no_wrap=True)
    for column in ("s", "x", "CPU s", "x", "GB", "P", "R", "F1", "best"):
        table.add_column(column, justify="right", no_wrap=True)
    yardstick = results.get(YARDSTICK)
    for name, result in results.items():
        took, found = result.measured, result.evaluation
        times = [took.seconds, took.busy]
        bases = [yardstick.measured.seconds, yardstick.measured.busy] if yardstick else times
        cells = [
            cell for time, base in zip(times, bases, strict=True) for cell in (f"{time:.1f}", f"{time / base:.2f}")
        ]
        rates = [f"{value:.4f}" for value in (found.precision, found.recall, found.f1)] if found else [""] * 3
        table.add_row(name, *cells, f"{took.peak / 1e9:.2f}", *rates, f"{result.best.f1:.4f}" if result.best else "")
    return table


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", nargs="+", type=int, default=SIZES)
    parser.add_argument("--only", nargs="+", choices=["dq", *PEERS], default=["dq", *PEERS])
    chosen = parser.parse_args()
    console = Console(highlight=False, emoji=False)
    for rows in chosen.rows:
        folder = BENCH / f"customers-{rows}"
        folder.mkdir(parents=True, exist_ok=True)
        console.print(f"preparing {rows:,} rows")
        customers = prepare(rows, folder)
        truth, results = customers.truth(), {}
        for contender in ALL:
            if (contender.peer or "dq") not in chosen.only or rows > contender.most:
                continue
            try:
                results[contender.name] = run(contender, customers, truth)
                took = results[contender.name].measured
                console.print(
                    f"{contender.name}: {took.seconds:.1f} s, {took.busy:.1f} CPU s, {took.peak / 1e9:.2f} GB"
                )
            except ContenderError as error:
                console.print(f"{contender.name} is left out: {error}", markup=False)
        console.print(table_of(rows, results))
    console.print("x: times as long as dq, balanced. best: F1 at the threshold that is best with the truth in hand.")
    installed = {peer: python_of(peer) for peer in chosen.only if peer in PEERS}
    versions = [f"{peer} {version_of(python, peer)}" for peer, python in installed.items() if python]
    console.print(f"{', '.join(versions)}; {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
