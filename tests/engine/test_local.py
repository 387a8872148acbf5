"""The engine gives the same parts whatever the workers, and does not repeat what is done."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dq.engine import LocalEngine, Parts, bounds_of, join_parts, read_part, rows_of
from dq.engine.parts import to_arrow, write_part
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
