"""The flat view: whose contact point speaks, and what consent says."""

import pandas as pd
import pytest

from dq.standardize.view import flat_view, with_country
from tests.standardize.policies import frame


def points(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    """Contact points from id, kind, role, value; the record is the id's first part."""
    return frame(
        contact_point_id=[row[0] for row in rows],
        record_id=[row[0].split("|")[0] for row in rows],
        kind=[row[1] for row in rows],
        role=[row[2] for row in rows],
        value=[row[3] for row in rows],
        value_raw=[row[3] for row in rows],
    )


@pytest.mark.parametrize(
    ("rows", "expected", "why"),
    [
        ([("a|phone|1", "phone", "work", "1"), ("a|phone|2", "phone", "primary", "2")], "2", "role"),
        ([("a|phone|10", "phone", "home", "10"), ("a|phone|9", "phone", "home", "9")], "9", "number, not text"),
        (
            [("a|phone|1", "phone", "primary", None), ("a|phone|2", "phone", "billing", "2")],
            "2",
            "an empty one is none",
        ),
        ([("a|phone|1", "phone", "home", "1"), ("a|phone|2", "phone", None, "2")], "2", "no role is the plain one"),
        ([("a|mobile|1", "mobile", "primary", "1")], None, "another kind"),
        ([("b|phone|1", "phone", "primary", "1")], None, "another record"),
    ],
)
def test_primary_contact_point(rows: list[tuple[str, str, str, str]], expected: str | None, why: str) -> None:
    view = flat_view(frame(record_id=["a"]), points(*rows))
    assert view["phone"].fillna("").tolist() == [expected or ""], why
    assert view["phone_raw"].fillna("").tolist() == [expected or ""], why


def test_address_columns_come_from_one_contact_point() -> None:
    addresses = frame(
        contact_point_id=["a|address|1", "a|address|2"],
        record_id=["a", "a"],
        kind=["address", "address"],
        role=["billing", "mailing"],
        address_line1=["1 OAK ST", "2 ELM ST"],
        city=["BOSTON", None],
        address_outcome=["consistent", "missing"],
    ).assign(address_confidence=[0.5, 0.25])
    view = flat_view(frame(record_id=["z", "a"], city=["left over", None]), addresses)
    assert view["address_line1"].fillna("").tolist() == ["", "2 ELM ST"]
    assert view["city"].fillna("").tolist() == ["", ""]
    assert view["address_outcome"].fillna("").tolist() == ["", "missing"]
    assert view["address_confidence"].fillna(-1).tolist() == [-1, 0.25]


CONSENT = [
    ([("opt_out", "2020-01-01T00:00:00Z"), ("opt_in", "2021-01-01T00:00:00Z")], False, "the latest act holds"),
    ([("opt_in", "2020-01-01T00:00:00Z"), ("opt_out", "2021-01-01T00:00:00Z")], True, "the latest act holds"),
    ([("opt_in", "2021-01-01T00:00:00Z"), ("opt_out", None)], True, "without a date the restriction holds"),
    ([("opt_in", "2021-01-01T00:00:00Z"), ("opt_out", "long ago")], True, "an unreadable date is none"),
    ([("opt_in", "2021-01-01T00:00:00Z"), ("opt_out", "2021-01-01T00:00:00Z")], True, "at one moment, too"),
    ([("unknown", "2022-01-01T00:00:00Z"), ("opt_in", None)], False, "unknown is no act"),
    ([("unknown", None)], None, "nobody said anything"),
]


@pytest.mark.parametrize(("acts", "expected", "why"), CONSENT)
def test_consent_of_a_channel(acts: list[tuple[str, str | None]], expected: bool | None, why: str) -> None:
    rows = points(*((f"a|email|{number}", "email", None, "x") for number in range(len(acts))))
    rows = rows.assign(**frame(consent=[act[0] for act in acts], consent_at=[act[1] for act in acts]))
    view = flat_view(frame(record_id=["a"]), rows)
    found = view["do_not_email"].tolist()[0]
    assert (None if found is pd.NA else found) == expected, why
    assert view["do_not_mail"].isna().all()


@pytest.mark.parametrize(
    ("cell", "expected"), [("x", True), ("Yes", True), ("2020-01-01", True), ("no", False), ("0", False), (None, None)]
)
def test_flag_of_a_record_is_kept(cell: str | None, expected: bool | None) -> None:
    found = flat_view(frame(record_id=["a"], do_not_call=[cell]), points())["do_not_call"].tolist()[0]
    assert (None if found is pd.NA else found) == expected


def test_refusal_of_a_record_outlives_an_opt_in_of_a_channel() -> None:
    rows = points(("a|mobile|1", "mobile", None, "1")).assign(**frame(consent=["opt_in"], consent_at=[None]))
    view = flat_view(frame(record_id=["a"], do_not_text=["yes"], do_not_call=["no"]), rows)
    assert view[["do_not_text", "do_not_call"]].to_numpy().tolist() == [[True, False]]


def test_country_of_a_record_is_its_own_then_its_primary_address_then_any_channel() -> None:
    rows = frame(
        contact_point_id=["a|address|1", "a|address|2", "a|phone|1", "b|address|1", "c|email|1"],
        record_id=["a", "a", "a", "b", "c"],
        kind=["address", "address", "phone", "address", "email"],
        role=["billing", "primary", None, None, None],
        city=["Bonn", "Boston", None, "Boston", None],
        country=["DE", "US", "FR", "US", "CA"],
    )
    filled = with_country(frame(record_id=["a", "b", "c", "d"], country=[None, "MX", None, None]), rows)
    assert filled["country"].fillna("").tolist() == ["US", "MX", "CA", ""]
