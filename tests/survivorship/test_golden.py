"""Golden values come from the records, the rule that decided is named, and nothing that lost is gone."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.model import OVERRIDES
from dq.settings import load_settings
from dq.standards import load_standards
from dq.survivorship import SurvivePolicy, survive
from tests.survivorship.frames import points_of, records_of

STANDARDS = load_standards(load_settings(Path("/")).standards, load_settings(Path("/")).expectations)
NO_OVERRIDES = pd.DataFrame(columns=list(OVERRIDES.columns), dtype="str")
POLICY = SurvivePolicy(STANDARDS.survivorship, {"crm": 1, "web": 2}, NO_OVERRIDES)
NO_POINTS = points_of([])


def golden_of(*rows: dict[str, object], policy: SurvivePolicy = POLICY) -> tuple[pd.Series, pd.DataFrame]:
    records = records_of([{"golden_id": "G1", "source": "web", "party_type": "person", **row} for row in rows])
    frames = survive({"records": records, "contact_points": NO_POINTS}, policy)
    assert len(frames["golden"]) == 1
    return frames["golden"].iloc[0], frames["provenance"].set_index("column")


def test_a_trusted_source_wins_and_the_loser_is_kept() -> None:
    golden, provenance = golden_of(
        {"record_id": "web:1", "organization_name": "Acme Corporation", "updated_at": "2026-01-01T00:00:00Z"},
        {"record_id": "crm:1", "source": "crm", "organization_name": "Acme Corp"},
    )
    assert golden["organization_name"] == "Acme Corp"
    assert provenance.at["organization_name", "rule"] == "most_trusted_source"
    assert json.loads(provenance.at["organization_name", "alternates"]) == [
        {"value": "Acme Corporation", "record_ids": ["web:1"]}
    ]


def test_an_address_survives_whole() -> None:
    golden, _ = golden_of(
        {"record_id": "web:1", "address_line1": "1 OAK ST", "address_outcome": "consistent", "city": "SALEM"},
        {"record_id": "web:2", "address_line1": "2 ELM ST", "address_outcome": "zip_invalid", "zip5": "00000"},
    )
    assert (golden["address_line1"], golden["city"]) == ("1 OAK ST", "SALEM")
    assert pd.isna(golden["zip5"])


def test_an_address_is_not_won_by_a_record_that_has_only_a_country() -> None:
    golden, _ = golden_of(
        {"record_id": "crm:1", "source": "crm", "country": "US", "address_outcome": "missing"},
        {"record_id": "web:2", "address_line1": "2 ELM ST", "country": "US", "address_outcome": "unverified"},
    )
    assert golden["address_line1"] == "2 ELM ST"


def test_a_full_name_is_more_complete_than_an_initial_with_a_title() -> None:
    golden, _ = golden_of(
        {"record_id": "web:1", "prefix": "Ms.", "first_name": "R", "last_name": "Manning"},
        {"record_id": "web:2", "first_name": "Rhonda", "last_name": "Manning"},
        {"record_id": "web:3", "first_name": "Rhonda", "middle_name": "K", "last_name": "Manning"},
    )
    assert (golden["first_name"], golden["middle_name"]) == ("Rhonda", "K")


def test_the_rest_of_a_group_survives_where_nobody_has_what_it_needs() -> None:
    golden, provenance = golden_of({"record_id": "web:1", "state": "MA"}, {"record_id": "web:2", "country": "US"})
    assert golden["state"] == "MA"
    assert "US" in provenance.at["country", "alternates"]


def test_a_doubted_value_loses_to_a_valid_one() -> None:
    golden, provenance = golden_of(
        {"record_id": "crm:1", "source": "crm", "tax_id": "000000000", "flags": "tax_id:placeholder"},
        {"record_id": "web:2", "tax_id": "12-3456789"},
    )
    assert golden["tax_id"] == "12-3456789"
    assert provenance.at["tax_id", "rule"] == "valid_first"


def test_extremes_are_taken_by_value() -> None:
    golden, _ = golden_of(
        {
            "record_id": "web:1",
            "created_at": "2020-05-01T00:00:00Z",
            "value_amount": "9",
            "updated_at": "2021-01-01T00:00:00Z",
        },
        {
            "record_id": "web:2",
            "created_at": "2019-05-01T00:00:00Z",
            "value_amount": "100",
            "updated_at": "2020-01-01T00:00:00Z",
        },
    )
    assert golden["created_at"] == "2019-05-01T00:00:00Z"
    assert golden["updated_at"] == "2021-01-01T00:00:00Z"
    assert golden["value_amount"] == "100"


def test_columns_nobody_knows_survive_with_provenance() -> None:
    golden, provenance = golden_of(
        {"record_id": "web:1", "extra.Shoe Size": "44"}, {"record_id": "web:2", "extra.Shoe Size": "45"}
    )
    assert golden["extra.Shoe Size"] == "44"
    assert provenance.at["extra.Shoe Size", "rule"] == "smallest_record_id"
    assert "45" in provenance.at["extra.Shoe Size", "alternates"]


def test_owners_survive_by_rule_with_provenance() -> None:
    golden, provenance = golden_of(
        {"record_id": "web:1", "owner": "lee", "department": "west"},
        {"record_id": "crm:1", "source": "crm", "owner": "kim"},
    )
    assert (golden["owner"], golden["department"]) == ("kim", "west")
    assert provenance.at["owner", "rule"] == "most_trusted_source"
    assert "lee" in provenance.at["owner", "alternates"]


def test_an_override_stands_above_all_rules_and_keeps_what_it_replaced() -> None:
    overrides = pd.DataFrame(
        [
            {
                "record_id": "web:1",
                "column": "city",
                "value": "SALEM",
                "reason": "called",
                "by": "m",
                "at": "2026-01-02",
            },
            {"record_id": "web:1", "column": "city", "value": "DOVER", "reason": "typo", "by": "m", "at": "2026-01-01"},
        ]
    )
    policy = SurvivePolicy(STANDARDS.survivorship, {}, overrides)
    rows = ({"record_id": "web:1", "city": "A"}, {"record_id": "web:2", "city": "B"})
    golden, provenance = golden_of(*rows, policy=policy)
    assert golden["city"] == "SALEM"
    assert provenance.at["city", "rule"] == "override"
    assert {entry["value"] for entry in json.loads(provenance.at["city", "alternates"])} == {"A", "B"}
    alone, provenance = golden_of(rows[0], policy=policy)
    assert alone["city"] == "SALEM"
    assert json.loads(provenance.at["city", "alternates"]) == [{"value": "A", "record_ids": ["web:1"]}]


names = st.sampled_from(["Ann", "Anna", "ANN", "Bob", None])
rows = st.fixed_dictionaries(
    {
        "golden_id": st.sampled_from([f"G{number}" for number in range(1, 10)]),
        "source": st.sampled_from(["crm", "web"]),
        "first_name": names,
        "last_name": st.sampled_from(["Smith", "Smyth", None]),
        "city": st.sampled_from(["X", "Y", None]),
        "address_line1": st.sampled_from(["1 OAK ST", None]),
        "address_outcome": st.sampled_from(["consistent", "missing", None]),
        "updated_at": st.sampled_from(["2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", None]),
        "extra.x": st.sampled_from(["1", "2", None]),
    }
)


# A hundred columns are chosen in each example, two times: what an example costs are columns, not records.
@settings(max_examples=12)
@given(st.lists(rows, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_no_golden_value_is_invented_or_lost_and_order_is_irrelevant(listed: list[dict[str, object]], random) -> None:  # type: ignore[no-untyped-def]
    numbered = [{"record_id": f"s:{n:02}", "party_type": "person", **row} for n, row in enumerate(listed)]
    records = records_of(numbered)
    frames = survive({"records": records, "contact_points": NO_POINTS}, POLICY)
    shuffled = list(numbered)
    random.shuffle(shuffled)
    again = survive({"records": records_of(shuffled), "contact_points": NO_POINTS}, POLICY)
    pd.testing.assert_frame_equal(frames["golden"], again["golden"])
    pd.testing.assert_frame_equal(frames["provenance"], again["provenance"])
    golden = frames["golden"].set_index("golden_id")
    assert set(golden.index) == set(records["golden_id"])
    for column in ("first_name", "last_name", "city", "address_line1", "extra.x"):
        for golden_id, members in records.groupby("golden_id"):
            values = set(members[column].dropna())
            kept = golden.at[golden_id, column]
            lost = _alternates(frames["provenance"], str(golden_id), column)
            assert pd.isna(kept) or kept in values
            assert values == ({kept} if pd.notna(kept) else set()) | lost


def _alternates(provenance: pd.DataFrame, golden_id: str, column: str) -> set[str]:
    found = provenance.loc[(provenance["golden_id"] == golden_id) & (provenance["column"] == column), "alternates"]
    return {entry["value"] for text in found.dropna() for entry in json.loads(text)}


@pytest.mark.parametrize("column", ["golden_id", "cluster_size"])
def test_an_override_cannot_touch_identity(column: str) -> None:
    overrides = pd.DataFrame(
        [{"record_id": "web:1", "column": column, "value": "9", "reason": "", "by": "m", "at": "2026-01-02"}]
    )
    golden, _ = golden_of({"record_id": "web:1"}, policy=SurvivePolicy(STANDARDS.survivorship, {}, overrides))
    assert golden[column] in ("G1", 1)


@pytest.mark.parametrize(("value", "is_deceased"), [("no", False), ("false", False), ("yes", True)])
def test_a_person_decides_who_is_alive(value: str, is_deceased: bool) -> None:
    pin = {"record_id": "web:2", "column": "is_deceased", "value": value, "reason": "", "by": "m", "at": "2026-01-02"}
    policy = SurvivePolicy(STANDARDS.survivorship, {}, pd.DataFrame([pin]))
    golden, provenance = golden_of(
        {"record_id": "web:1", "is_deceased": not is_deceased}, {"record_id": "web:2"}, policy=policy
    )
    assert bool(golden["is_deceased"]) is is_deceased
    assert pd.isna(golden["do_not_mail"]) is not is_deceased
    assert provenance.at["is_deceased", "rule"] == "override"
