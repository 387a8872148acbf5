"""Equal contact points become one; the consent that holds is the latest act, or the refusal where nobody knows."""

import pandas as pd
import pytest

from dq.survivorship.points import golden_points as merged_points
from dq.survivorship.points import most_restrictive, with_shared
from tests.survivorship.frames import points_of, records_of


def golden_points(points: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return merged_points(with_shared(points, 5))


def closed(records: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    marked = with_shared(points, 5)
    golden = pd.DataFrame({"golden_id": sorted(records["golden_id"].unique())})
    return most_restrictive(golden, records, marked, merged_points(marked)[0]).set_index("golden_id")


def point(number: int, **more: object) -> dict[str, object]:
    record_id = f"s:{number}"
    base = {"contact_point_id": f"{record_id}|email|1", "record_id": record_id, "golden_id": "G1", "kind": "email"}
    return {**base, "value": "ann@acme.com", "role": "work", "consent": "unknown", **more}


@pytest.mark.parametrize(
    ("acts", "holds"),
    [
        ([("opt_in", "2020-01-01"), ("opt_out", "2021-01-01")], "opt_out"),
        ([("opt_out", "2020-01-01"), ("opt_in", "2021-01-01")], "opt_in"),
        ([("opt_out", None), ("opt_in", "2021-01-01")], "opt_out"),
        ([("opt_in", None), ("opt_in", "2021-01-01")], "opt_in"),
        ([("opt_in", None), ("opt_out", "2021-01-01")], "opt_out"),
        ([("opt_in", "2021-01-01"), ("opt_out", "2021-01-01")], "opt_out"),
        ([("unknown", "2022-01-01"), ("opt_in", "2021-01-01")], "opt_in"),
        ([("unknown", None)], "unknown"),
    ],
)
def test_which_consent_holds(acts: list[tuple[str, str | None]], holds: str) -> None:
    points = points_of([point(n, consent=consent, consent_at=at) for n, (consent, at) in enumerate(acts)])
    for order in (points, points.iloc[::-1]):
        golden, _ = golden_points(order)
        assert golden["consent"].tolist() == [holds]


def test_equal_points_become_one_and_their_ids_are_kept() -> None:
    points = points_of([point(2, role="primary"), point(1), point(3, value="ann@home.org")])
    golden, merges = golden_points(points)
    assert golden[["contact_point_id", "role", "value"]].values.tolist() == [
        ["s:2|email|1", "primary", "ann@acme.com"],
        ["s:3|email|1", "work", "ann@home.org"],
    ]
    assert merges["alternates"].tolist() == ['[{"contact_point_ids":["s:1|email|1","s:2|email|1"]}]']


def test_equal_values_of_two_customers_stay_apart() -> None:
    golden, merges = golden_points(points_of([point(1), point(2, golden_id="G2")]))
    assert golden["golden_id"].tolist() == ["G1", "G2"]
    assert merges.empty


def test_a_channel_closes_by_consent_or_by_what_a_record_said() -> None:
    records = records_of(
        [
            {"record_id": "s:1", "golden_id": "G1", "do_not_call": True},
            {"record_id": "s:2", "golden_id": "G2"},
        ]
    )
    golden = closed(records, points_of([point(1, consent="opt_out", consent_at="2021-01-01")]))
    assert golden.at["G1", "do_not_email"] is True or bool(golden.at["G1", "do_not_email"])
    assert bool(golden.at["G1", "do_not_call"])
    assert golden.loc["G2", ["do_not_email", "do_not_call", "do_not_mail"]].isna().all()


def test_a_refusal_without_a_point_has_no_date_and_holds() -> None:
    records = records_of(
        [
            {"record_id": "s:1", "golden_id": "G1", "do_not_email": True},
            {"record_id": "s:2", "golden_id": "G1", "do_not_email": False},
        ]
    )
    later = points_of([point(2, consent="opt_in", consent_at="2026-01-01")])
    assert bool(closed(records, later).at["G1", "do_not_email"])


def test_a_refusal_with_a_date_gives_way_to_a_later_yes() -> None:
    # What the record says follows from its own point: it is no second refusal without a date.
    records = records_of(
        [
            {"record_id": "s:1", "golden_id": "G1", "do_not_email": True},
            {"record_id": "s:2", "golden_id": "G1", "do_not_email": False},
        ]
    )
    acts = points_of(
        [
            point(1, consent="opt_out", consent_at="2024-01-01", value="old@acme.com"),
            point(2, consent="opt_in", consent_at="2026-01-01"),
        ]
    )
    assert not bool(closed(records, acts).at["G1", "do_not_email"])


@pytest.mark.parametrize(
    ("customers", "flags", "has_own", "is_closed"),
    [
        (40, "email:role_account", True, False),
        (40, None, True, False),
        (2, "email:role_account", True, False),
        (1, "email:role_account", True, True),
        (5, None, True, True),
        (40, "email:role_account", False, True),
    ],
)
def test_who_refuses_a_shared_mailbox_refuses_that_one(
    customers: int, flags: str | None, has_own: bool, is_closed: bool
) -> None:
    records = records_of([{"record_id": "s:1", "golden_id": "G1"}])
    refused = point(1, value="info@acme.com", consent="opt_out", customers=customers, flags=flags)
    own = point(1, contact_point_id="s:1|email|2", customers=1)
    points = points_of([refused, own] if has_own else [refused])
    assert closed(records, points)["do_not_email"].eq(True).fillna(False).tolist() == [is_closed]
    golden, _ = golden_points(points)
    assert golden.set_index("value").at["info@acme.com", "consent"] == "opt_out"
