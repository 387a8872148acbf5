"""Equal contact points become one; the consent that holds is the latest act, or the refusal where nobody knows."""

import pandas as pd
import pytest

from dq.survivorship.points import golden_points, most_restrictive
from tests.survivorship.frames import points_of, records_of


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
    points, _ = golden_points(points_of([point(1, consent="opt_out", consent_at="2021-01-01")]))
    golden = most_restrictive(pd.DataFrame({"golden_id": ["G1", "G2"]}), records, points).set_index("golden_id")
    assert golden.at["G1", "do_not_email"] is True or bool(golden.at["G1", "do_not_email"])
    assert bool(golden.at["G1", "do_not_call"])
    assert golden.loc["G2", ["do_not_email", "do_not_call", "do_not_mail"]].isna().all()
