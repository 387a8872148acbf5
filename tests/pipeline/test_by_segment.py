"""What rules came to by segment: the same units as over all, cut by what each record says once standardised."""

import pandas as pd

from tests.finished import FinishedRun

KEYS = ["rule_id", "source", "department"]
NUMBERS = ["evaluated", "failed"]


def test_segments_sum_to_what_rules_came_to(sample_run: FinishedRun) -> None:
    results, cut, records, violations = (
        pd.read_parquet(sample_run.out / f"{name}.parquet")
        for name in ("results", "segment_results", "records", "violations")
    )
    of_records = results[results["source"].notna() & (results["evaluated"] > 0)]
    # A source, and a row of a child table whose record is missing, have no state.
    without = {"source_keeps_its_contract", *results["rule_id"][results["rule_id"].str.startswith("attached_")]}
    of_records = of_records[~of_records["rule_id"].isin(without)]
    expected = of_records.fillna({"department": ""}).groupby(KEYS)[NUMBERS].sum()
    assert len(expected) > 30
    for column in ("state", "party_type"):
        mine = cut[cut["segment"].str.startswith(f"{column}=")]
        summed = mine.fillna({"department": ""}).groupby(KEYS)[NUMBERS].sum()
        assert summed.loc[summed.index.isin(expected.index)].equals(expected), column
        placed = violations.merge(records[["record_id", column]], on="record_id")
        segment = f"{column}=" + placed[column].fillna("")
        found = placed.assign(segment=segment).groupby(["rule_id", "source", "segment"]).size()
        failed = mine[mine["failed"] > 0].groupby(["rule_id", "source", "segment"])["failed"].sum()
        assert found.to_dict() == failed.to_dict(), "each failing row is counted where its record is"
