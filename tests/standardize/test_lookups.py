"""Lookups: which values they replace, and where."""

from dq.standardize.lookups import apply_lookups
from dq.standards.lookups import Lookup
from tests.standardize.policies import frame


def entry(column: str, value: str, becomes: str, source: str = "") -> Lookup:
    return Lookup(column=column, value=value, becomes=becomes, reason="known slip", on="2026-11-21", source=source)


def test_value_is_compared_without_case_and_outer_blanks() -> None:
    rows = frame(record_id=["a", "b", "c"], source=["crm"] * 3, city=[" NYC ", "Boston", None])
    after, changes = apply_lookups(rows, (entry("city", "nyc", "New York"),))
    assert after["city"].fillna("").tolist() == ["New York", "Boston", ""]
    assert changes[["record_id", "before", "after", "reason"]].to_numpy().tolist() == [
        ["a", " NYC ", "New York", "lookup: known slip"]
    ]


def test_lookup_of_a_source_goes_before_one_for_all() -> None:
    rows = frame(record_id=["a", "b"], source=["crm", "web"], status=["X", "X"])
    after, _ = apply_lookups(rows, (entry("status", "x", "closed"), entry("status", "x", "open", source="web")))
    assert after["status"].tolist() == ["closed", "open"]


def test_channel_lookup_applies_to_points_of_that_kind_only() -> None:
    points = frame(
        contact_point_id=["a|email|1", "a|phone|1"],
        record_id=["a", "a"],
        source=["crm", "crm"],
        kind=["email", "phone"],
        value=["n/k", "n/k"],
    )
    after, changes = apply_lookups(points, (entry("email", "n/k", ""),))
    assert after["value"].fillna("").tolist() == ["", "n/k"]
    assert changes["contact_point_id"].tolist() == ["a|email|1"]
    assert changes["after"].isna().all()
