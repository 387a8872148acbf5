"""Doubtful addresses as questions: one each, with both readings, the same id every time."""

from dq.address.doubts import doubt_cases
from tests.address.test_applying import standardized


def test_only_doubtful_addresses_become_cases() -> None:
    points = standardized("12 OAK ST", "COLLEGE HILL & VALLEY RDS")
    assert points["address_outcome"].tolist() == ["consistent", "parse_doubt"]
    cases = doubt_cases(points)
    assert cases[["kind", "record_id", "contact_point_id"]].values.tolist() == [
        ["address_doubt", "crm:1", "crm:1|address|1"]
    ]
    assert "read as: street COLLEGE HILL & VALLEY" in cases["evidence"][0]
    assert doubt_cases(points.iloc[::-1])["case_id"].tolist() == cases["case_id"].tolist()


def test_no_doubt_no_case() -> None:
    assert doubt_cases(standardized("12 OAK ST")).empty
