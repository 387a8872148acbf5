"""The engine gives the same parts whatever the workers, and does not repeat what is done."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dq.engine import LocalEngine, Parts, bounds_of, join_parts, read_part, rows_of
from dq.engine.parts import rows_where, to_arrow, write_part
from dq.model import Frames

ROWS = pd.DataFrame({"key": list("dabbbbcaef"), "n": range(10), "nothing": pd.Series([None] * 10, dtype="str")})


def shout(frames: Frames, policy: str) -> Frames:
    rows = frames["rows"]
    return {"loud": pd.DataFrame({"key": rows["key"], "text": rows["key"].str.upper() + policy})}


def count_keys(frames: Frames, policy: None) -> Frames:
    assert policy is None
    return {"counts": frames["rows"].groupby("key", as_index=False)["n"].count()}


def fail(frames: Frames, policy: Path) -> Frames:
    policy.write_text("called")
    raise AssertionError("a part that is done is computed again")


def add_up(frames: Frames, policy: tuple[str, np.ndarray]) -> Frames:
    name, numbers = policy
    return {"sums": pd.DataFrame({name: [int(numbers[frames["rows"]["n"]].sum())]})}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.parquet"
    write_part(path, to_arrow(ROWS))
    return path


def cut(engine: LocalEngine, source: Path) -> Parts:
    query = "SELECT * FROM source"
    return engine.sql(query, {"source": [source]}, ("key", "n"), stage="cut", table="rows", key="key")


@pytest.mark.parametrize("workers", [1, 2])
def test_stages_give_the_same_whatever_the_workers(tmp_path: Path, source: Path, workers: int) -> None:
    with LocalEngine(tmp_path / "work", workers, part_rows=3) as engine:
        parts = cut(engine, source)
        loud = engine.map(shout, parts, "!", stage="shout")
    assert [read_part(part)["loud"]["text"].tolist() for part in loud] == [
        ["A!", "A!", "B!", "B!", "B!", "B!"],
        ["C!", "D!", "E!"],
        ["F!"],
    ]
    assert bounds_of(parts, "rows", "key") == ["b", "e"]
    assert rows_of(parts, "rows") == 10


def test_a_column_without_values_stays_text(tmp_path: Path, source: Path) -> None:
    with LocalEngine(tmp_path / "work") as engine:
        assert read_part(cut(engine, source)[0])["rows"]["nothing"].dtype == "str"


def test_groups_are_whole(tmp_path: Path, source: Path) -> None:
    halves = []
    for index, rows in enumerate((ROWS.iloc[:5], ROWS.iloc[5:])):
        path = tmp_path / f"half-{index}.parquet"
        write_part(path, to_arrow(rows))
        halves.append({"rows": path})
    with LocalEngine(tmp_path / "work", part_rows=3) as engine:
        counted = engine.map_groups(count_keys, halves, "key", None, stage="count")
    counts = pd.concat([read_part(part)["counts"] for part in counted])
    assert dict(zip(counts["key"], counts["n"], strict=True)) == ROWS["key"].value_counts().to_dict()
    assert counts["key"].is_unique


def test_finished_parts_are_not_computed_again(tmp_path: Path, source: Path) -> None:
    with LocalEngine(tmp_path / "work", part_rows=3) as engine:
        first = engine.map(shout, cut(engine, source), "!", stage="shout")
    with LocalEngine(tmp_path / "work", part_rows=3) as engine:
        assert engine.map(fail, cut(engine, source), tmp_path / "called", stage="shout") == first
    assert not (tmp_path / "called").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_function_says_so(tmp_path: Path, source: Path, workers: int) -> None:
    with LocalEngine(tmp_path / "work", workers, part_rows=3) as engine, pytest.raises(AssertionError, match="again"):
        engine.map(fail, cut(engine, source), tmp_path / "called", stage="fail")


def test_parts_cut_differently_are_not_joined(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cut differently"):
        join_parts([{"a": tmp_path}], [])


def test_an_answer_may_stay_in_memory(tmp_path: Path, source: Path) -> None:
    with LocalEngine(tmp_path / "work") as engine:
        answer = engine.frame("SELECT key, sum(n) AS total FROM s GROUP BY key", {"s": [source]}, ("key",))
    assert answer["total"].tolist() == [8, 14, 6, 0, 8, 9]
    assert answer["total"].dtype == "int64"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_large_object_of_several_policies_is_kept_once(tmp_path: Path, source: Path, workers: int) -> None:
    policies = tmp_path / "work" / "policies"
    with LocalEngine(tmp_path / "work", workers, part_rows=3) as engine:
        parts = cut(engine, source)
        with engine.keeping(np.arange(100_000) * 2, "numbers") as numbers:
            made = [engine.map(add_up, parts, (name, numbers), stage=name) for name in ("one", "other")]
            assert max(path.stat().st_size for path in policies.glob("policy-*")) < 1000
        assert not list(policies.glob("numbers-*"))
    for name, sums in zip(("one", "other"), made, strict=True):
        assert [read_part(part)["sums"][name].sum() for part in sums] == [44, 28, 18]


def test_rows_of_a_value_are_read_from_every_file(tmp_path: Path) -> None:
    files = []
    for number, values in enumerate([[0, 0, 2], [], [1, 2, 2]]):
        files.append(tmp_path / f"{number}.parquet")
        numbers = pd.DataFrame({"rule": np.array(values, dtype="int16"), "n": np.arange(len(values)) + 10 * number})
        write_part(files[-1], to_arrow(numbers))
    found = [rows_where(files, "rule", value, ("n",))["n"].to_pylist() for value in range(4)]
    assert found == [[0, 1], [20], [2, 21, 22], []]


def test_rows_made_here_are_kept_once_and_cut(tmp_path: Path) -> None:
    schema = pa.schema({"n": pa.int64()})

    def made() -> list[pa.RecordBatch]:
        return [pa.record_batch([pa.array(range(start, start + 4))], schema=schema) for start in (0, 4)]

    def again() -> list[pa.RecordBatch]:
        raise AssertionError("what is kept is made again")

    with LocalEngine(tmp_path / "work") as engine:
        parts = engine.cut(made, schema, stage="made", table="numbers", rows=3)
        assert engine.cut(again, schema, stage="made", table="numbers") == parts
        nothing = engine.cut(list, schema, stage="made", table="nothing")
    assert [read_part(part)["numbers"]["n"].tolist() for part in parts] == [[0, 1, 2], [3, 4, 5], [6, 7]]
    assert [read_part(part)["nothing"]["n"].tolist() for part in nothing] == [[]]


def test_processes_rest_and_are_warmed_where_they_are_used(tmp_path: Path, source: Path) -> None:
    with LocalEngine(tmp_path / "work", 2, part_rows=3) as engine:
        parts = cut(engine, source)
        engine.warm(shout, parts)
        before = engine.map(shout, parts, "!", stage="before")
        engine.rest()
        after = engine.map(shout, parts, "!", stage="after")
        engine.warm(shout, parts[:1])
    loud, again = ([read_part(part)["loud"].to_dict() for part in made] for made in (before, after))
    assert loud == again


def test_stages_beside_each_other_report_one_at_a_time(tmp_path: Path, source: Path) -> None:
    told: list[tuple[str, int, int]] = []
    working = threading.Lock()

    def report(stage: str, done: int, total: int) -> None:
        assert working.acquire(blocking=False), "two stages reported at once"
        time.sleep(0.002)
        told.append((stage, done, total))
        working.release()

    with LocalEngine(tmp_path / "work", workers=1, report=report, part_rows=3) as engine:
        parts = cut(engine, source)
        with ThreadPoolExecutor(4) as beside:
            made = [beside.submit(engine.map, shout, parts, "!", stage=f"shout{number}") for number in range(4)]
            assert len({rows_of(one.result(), "loud") for one in made}) == 1
    assert sorted(told) == [(f"shout{n}", done + 1, len(parts)) for n in range(4) for done in range(len(parts))]
