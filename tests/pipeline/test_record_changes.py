"""Two runs record by record: every count against plain Python over the same rows, and all of them balance."""

import random
from pathlib import Path

import pandas as pd
import pytest

from dq.pipeline.record_changes import RecordChanges, compare_records

Run = dict[str, tuple[str, str, str]]
"""Record → content, rule it breaks (or empty), golden id."""


def write(folder: Path, run: Run, golden: dict[str, str], loading: dict[str, str]) -> None:
    """Write the tables of a run; `golden` is golden id → city, `loading` golden id → verdict for one target."""
    folder.mkdir()
    rows = [(record, "crm", *rest) for record, rest in run.items()]
    columns = ["record_id", "source", "content", "rule_id", "golden_id"]
    frame = pd.DataFrame(rows, columns=columns, dtype="str")
    frame[["record_id", "source", "content"]].to_parquet(folder / "records.parquet")
    broken = frame.loc[frame["rule_id"] != "", ["record_id", "rule_id"]].assign(severity="warn")
    pd.concat([broken, broken.assign(severity="info", rule_id="other")]).to_parquet(folder / "violations.parquet")
    frame[["record_id", "golden_id"]].to_csv(folder / "crosswalk.csv", index=False)
    customers = pd.DataFrame({"golden_id": list(golden), "city": list(golden.values()), "cluster_size": 1})
    customers.to_parquet(folder / "golden.parquet")
    verdicts = pd.DataFrame({"golden_id": list(loading), "verdict": list(loading.values())}, dtype="str")
    would_load = ~verdicts["verdict"].isin(["reject", "parked"])
    verdicts.assign(target="crm", would_load=would_load).to_parquet(folder / "load_verdicts.parquet")


def cluster_of(run: Run, record: str, among: set[str]) -> frozenset[str]:
    return frozenset(other for other in among if run[other][2] == run[record][2])


def expected_cluster(then: Run, now: Run, record: str, both: set[str]) -> str:
    was, present = cluster_of(then, record, both), cluster_of(now, record, both)
    if was == present:
        return "same"
    return "merged" if was < present else "split" if present < was else "regrouped"


def made_up(chance: random.Random) -> tuple[Run, Run]:
    def one() -> Run:
        records = chance.sample([f"r{number}" for number in range(14)], 10)
        return {r: (chance.choice("ab"), chance.choice(["", "", "zip"]), f"G{chance.randrange(5)}") for r in records}

    return one(), one()


@pytest.mark.parametrize("seed", range(4))
def test_every_count_is_what_plain_python_counts(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    then, now = made_up(chance)
    runs = {"then": then, "now": now}
    golden = {side: {row[2]: chance.choice(["Owego", "Lisle"]) for row in run.values()} for side, run in runs.items()}
    states = {side: {g: chance.choice(["loads", "alters", "reject", "parked"]) for g in golden[side]} for side in runs}
    for side, run in runs.items():
        write(tmp_path / side, run, golden[side], states[side])
    found = compare_records(tmp_path / "then", tmp_path / "now", tmp_path / "lists")
    balances(found)
    both = then.keys() & now.keys()
    assert found.counts["presence"] == {"both": len(both), "new": len(now) - len(both), "gone": len(then) - len(both)}
    assert found.counts["input"]["edited"] == sum(then[r][0] != now[r][0] for r in both)
    assert found.counts["problems"]["fixed"] == sum(bool(then[r][1]) and not now[r][1] for r in both)
    assert found.counts["problems"]["newly_broken"] == sum(bool(now[r][1]) and not then[r][1] for r in both)
    for word in ("same", "merged", "split", "regrouped"):
        assert found.counts["cluster"][word] == sum(expected_cluster(then, now, r, both) == word for r in both), word
    assert found.counts["id"]["changed"] == sum(then[r][2] != now[r][2] for r in both)
    loads = {"loads": "loads", "alters": "loads", "reject": "blocked", "parked": "parked"}
    for move in found.loads:
        asked = (move.then, move.now)
        pairs = [(loads[states["then"][then[r][2]]], loads[states["now"][now[r][2]]]) for r in both]
        assert move.records == pairs.count(asked)
    kept = golden["then"].keys() & golden["now"].keys()
    assert found.golden["changed"] == sum(golden["then"][g] != golden["now"][g] for g in kept)
    assert sum(found.columns.values()) == found.golden["changed"]
    listed = pd.read_csv(tmp_path / "lists" / "golden_values.csv")
    assert len(listed) == found.golden["changed"]
    records = pd.read_csv(tmp_path / "lists" / "records.csv", dtype="str")
    assert records["record_id"].is_unique
    assert records["presence"].ne("both").sum() == len(then.keys() ^ now.keys())
    assert records["cluster"].isin(["merged", "split", "regrouped"]).sum() == sum(
        found.counts["cluster"][word] for word in ("merged", "split", "regrouped")
    )


def balances(found: RecordChanges) -> None:
    both = found.counts["presence"]["both"]
    for kind in ("input", "problems", "cluster", "id"):
        assert sum(found.counts[kind].values()) == both, kind
    assert sum(move.records for move in found.loads) == both
    assert found.then == both + found.counts["presence"]["gone"]
    assert found.now == both + found.counts["presence"]["new"]
