"""Tiny inputs with a known answer (`tests/cases/scenarios/`), through the whole job."""

import json
from pathlib import Path

import pandas as pd
import pytest

from dq.pipeline import run_match
from dq.pipeline.listening import Silence
from tests.pipeline.runs import lost_values, plan_of, run, table

SCENARIOS = Path(__file__).parents[1] / "cases" / "scenarios"


@pytest.fixture(scope="module")
def split_and_join(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run([f"crm={SCENARIOS / 'split_and_join'}"], tmp_path_factory.mktemp("split") / "out").out


def customers(out: Path) -> dict[str, str]:
    """Return record_id without its table → golden_id."""
    rows = table(out, "crosswalk.csv")
    return dict(zip(rows["source_key"], rows["golden_id"], strict=True))


def test_two_accounts_become_one_and_one_stays(split_and_join: Path) -> None:
    golden = customers(split_and_join)
    assert golden["A1"] == golden["A2"] != golden["A3"]


def test_both_names_of_the_joined_account_are_kept(split_and_join: Path) -> None:
    rows = table(split_and_join, "golden.parquet").set_index("golden_id")
    account = rows.loc[customers(split_and_join)["A1"]]
    provenance = table(split_and_join, "provenance.parquet")
    told = provenance.loc[provenance["golden_id"] == account.name, ["value", "alternates"]].to_json(force_ascii=False)
    for name in ("Kwan Enterprises LLC", "Sunrise Caf"):
        assert name in account.to_json(force_ascii=False) or name in told


def test_mary_is_there_once_under_the_survivor(split_and_join: Path) -> None:
    golden = customers(split_and_join)
    assert golden["C1"] == golden["C2"]
    relations = table(split_and_join, "golden_relations.parquet")
    of_mary = relations.loc[relations["from_golden_id"] == golden["C1"]]
    assert of_mary["to_golden_id"].tolist() == [golden["A1"]]


def test_the_contact_without_account_is_flagged(split_and_join: Path) -> None:
    violations = table(split_and_join, "violations.parquet")
    flagged = violations.loc[violations["rule_id"] == "contact_has_an_account", "record_id"]
    assert flagged.tolist() == ["crm/contacts:C3"]


def test_six_rows_balance(split_and_join: Path) -> None:
    ledger = json.loads((split_and_join / "manifest.json").read_text())["ledger"]["sources"]["crm"]
    assert {term: count for term, count in ledger.items() if count} == {"read": 6, "kept": 4, "merged": 2}


def test_every_value_is_findable(split_and_join: Path) -> None:
    assert lost_values([SCENARIOS / "split_and_join"], split_and_join) == {}


def test_no_wrong_merge(tmp_path: Path) -> None:
    source = SCENARIOS / "no_wrong_merge.csv"
    out = run_match(plan_of([source], tmp_path / "out", match_at="safe"), Silence()).out
    customers = table(out, "crosswalk.csv")
    assert set(customers["cluster_size"]) == {"1"}
    assert customers["golden_id"].nunique() == len(pd.read_csv(source))
