"""Findings put onto addresses: which one wins, what it alters, and that every alteration is listed."""

import json
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq import model
from dq.address.applying import EvidencePolicy, apply_findings, best_findings, months_old
from dq.address.findings import FINDINGS, GRADES, address_key, name_key
from dq.address.standardize import standardize_addresses
from tests.address.policies import addresses, policy

EVIDENCE = EvidencePolicy(policy().standards, date(2026, 11, 22))


def standardized(*lines: str) -> pd.DataFrame:
    """Return standardised addresses in Springfield with their keys."""
    rows = [{"address_line1": line, "city": "SPRINGFIELD", "state": "IL", "zip5": "62704"} for line in lines]
    points, _ = standardize_addresses(addresses(*rows), policy())
    empty = pd.Series(pd.NA, index=points.index, dtype=model.TEXT)
    return points.assign(address_key=address_key(points), delivery_point=empty, verified_on=empty)


def findings(points: pd.DataFrame, *rows: dict[str, object]) -> pd.DataFrame:
    """Return findings; a row's `at` says which address it is about."""
    filled = [{"address_key": points["address_key"].iloc[int(str(row.pop("at", 0)))], **row} for row in rows]
    return pd.DataFrame(filled, columns=list(FINDINGS)).astype(model.TEXT)


def test_the_best_source_wins_then_the_newest() -> None:
    points = standardized("12 OAK ST")
    given = findings(
        points,
        {"source": "usps_zip4", "evidence_on": "2026-10-15", "outcome": "range_only", "zip4": "1111"},
        {"source": "bureau", "evidence_on": "2026-01-01", "outcome": "vacant", "zip4": "2222"},
        {"source": "bureau", "evidence_on": "2026-03-01", "outcome": "confirmed", "zip4": "3333"},
        {"source": "bureau", "evidence_on": "2026-09-01", "outcome": "moved", "name_key": "x"},
        {"source": "census", "evidence_on": "2026-11-01"},
    )
    assert best_findings(given)[["source", "zip4"]].values.tolist() == [["bureau", "3333"]]
    assert best_findings(given.iloc[::-1])["zip4"].tolist() == ["3333"]


def test_an_address_takes_outcome_plus4_and_evidence() -> None:
    points = standardized("12 OAK ST", "14 OAK ST")
    said = {"source": "usps_zip4", "evidence_on": "2026-08-15", "outcome": "confirmed", "zip4": "1234"}
    result, changes = apply_findings(points, findings(points, said | {"delivery_point": "128"}), EVIDENCE)
    first, second = result.to_dict("records")
    assert (first["address_outcome"], first["zip4"], first["delivery_point"]) == ("confirmed", "1234", "128")
    assert first["address_evidence"] == "usps_zip4:2026-08-15 age:3mo geonames:zip+city+state"
    assert first["verified_on"] == "2026-08-15"
    assert first["address_confidence"] >= 0.99
    assert second == points.to_dict("records")[1] | {"address_confidence": second["address_confidence"]}
    assert changes[["record_id", "column", "after", "reason"]].values.tolist() == [
        ["crm:0", "zip4", "1234", "zip4_added"]
    ]


def test_corrections_are_written_parsed_again_and_listed() -> None:
    points = standardized("12 OKA ST")
    why = [["address_line1", "12 OKA ST", "12 OAK ST", "street_spelling"], ["zip5", "62704", "62703", "zip_recovered"]]
    said = {"source": "usps_zip4", "evidence_on": "2026-08", "outcome": "range_only", "corrections": json.dumps(why)}
    result, changes = apply_findings(points, findings(points, said), EVIDENCE)
    row = result.iloc[0]
    assert (row["address_line1"], row["addr_street"], row["zip5"]) == ("12 OAK ST", "OAK", "62703")
    assert changes[["column", "before", "after", "reason"]].values.tolist() == why


def test_a_doubtful_reading_stays_a_doubt_where_nothing_was_found() -> None:
    points = standardized("12 OAK ST").assign(address_outcome="parse_doubt")
    said = {"source": "usps_zip4", "evidence_on": "2026-08", "outcome": "street_not_found"}
    assert apply_findings(points, findings(points, said), EVIDENCE)[0]["address_outcome"].tolist() == ["parse_doubt"]


@pytest.mark.parametrize(
    ("evidence_on", "months"),
    [("2026-11-22", 0), ("2026-10-23", 0), ("2026-10-22", 1), ("2026-08", 3), ("2027-01-01", 0), ("soon", None)],
)
def test_months_old(evidence_on: str, months: int | None) -> None:
    assert months_old(evidence_on, date(2026, 11, 22)) == months


@given(
    st.lists(
        st.tuples(st.sampled_from(GRADES), st.sampled_from(model.ADDRESS_OUTCOMES), st.sampled_from(["1111", "2222"])),
        min_size=1,
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_findings_is_irrelevant(said: list[tuple[str, str, str]], chance: object) -> None:
    points = standardized("12 OAK ST")
    rows = [{"source": s, "outcome": o, "zip4": z, "evidence_on": "2026-01-01"} for s, o, z in said]
    given_rows = findings(points, *rows)
    shuffled = given_rows.sample(frac=1, random_state=chance.randrange(1000))  # type: ignore[attr-defined]
    one, other = best_findings(given_rows), best_findings(shuffled)
    assert one.fillna("").values.tolist() == other.fillna("").values.tolist()


def test_keys_ignore_case_and_plus4_and_are_null_for_nothing() -> None:
    points = standardized("12 Oak St", "12 OAK ST", "14 OAK ST")
    keys = address_key(points.assign(zip4=["1111", None, None]))
    assert keys[0] == keys[1] != keys[2]
    empty = pd.DataFrame(pd.NA, index=[7], columns=list(model.ADDRESS_COLUMNS), dtype=model.TEXT)
    assert address_key(empty).isna().tolist() == [True]
    assert name_key(pd.Series(["SMITH|ANN", "Smith|Ann", None])).isna().tolist() == [False, False, True]
