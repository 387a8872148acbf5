"""No pair weighs more than its bound, so that leaving out what cannot matter changes nothing."""

import csv
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dq.matching import compare_pairs, encoded, match_features
from dq.matching.reachable import reachable_organizations, reachable_persons
from tests.matching.runs import match_policy, points_of, records_of, row_policy

CASES = list(csv.DictReader((Path(__file__).parents[1] / "cases" / "match_levels.csv").open(encoding="utf-8")))
MORE = {
    "first_name": ["John", "Smith", "Ana", "Anna", "Мария"],
    "middle_name": ["J", "John", "Ana"],
    "last_name": ["Smith", "Smyth", "Smith-Baker", "John", "Zywicki"],
    "extra.MAIDEN": ["Baker", "White"],
    "extra.passport": ["X1234567", "X1234568"],
    "tax_id": ["123456789", "123456798", "12345678"],
    "address_line1": ["12 Oak St", "12 N Oak St", "12 Oakk St", "13 Oak St", "PO Box 12", "Oak St", "12 Oak St Apt 4"],
    "zip5": ["94103", "94130", "94601", "93720", "10001"],
    "city": ["San Francisco", "San Fransisco", "Reno"],
    "state": ["CA", "NV"],
    "website": ["acme.com", "acme.org", "mainstreetgrill.com"],
    "duns": ["123456789", "123456780"],
}


@pytest.fixture(scope="module")
def features() -> pd.DataFrame:
    """Return what people and companies look like who agree here and there, in every way the ladders tell apart."""
    pools: dict[str, set[str]] = {name: set(values) for name, values in MORE.items()}
    for case in CASES:
        pools.setdefault(case["column"], set()).update(value for value in (case["left"], case["right"]) if value)
    chance = np.random.default_rng(7)
    rows, points = [], []
    for n in range(260):
        part = "#organization" if n % 9 == 2 else ""
        row: dict[str, str | None] = {"record_id": f"{'ab'[n % 2]}:{n:04d}{part}"}
        row["party_type"] = ("person", "person", "organization")[n % 3]
        for column, values in sorted(pools.items()):
            if chance.random() < (0.25 if column.startswith("extra") else 0.6):
                row[column] = str(chance.choice(sorted(values)))
        rows.append(row)
        for kind in ("phone", "email"):
            if chance.random() < 0.4:
                value = str(chance.choice(sorted(pools[kind])))
                points.append({"record_id": row["record_id"], "kind": kind, kind: value})
    tables = {"records": records_of(rows), "contact_points": points_of(points)}
    made = match_features(tables, row_policy())["features"]
    return made.sort_values("record_id", ignore_index=True)


@pytest.mark.parametrize("match_at", ["safe", "balanced"])
def test_what_is_left_out_would_not_have_been_kept(features: pd.DataFrame, match_at: str) -> None:
    policy = replace(match_policy(match_at), known=encoded(features.__getitem__, row_policy().standards))
    pairs = pd.DataFrame(list(combinations(range(len(features)), 2)), columns=["index_l", "index_r"]).assign(rule=-1)
    everything = compare_pairs({"pairs": pairs}, replace(policy, keep_all=True))["pairs"]
    kept = compare_pairs({"pairs": pairs}, policy)["pairs"]
    wanted = everything["outcome"].ne("non_match") | everything["match_weight"].ge(policy.thresholds.review_threshold)
    vetoed = everything["veto"].eq("other_given_name")
    assert wanted.sum() > 100
    assert not kept.duplicated(["record_id_l", "record_id_r"]).any()
    pd.testing.assert_frame_equal(kept, everything[wanted | vetoed].reset_index(drop=True))


def test_no_pair_weighs_more_than_its_bound(features: pd.DataFrame) -> None:
    known = encoded(features.__getitem__, row_policy().standards)
    pairs = pd.DataFrame(list(combinations(range(len(features)), 2)), columns=["index_l", "index_r"]).assign(rule=-1)
    policy = replace(match_policy(keep_all=True), known=known)
    compared = compare_pairs({"pairs": pairs}, policy)["pairs"]
    weights = (compared["match_weight"] - compared["ceiling_weight"].fillna(0.0)).to_numpy(dtype=np.float64)
    left, right = (pairs[name].to_numpy(dtype=np.int64) for name in ("index_l", "index_r"))
    persons = known.is_person[left] & known.is_person[right]
    for rows, reachable in (
        (np.flatnonzero(persons), lambda *args: reachable_persons(*args, relatives=False)),
        (np.flatnonzero(~persons), reachable_organizations),
    ):
        given = known, left[rows], right[rows], policy.matching, None
        assert reachable(*given, weights[rows]).all()
        assert reachable(*given, weights[rows] + 12).mean() < 0.7
