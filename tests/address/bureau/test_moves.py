"""Moves: new contact points with dates, the old ones end and stay, and doing it twice changes nothing."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.address.bureau import apply_moves
from dq.address.bureau.moves import MOVED_AWAY, MOVED_TO
from dq.address.findings import FINDINGS, address_key, name_key
from dq.model import CHANGES, TEXT
from dq.standards import RowPolicy
from tests.address.bureau.mailhouse import people
from tests.address.policies import policy

POINTS, RECORDS = people()
HOME = address_key(POINTS.iloc[[0]]).iloc[0]
OFFICE = address_key(POINTS.iloc[[3]]).iloc[0]
ELM = {"new_line1": "9 Elm Avenue", "new_line2": "Apt 3", "new_city": "Boston", "new_state": "MA", "new_zip5": "02139"}
OAK = {"new_line1": "5 Oak St", "new_city": "Springfield", "new_state": "IL", "new_zip5": "62702", "new_zip4": "1111"}


def move(
    name: str, kind: str, on: str | None = "2026-08", at: str = HOME, new: dict[str, str] | None = ELM
) -> dict[str, str | None]:
    return {
        "address_key": at,
        "name_key": name_key(pd.Series([name], dtype=TEXT)).iloc[0],
        "source": "bureau",
        "evidence_on": "2026-10-05",
        "outcome": "moved",
        "move_type": kind,
        "move_on": on,
        **(new or {}),
    }


def findings(*rows: dict[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(FINDINGS)).astype(TEXT)


def applied(
    *rows: dict[str, str | None], points: pd.DataFrame = POINTS, as_of: date | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    rules = policy() if as_of is None else RowPolicy(policy().standards, as_of)
    return apply_moves(points, findings(*rows), RECORDS, rules)


def lines(points: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return id, role, line, start and end of every point that a move touched."""
    touched = points[points["valid_from"].notna() | points["valid_to"].notna()]
    columns = ["contact_point_id", "role", "address_line1", "valid_from", "valid_to"]
    return [tuple(row) for row in touched[columns].fillna("").itertuples(index=False)]


def test_an_individuals_move_takes_that_name_along() -> None:
    points, _ = applied(move("Simpson|Homer", "individual"))
    assert lines(points) == [
        ("crm:1|address|1", "primary", "742 EVERGREEN TER APT 2B", "", "2026-08-01"),
        ("crm:1|address|2", "primary", "9 ELM AVE APT 3", "2026-08-01", ""),
    ]


def test_a_familys_move_takes_everybody_of_that_surname_along_in_their_roles() -> None:
    points, _ = applied(move("Simpson|", "family"))
    assert lines(points) == [
        ("crm:1|address|1", "primary", "742 EVERGREEN TER APT 2B", "", "2026-08-01"),
        ("crm:2|address|1", "home", "742 EVERGREEN TER APT 2B", "", "2026-08-01"),
        ("crm:1|address|2", "primary", "9 ELM AVE APT 3", "2026-08-01", ""),
        ("crm:2|address|2", "home", "9 ELM AVE APT 3", "2026-08-01", ""),
    ]


def test_a_businesss_move_takes_the_organisation_along_and_counts_on() -> None:
    points, _ = applied(move("|Acme Corp", "business", at=OFFICE))
    assert lines(points) == [
        ("crm:4|address|1", "billing", "100 MAIN ST", "", "2026-08-01"),
        ("crm:4|address|3", "billing", "9 ELM AVE APT 3", "2026-08-01", ""),
    ]


@pytest.mark.parametrize(
    "row",
    [
        move("Simpson|Bart", "individual"),  # another name
        move("Simpson|Homer", "family"),  # a family's move is filed under the surname alone
        move("Simpson|Homer", "individual", at=OFFICE),  # another address
        move("Acme Corp|", "family", at=OFFICE),
        {**move("Simpson|Homer", "individual"), "outcome": None},  # a possible move
        {**move("Simpson|Homer", "individual"), "outcome": "vacant"},
        {**move("Simpson|Homer", "individual"), "name_key": None},
        move("Simpson|Homer", "individual", on="2026-12"),  # after the day of the run
    ],
)
def test_what_is_no_move_of_this_record_changes_nothing(row: dict[str, str | None]) -> None:
    points, changes = applied(row)
    pd.testing.assert_frame_equal(points, POINTS)
    assert len(changes) == 0
    assert list(changes.columns) == list(CHANGES.columns)


def test_the_new_address_is_standardised_like_any_other_and_keeps_what_was_told() -> None:
    points, _ = applied(
        move("Simpson|Homer", "individual"), points=POINTS.assign(address_line1_raw="x", addr_number="742")
    )
    new = points.iloc[-1]
    assert new[["kind", "address_line1", "city", "state", "zip5", "country", "address_outcome"]].tolist() == [
        *("address", "9 ELM AVE APT 3", "BOSTON", "MA", "02139", "US", "consistent"),
    ]
    assert (new["address_line1_raw"], new["addr_number"]) == ("9 Elm Avenue", "9")
    assert new["address_evidence"].startswith("bureau:2026-10-05 age:1mo move_on:2026-08 geonames:")


def test_the_old_address_says_that_somebody_moved() -> None:
    points, _ = applied(move("Simpson|Homer", "individual"))
    old = points.iloc[0]
    assert (old["address_outcome"], old["address_confidence"]) == ("moved", 0.2)
    assert old["address_evidence"] == "bureau:2026-10-05 age:1mo move_on:2026-08"
    pd.testing.assert_frame_equal(points.iloc[1 : len(POINTS)], POINTS.iloc[1:])


def test_a_move_to_nowhere_ends_the_address_and_adds_none() -> None:
    points, changes = applied(move("Simpson|Homer", "individual", new=None))
    assert lines(points) == [("crm:1|address|1", "primary", "742 EVERGREEN TER APT 2B", "", "2026-08-01")]
    assert changes[["column", "after", "reason"]].to_numpy().tolist() == [["valid_to", "2026-08-01", MOVED_AWAY]]


def test_every_value_of_the_new_address_is_a_change() -> None:
    points, changes = applied(move("Simpson|Homer", "individual"))
    told = changes[changes["reason"] == MOVED_TO].set_index("column")["after"].to_dict()
    assert told == {
        "address_line1": "9 Elm Avenue",
        "address_line2": "Apt 3",
        "city": "Boston",
        "state": "MA",
        "zip5": "02139",
    }
    assert set(changes["contact_point_id"]) == {"crm:1|address|1", "crm:1|address|2"}
    last = changes[changes["contact_point_id"] == "crm:1|address|2"].drop_duplicates("column", keep="last")
    for column, after in last.set_index("column")["after"].items():
        value = points.iloc[-1][str(column)]
        assert (value == after) or (pd.isna(value) and pd.isna(after))


def test_without_a_date_the_move_is_over_when_it_was_told() -> None:
    points, _ = applied(move("Simpson|Homer", "individual", on=None))
    assert lines(points)[0][-1] == "2026-10-05"


def test_who_took_the_address_up_after_the_move_did_not_make_it() -> None:
    later = POINTS.assign(valid_from=POINTS["valid_from"].where(POINTS.index > 0, "2026-09-01"))
    points, changes = applied(move("Simpson|Homer", "individual"), points=later)
    pd.testing.assert_frame_equal(points, later)
    assert len(changes) == 0


def test_an_address_that_ended_before_keeps_its_end() -> None:
    ended = POINTS.assign(valid_to=POINTS["valid_to"].where(POINTS.index > 0, "2026-01-31"))
    points, changes = applied(move("Simpson|Homer", "individual"), points=ended)
    assert [line[-1] for line in lines(points)] == ["2026-01-31", ""]
    assert MOVED_AWAY not in set(changes["reason"])


def test_an_address_the_source_knows_already_is_not_added_again() -> None:
    known = POINTS.iloc[[0]].assign(
        contact_point_id="crm:1|address|2", address_line1="9 ELM AVE APT 3", city="BOSTON", state="MA", zip5="02139"
    )
    points, changes = applied(move("Simpson|Homer", "individual"), points=pd.concat([POINTS, known], ignore_index=True))
    assert len(points) == len(POINTS) + 1
    assert set(changes["reason"]) == {MOVED_AWAY}
    elsewhere = pd.concat([POINTS, known.assign(role="shipping")], ignore_index=True)
    assert len(applied(move("Simpson|Homer", "individual"), points=elsewhere)[0]) == len(elsewhere) + 1


def test_moves_are_followed_one_after_another() -> None:
    first = move("Simpson|Homer", "individual", "2025-03")
    elm = address_key(applied(first)[0].iloc[[-1]]).iloc[0]
    points, _ = applied(first, move("Simpson|Homer", "individual", "2026-08", elm, OAK))
    assert lines(points) == [
        ("crm:1|address|1", "primary", "742 EVERGREEN TER APT 2B", "", "2025-03-01"),
        ("crm:1|address|2", "primary", "9 ELM AVE APT 3", "2025-03-01", "2026-08-01"),
        ("crm:1|address|3", "primary", "5 OAK ST", "2026-08-01", ""),
    ]


def test_moving_away_and_back_ends() -> None:
    first = move("Simpson|Homer", "individual", "2025-03")
    elm = address_key(applied(first)[0].iloc[[-1]]).iloc[0]
    home = {"new_line1": "742 Evergreen Ter Apt 2B", "new_city": "Springfield", "new_state": "IL", "new_zip5": "62704"}
    points, _ = applied(first, move("Simpson|Homer", "individual", "2026-08", elm, home))
    assert [line[2:] for line in lines(points)] == [
        ("742 EVERGREEN TER APT 2B", "", "2025-03-01"),
        ("9 ELM AVE APT 3", "2025-03-01", "2026-08-01"),
        ("742 EVERGREEN TER APT 2B", "2026-08-01", ""),
    ]
    at_once, _ = applied(first, move("Simpson|Homer", "individual", "2025-03", elm, home))
    assert len(at_once) == len(POINTS) + 1


def test_what_is_said_of_the_name_is_closer_than_what_is_said_of_the_family() -> None:
    points, _ = applied(move("Simpson|", "family", new=OAK), move("Simpson|Homer", "individual", "2026-07"))
    moved = {row[0]: row[2] for row in lines(points)}
    assert (moved["crm:1|address|2"], moved["crm:2|address|2"]) == ("9 ELM AVE APT 3", "5 OAK ST")


def test_evidence_under_the_key_of_the_run_counts_for_a_corrected_address() -> None:
    corrected = POINTS.assign(address_key=address_key(POINTS), zip5=POINTS["zip5"].replace("62704", "62711"))
    points, _ = applied(move("Simpson|Homer", "individual"), points=corrected)
    assert len(points) == len(corrected) + 1
    assert points["address_key"].iloc[-1] == address_key(points.iloc[[-1]]).iloc[0]


def test_hostile_new_addresses_are_text_like_any_other() -> None:
    bad = {
        "new_line1": "=cmd|' /C calc'!A0",
        "new_line2": "<b>x</b>",
        "new_city": "☃",
        "new_state": "??",
        "new_zip5": "abc",
    }
    points, _ = applied(move("Simpson|Homer", "individual", new=bad))
    assert len(points) == len(POINTS) + 1
    assert points.dtypes.astype(str).to_dict() == POINTS.dtypes.astype(str).to_dict()


NAMES = ("Simpson|Homer", "Simpson|", "|Acme Corp", "Flanders|Ned")
KEYS = [key for key in address_key(POINTS).dropna().unique() if isinstance(key, str)]
MOVES = st.builds(
    move,
    st.sampled_from(NAMES),
    st.sampled_from(["individual", "family", "business"]),
    st.sampled_from(["2024-05", "2025-01", "2026-08-15", "2026-12", None]),
    st.sampled_from(KEYS),
    st.sampled_from([ELM, OAK, None]),
)


@settings(max_examples=15)
@given(st.lists(MOVES, max_size=6))
def test_nothing_is_overwritten_and_twice_is_once(rows: list[dict[str, str | None]]) -> None:
    points, changes = applied(*rows)
    fixed = ["contact_point_id", "record_id", "kind", "role", "address_line1", "city", "zip5", "valid_from"]
    pd.testing.assert_frame_equal(points[fixed].iloc[: len(POINTS)], POINTS[fixed])
    assert not points["contact_point_id"].duplicated().any()
    both = points.dropna(subset=["valid_from", "valid_to"])
    assert (both["valid_from"] <= both["valid_to"]).all()
    assert len(changes) or points.equals(POINTS)
    again, none = apply_moves(points, findings(*rows), RECORDS, policy())
    pd.testing.assert_frame_equal(again, points)
    assert len(none) == 0
