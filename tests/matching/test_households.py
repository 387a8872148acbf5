"""Households: one id for customers of one name at one address; deterministic, and never more than the address says."""

import pandas as pd

from dq.matching import Coded, homes_of, households, match_features
from tests.matching.runs import Row, records_of, row_policy

KEY = b"a key of sixteen"
OAK: Row = {"address_line1": "12 OAK ST", "zip5": "89501"}
FLAT: Row = {"address_line1": "12 OAK ST APT 4", "zip5": "89501"}
OTHER_FLAT: Row = {"address_line1": "12 OAK ST APT 5", "zip5": "89501"}


def _ids(rows: list[Row], clusters: list[int] | None = None) -> list[str | None]:
    """Return the household of each row; each row is a customer of its own unless told otherwise."""
    records = records_of(rows)
    features = match_features({"records": records}, row_policy())["features"]
    labels = clusters or list(range(len(rows)))
    of = pd.DataFrame({"record_id": records["record_id"], "cluster_id": [f"crm:{n:04d}" for n in labels]})
    homes = homes_of(Coded(features.__getitem__))
    found = households(homes, features["record_id"], of, KEY).set_index("cluster_id")["household_id"].to_dict()
    return [found.get(cluster) for cluster in of["cluster_id"]]


def test_one_name_at_one_address_is_a_household() -> None:
    ann, bob, stranger = _ids(
        [
            {"first_name": "Ann", "last_name": "Zywicki", **OAK},
            {"first_name": "Bob", "last_name": "Zywicki", **OAK},
            {"first_name": "Lin", "last_name": "Chen", **OAK},
        ]
    )
    assert ann is not None
    assert ann == bob
    assert (len(ann), ann[0], stranger) == (13, "H", None)


def test_who_lives_alone_has_no_household_however_many_records() -> None:
    rows: list[Row] = [{"first_name": "Ann", "last_name": "Zywicki", **OAK}] * 2
    assert _ids(rows, [0, 0]) == [None, None]


def test_two_flats_are_two_households() -> None:
    rows = [
        {"first_name": first, "last_name": "Zywicki", **home}
        for first, home in (("Ann", FLAT), ("Bob", FLAT), ("Eva", OTHER_FLAT), ("Max", OTHER_FLAT), ("Kim", OAK))
    ]
    ann, bob, eva, max_, kim = _ids(rows)
    assert ann == bob
    assert eva == max_
    assert ann != eva
    assert kim is None


def test_a_crowd_of_one_name_is_no_household() -> None:
    rows = [{"first_name": f"N{chr(97 + n)}o", "last_name": "Zywicki", **OAK} for n in range(20)]
    assert set(_ids(rows)) == {None}


def test_ids_do_not_depend_on_the_order_of_rows() -> None:
    rows = [{"record_id": f"crm:{n}", "first_name": f"A{n}", "last_name": "Zywicki", **OAK} for n in range(3)]
    assert set(_ids(rows)) == set(_ids(rows[::-1]))
