"""Decisions applied to a finished run give what a whole run with them gives, byte for byte."""

import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dq.errors import SourceError
from dq.model import JUDGEMENTS_TABLE, OVERRIDES, TEXT
from dq.pipeline import run_all, run_apply
from dq.pipeline.applying import Base, base_of, full_plan, only_decisions, plan_of, settings_for
from dq.pipeline.listening import Silence
from dq.pipeline.plan import RunPlan
from dq.settings import load_settings
from dq.tables.writing import write_csv_for_people
from tests.finished import FinishedRun
from tests.pipeline.runs import CONVERSION, differences, table
from tests.pipeline.runs import plan_of as whole_plan

Pair = tuple[str, str, str]
"""One record, another one, the judgement."""


def judge(path: Path, pairs: Sequence[Pair]) -> Path:
    """Write judgements, the later ones last."""
    rows = [
        {
            "judgement_id": f"J{number:04d}",
            "record_id_l": left,
            "record_id_r": right,
            "judgement": judgement,
            "by": "ann",
            "judged_at": f"2026-11-21T10:00:{number:02d}Z",
        }
        for number, (left, right, judgement) in enumerate(pairs)
    ]
    return written(path, rows, list(JUDGEMENTS_TABLE.columns))


def pin(path: Path, values: Sequence[tuple[str, str, str]]) -> Path:
    """Write pinned values: record, column, value."""
    rows = [{"record_id": r, "column": c, "value": v, "by": "ann", "at": "2026-11-21T10:00:00Z"} for r, c, v in values]
    return written(path, rows, list(OVERRIDES.columns))


def written(path: Path, rows: Sequence[dict[str, str]], columns: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv_for_people(pd.DataFrame(rows, columns=columns).astype(TEXT), path, columns)
    return path


def planned(base: Base, out: Path, judgements: Path, overrides: Path) -> RunPlan:
    return plan_of(base, out, settings_for(base, load_settings()), judgements, overrides, workers=1)


def applied(folder: Path, given: Path, pairs: Sequence[Pair], values: Sequence[tuple[str, str, str]]) -> RunPlan:
    base = base_of(given)
    plan = planned(base, folder / "applied", judge(folder / "j.csv", pairs), pin(folder / "o.csv", values))
    run_apply(base, plan, Silence())
    return plan


def both(folder: Path, given: Path, pairs: Sequence[Pair], values: Sequence[tuple[str, str, str]]) -> Path:
    """Apply decisions and run in full with them; assert that both folders are the same and return one."""
    plan = applied(folder, given, pairs, values)
    run_all(replace(full_plan(base_of(given), plan), out=folder / "whole"), Silence())
    assert differences(folder / "applied", folder / "whole") == []
    one, other = (json.loads((folder / name / "manifest.json").read_text()) for name in ("applied", "whole"))
    assert {name: one[name] for name in ("run_key", "ledger", "rows")} == {
        name: other[name] for name in ("run_key", "ledger", "rows")
    }
    return folder / "applied"


def draw(chance: random.Random, out: Path, kept: Sequence[Pair]) -> list[Pair]:
    """Draw judgements: pairs the machine was sure of, pairs it asked about, strangers, a record that is gone."""
    pairs = table(out, "pairs.parquet")[["record_id_l", "record_id_r"]].to_numpy().tolist()
    record_ids = table(out, "crosswalk.csv")["record_id"].tolist()
    strangers = [sorted(chance.sample(record_ids, 2)) for _ in range(6)]
    drawn = [*chance.sample(pairs, 10), *strangers, [chance.choice(record_ids), "web_signups:gone"]]
    words = ("SAME", "SAME", "DIFFERENT", "DIFFERENT", "UNSURE")
    return [*kept, *((min(pair), max(pair), chance.choice(words)) for pair in drawn)]


def test_any_decisions_give_what_a_whole_run_gives(sample_run: FinishedRun, tmp_path: Path) -> None:
    """Two nights of drawn decisions: the second takes half of the first back, so that what was merged comes apart."""
    chance = random.Random(5)
    first = draw(chance, sample_run.out, [])
    record_ids = table(sample_run.out, "crosswalk.csv")["record_id"].tolist()
    columns = ("city", "phone", "is_deceased", "email", "no_such_column")
    values = [(chance.choice(record_ids), column, "true") for column in columns]
    one = applied(tmp_path / "one", sample_run.out, first, values).out
    second = both(tmp_path / "two", one, draw(chance, one, chance.sample(first, len(first) // 2)), values[2:])
    assert {"merged_into", "split_from"} <= set(table(second, "golden_events.csv")["event"])


def test_a_merge_a_split_and_a_pin_and_all_taken_back(sample_run: FinishedRun, tmp_path: Path) -> None:
    crosswalk = table(sample_run.out, "crosswalk.csv")
    alone = crosswalk.loc[crosswalk["cluster_size"] == "1", "record_id"].tolist()[:2]
    together = crosswalk.loc[crosswalk["cluster_size"] == "2"].head(2)["golden_id"].tolist()[0]
    merged = crosswalk.loc[crosswalk["golden_id"] == together, "record_id"].tolist()
    pairs = [(alone[0], alone[1], "SAME"), (merged[0], merged[1], "DIFFERENT")]
    new = applied(tmp_path / "new", sample_run.out, pairs, [(alone[0], "city", "SPRINGFIELD")]).out
    ids = table(new, "crosswalk.csv").set_index("record_id")["golden_id"]
    assert ids[alone[0]] == ids[alone[1]]
    assert ids[merged[0]] != ids[merged[1]]
    golden = table(new, "golden.parquet").set_index("golden_id")
    assert golden.at[ids[alone[0]], "city"] == "SPRINGFIELD"
    events = table(new, "golden_events.csv").set_index("event")["golden_id"]
    assert {"merged_into", "split_from"} == set(events.index)
    back = applied(tmp_path / "back", new, [], []).out
    assert set(differences(sample_run.out, back)) == {"golden_events.csv"}


def test_more_than_decisions_is_refused_and_named(sample_run: FinishedRun, tmp_path: Path) -> None:
    shutil.copytree(sample_run.out, tmp_path / "base")
    manifest = json.loads((tmp_path / "base" / "manifest.json").read_text())
    source = tmp_path / "billing.csv"
    source.write_text("id,name\n1,Ann\n")
    manifest["read_from"]["sources"]["billing"] = str(source)
    (tmp_path / "base" / "manifest.json").write_text(json.dumps(manifest))
    base = base_of(tmp_path / "base")
    plan = planned(base, tmp_path / "new", judge(tmp_path / "j.csv", []), pin(tmp_path / "o.csv", []))
    with pytest.raises(SourceError, match="the source billing holds other data"):
        run_apply(base, plan, Silence())
    other = replace(plan.settings, key=b"the secret of another home")
    with pytest.raises(SourceError, match="the home has another key"):
        run_apply(base, replace(plan, settings=other), Silence())
    assert not (tmp_path / "new").exists()
    (tmp_path / "base" / "kept" / "state.json").unlink()
    with pytest.raises(SourceError, match="keeps nothing"):
        base_of(tmp_path / "base")


def test_a_nightly_run_applies_where_nothing_but_decisions_changed(sample_run: FinishedRun, tmp_path: Path) -> None:
    judgements = judge(tmp_path / "j.csv", [("billing:1", "billing:2", "DIFFERENT")])
    plan = whole_plan(
        sample_run.sources, tmp_path / "out", conversion=CONVERSION, previous=sample_run.out, judgements=judgements
    )
    found = only_decisions(plan)
    assert found is not None
    assert found.folder == sample_run.out
    assert only_decisions(replace(plan, as_of=plan.as_of.replace(day=22))) is None
    assert only_decisions(replace(plan, match_at="balanced")) is None
    assert only_decisions(replace(plan, sources=plan.sources[:2])) is None
    assert only_decisions(replace(plan, previous=None)) is None
