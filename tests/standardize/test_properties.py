"""Standardising twice equals once, nothing vanishes without a change, order is irrelevant, nothing raises."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.model import CHANGES, CONTACT_KINDS, raw
from dq.standardize import flat_view, material, standardize_contact_points, standardize_records
from tests.standardize.dirty import CELLS
from tests.standardize.policies import ROOT, frame, policy

_FEW = settings(max_examples=12)
"""Each example runs whole stages four times on frames of many cells."""
_RECORD_COLUMNS = ("birth_on", "created_at", "updated_at", "verified_on", "tax_id", "duns", "lei", "value_amount")
_POINT_COLUMNS = ("value", "extension", "valid_from", "valid_to", "verified_on", "consent_at")
_POLICY_HINTS = {"date_orders": {"crm//birth_on": "mdy", "web//birth_on": "excel"}, "time_zones": {"crm": "Asia/Tokyo"}}


@st.composite
def records(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(0, 6))

    def column(values: st.SearchStrategy[str | None]) -> list[str | None]:
        return draw(st.lists(values, min_size=size, max_size=size))

    return frame(
        record_id=[f"crm:{number}" for number in range(size)],
        source=column(st.sampled_from(["crm", "web"])),
        source_table=[""] * size,
        country=column(st.sampled_from(["US", "DE", None])),
        party_type=column(st.sampled_from(["person", "organization", None])),
        **{name: column(CELLS) for name in _RECORD_COLUMNS},
    )


@st.composite
def contact_points(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(0, 8))

    def column(values: st.SearchStrategy[str | None]) -> list[str | None]:
        return draw(st.lists(values, min_size=size, max_size=size))

    kinds = column(st.sampled_from(CONTACT_KINDS))
    owners = column(st.sampled_from(["crm:0", "crm:1", "crm:2"]))
    return frame(
        contact_point_id=[
            f"{owner}|{kind}|{number}" for number, (owner, kind) in enumerate(zip(owners, kinds, strict=True))
        ],
        record_id=owners,
        source=["crm"] * size,
        kind=kinds,
        role=column(st.sampled_from(["primary", "home", "seasonal", None])),
        country=column(st.sampled_from(["US", "CA", "GB", "XX", None])),
        consent=column(st.sampled_from(["opt_in", "opt_out", "unknown", None])),
        city=column(st.sampled_from(["nyc", "Boston", None])),
        **{name: column(CELLS) for name in _POINT_COLUMNS},
    )


def _same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right)


def _all_is_accounted_for(before: pd.DataFrame, after: pd.DataFrame, changes: pd.DataFrame, key: str) -> None:
    """Every altered value has exactly one change, every change an altered value, with a reason."""
    assert list(changes.columns) == list(CHANGES.columns)
    assert changes["reason"].notna().all()
    expected = [
        (identity, column, old, new)
        for column in before.columns
        if column not in {"flags", "consent_at"} and not column.endswith("_raw")
        for identity, old, new in zip(before[key], before[column].fillna(""), after[column].fillna(""), strict=True)
        if old != new
    ]
    found = zip(changes[key], changes["column"], changes["before"].fillna(""), changes["after"].fillna(""), strict=True)
    assert sorted(found) == sorted(expected)


@_FEW
@given(records())
def test_records(typed: pd.DataFrame) -> None:
    once, changes = standardize_records(typed, policy(**_POLICY_HINTS))
    _all_is_accounted_for(typed, once, changes, "record_id")
    twice, again = standardize_records(once, policy(**_POLICY_HINTS))
    _same(once, twice)
    assert len(again) == 0
    for column in _RECORD_COLUMNS:
        pd.testing.assert_series_equal(once[raw(column)], typed[column], check_names=False)
        assert (once[column].isna() == typed[column].isna()).all()
    backwards, same = standardize_records(typed.iloc[::-1], policy(**_POLICY_HINTS))
    _same(backwards.iloc[::-1], once)
    assert len(same) == len(changes)


@_FEW
@given(contact_points())
def test_contact_points(typed: pd.DataFrame) -> None:
    once, changes = standardize_contact_points(typed, policy())
    _all_is_accounted_for(typed, once, changes, "contact_point_id")
    twice, again = standardize_contact_points(once, policy())
    _same(once, twice)
    assert len(again) == 0
    assert (once["value"].isna() == typed["value"].isna()).all()
    backwards, _ = standardize_contact_points(typed.iloc[::-1], policy())
    _same(backwards.iloc[::-1], once)


@_FEW
@given(records(), contact_points())
def test_view_and_material(people: pd.DataFrame, typed: pd.DataFrame) -> None:
    points, _ = standardize_contact_points(typed, policy())
    view = flat_view(people, points)
    assert view["record_id"].tolist() == people["record_id"].tolist()
    _same(flat_view(view, points), view)
    _same(flat_view(people, points.iloc[::-1]), view)
    digests = material(view, points, b"0123456789abcdef")
    assert digests.str.fullmatch("[0-9a-f]{64}").all()
    backwards = material(view.iloc[::-1], points.iloc[::-1], b"0123456789abcdef")
    assert backwards.iloc[::-1].tolist() == digests.tolist()


@_FEW
@given(records(), contact_points())
def test_every_flag_is_explained(people: pd.DataFrame, typed: pd.DataFrame) -> None:
    listed = set(pd.read_csv(ROOT / "standards" / "reference" / "flags.csv")["flag"])
    records_after, _ = standardize_records(people, policy(**_POLICY_HINTS))
    points_after, _ = standardize_contact_points(typed, policy())
    words = {
        word.split("=")[0]
        for flags in (records_after["flags"], points_after["flags"])
        for cell in flags.dropna()
        for word in cell.split()
    }
    assert words <= listed
