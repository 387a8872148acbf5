"""A run held against targets: what lands in its folder, the account and the scorecard."""

import json

import pandas as pd

from tests.finished import FinishedRun


def test_verdicts_land_in_the_folder_the_account_and_the_scorecard(sample_run: FinishedRun) -> None:
    out = sample_run.out
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    golden = pd.read_parquet(out / "golden.parquet")
    blockers, verdicts = pd.read_parquet(out / "blockers.parquet"), pd.read_parquet(out / "load_verdicts.parquet")
    for account in manifest["conversion"]:
        assert account["customers"] == len(golden)
        assert account["customers"] == account["would_load"] + account["blocked"] + account["parked"]
        own = verdicts.loc[verdicts["target"].eq(account["target"])]
        refused = own.loc[~own["would_load"], "golden_id"].dropna().nunique()
        assert refused == account["blocked"]
    assert set(zip(blockers["target"], blockers["row_id"], strict=True)) <= set(
        zip(verdicts["target"], verdicts["row_id"], strict=True)
    )
    card = json.loads((out / "scorecard.json").read_text(encoding="utf-8"))
    told = {rule["rule_id"] for rule in card["rules"] if rule["dimension"] == "conformity"}
    assert set(blockers["rule_id"]) <= told
    assert card["loads"] == [target["headline"] for target in json.loads((out / "readiness.json").read_text("utf-8"))]


def test_households_get_an_account_of_their_own(sample_run: FinishedRun) -> None:
    verdicts = pd.read_parquet(sample_run.out / "load_verdicts.parquet")
    own = verdicts.loc[verdicts["target"].eq("salesforce")]
    accounts, contacts = own.loc[own["object"].eq("Account")], own.loc[own["object"].eq("Contact")]
    assert contacts["parent_row_id"].notna().all()
    homes = accounts.loc[accounts["row_id"].str.startswith("H:")]
    assert len(homes)
    assert homes[["golden_id", "record_id"]].isna().all().all()
    assert set(homes["row_id"]) == {parent for parent in contacts["parent_row_id"] if parent.startswith("H:")}
