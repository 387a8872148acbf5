"""Names of persons: the case table, moves between columns, and what holds for every input."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.model import CHANGES
from dq.standardize.name_cells import PARTS
from dq.standardize.names import standardize_names
from tests.standardize.names_dirt import NAMES
from tests.standardize.policies import cases, frame, policy

_TEXTS = ("prefix", "first_name", "middle_name", "last_name", "suffix", "organization_name", "trade_name", "full_name")
_ORDERS = {"name_orders": {"backward//full_name": "last_first"}}


def _records(size: int, **columns: list[str | None]) -> pd.DataFrame:
    return frame(record_id=[f"crm:{number}" for number in range(size)], **columns)


def _one(**values: str | None) -> tuple[dict[str, str], pd.DataFrame]:
    records, changes = standardize_names(_records(1, **{name: [value] for name, value in values.items()}), policy())
    row = records.iloc[0]
    return {name: row[name] for name in (*_TEXTS, "party_type", "flags") if isinstance(row[name], str)}, changes


def test_whole_names_split_as_the_table_says() -> None:
    table = cases("names")
    assert len(table) >= 150
    records = _records(
        len(table),
        full_name=[case["full_name"] for case in table],
        source=["backward" if case["order"] == "last_first" else "crm" for case in table],
        source_table=[""] * len(table),
        party_type=["person"] * len(table),
    )
    standardized, _ = standardize_names(records, policy(**_ORDERS))
    expected = [{part: case[part] for part in (*PARTS, "flags")} for case in table]
    found = standardized[[*PARTS, "flags"]].fillna("").to_dict("records")
    wrong = [
        (case["full_name"], got, want) for case, got, want in zip(table, found, expected, strict=True) if got != want
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("given_columns", "expected"),
    [
        (
            {"first_name": "Dr. John", "last_name": "SMITH JR"},
            {"prefix": "Dr.", "first_name": "John", "last_name": "Smith", "suffix": "Jr", "party_type": "person"},
        ),
        (
            {"first_name": "JOHN A", "last_name": "smith, md", "suffix": "phd"},
            {
                "first_name": "John",
                "middle_name": "A",
                "last_name": "Smith",
                "suffix": "PhD MD",
                "party_type": "person",
            },
        ),
        (
            {"first_name": "JOHN A", "middle_name": "B", "last_name": "smith"},
            {"first_name": "John", "middle_name": "B A", "last_name": "Smith", "party_type": "person"},
        ),
        (
            {"first_name": 'Robert "Bob"', "middle_name": "a.", "last_name": "O'NEIL III", "suffix": "iii"},
            {
                "first_name": "Robert",
                "middle_name": "A",
                "last_name": "O'Neil",
                "suffix": "III",
                "party_type": "person",
            },
        ),
        (
            {"first_name": "John & Mary", "last_name": "Smith"},
            {"first_name": "John & Mary", "last_name": "Smith", "party_type": "person", "flags": "name:two_people"},
        ),
        ({"last_name": "Acme Plumbing LLC"}, {"organization_name": "Acme Plumbing LLC", "party_type": "organization"}),
        ({"last_name": "Young"}, {"last_name": "Young", "party_type": "person"}),
        (
            {"last_name": "Smith, John A"},
            {"first_name": "John", "middle_name": "A", "last_name": "Smith", "party_type": "person"},
        ),
        ({"organization_name": "ACME"}, {"organization_name": "ACME", "party_type": "organization"}),
        ({"full_name": "Acme Corp"}, {"organization_name": "Acme Corp", "party_type": "organization"}),
        (
            {"full_name": "Mary Smith", "organization_name": "Acme Corp"},
            {"first_name": "Mary", "last_name": "Smith", "organization_name": "Acme Corp", "party_type": "person"},
        ),
        (
            {"full_name": "Acme Corp", "party_type": "person"},
            {"first_name": "Acme", "last_name": "Corp", "party_type": "person"},
        ),
        ({"full_name": "Poppy Fox", "birth_on": "1982-07-14"},
         {"first_name": "Poppy", "last_name": "Fox", "party_type": "person"}),
        ({"full_name": "Acme Corp LLC", "birth_on": "1982-07-14"},
         {"organization_name": "Acme Corp LLC", "party_type": "organization"}),
        ({"full_name": None}, {}),
    ],
)  # fmt: skip
def test_what_belongs_elsewhere_moves(given_columns: dict[str, str | None], expected: dict[str, str]) -> None:
    assert _one(**given_columns)[0] == expected


def test_a_nickname_is_kept_by_the_change() -> None:
    row, changes = _one(full_name='Robert "Bob" Smith')
    assert row["first_name"] == "Robert"
    assert changes[["column", "before", "after", "reason"]].to_numpy().tolist() == [
        ["full_name", 'Robert "Bob" Smith', "Robert Smith", "name_split"]
    ]


def test_style_may_keep_the_case() -> None:
    keep = policy()
    style = keep.standards.style.model_copy(update={"name_case": "keep"})
    standards = type(keep.standards)(**{**keep.standards.__dict__, "style": style, "hash": "keep"})
    records, _ = standardize_names(_records(1, full_name=["JOHN SMITH JR"]), type(keep)(standards, keep.as_of))
    assert records.loc[0, ["first_name", "last_name", "suffix"]].tolist() == ["JOHN", "SMITH", "Jr"]


@st.composite
def records_of_names(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.sampled_from([0, 1, 12]))

    def column(values: st.SearchStrategy[str | None]) -> list[str | None]:
        return draw(st.lists(values, min_size=size, max_size=size))

    names = {name: column(NAMES) for name in _TEXTS if draw(st.booleans()) or name == "full_name"}
    party = column(st.sampled_from([None, None, "person", "organization"]))
    source = column(st.sampled_from(["crm", "backward"]))
    return _records(size, source=source, source_table=[""] * size, party_type=party, **names)


@settings(max_examples=12)  # each example holds up to twelve names in every column
@given(records_of_names())
def test_twice_equals_once(records: pd.DataFrame) -> None:
    once, _ = standardize_names(records, policy(**_ORDERS))
    twice, changes = standardize_names(once, policy(**_ORDERS))
    pd.testing.assert_frame_equal(twice, once)
    assert changes.empty


@settings(max_examples=12)  # each example holds up to twelve names in every column
@given(records_of_names())
def test_rows_stay_and_no_word_vanishes(records: pd.DataFrame) -> None:
    standardized, changes = standardize_names(records, policy(**_ORDERS))
    assert standardized["record_id"].tolist() == records["record_id"].tolist()
    assert list(changes.columns) == list(CHANGES.columns)
    assert standardized["full_name"].isna().all()
    for _, row in records.iterrows():
        result = standardized[standardized["record_id"] == row["record_id"]].iloc[0]
        kept = [result[name] for name in _TEXTS] + changes.loc[
            changes["record_id"] == row["record_id"], "before"
        ].tolist()
        words = set(re.findall(r"[^\W_]+", " ".join(text for text in kept if isinstance(text, str))))
        for name in _TEXTS:
            if name in records and isinstance(row[name], str):
                assert set(re.findall(r"[^\W_]+", row[name])) <= words


@settings(max_examples=12)  # each example holds up to twelve names in every column
@given(records_of_names())
def test_row_order_is_irrelevant(records: pd.DataFrame) -> None:
    forward, changes = standardize_names(records, policy(**_ORDERS))
    backward, reversed_changes = standardize_names(records.iloc[::-1], policy(**_ORDERS))
    pd.testing.assert_frame_equal(backward.iloc[::-1], forward)
    by = list(CHANGES.columns)
    sorted_changes = [found.sort_values(by, ignore_index=True) for found in (changes, reversed_changes)]
    pd.testing.assert_frame_equal(*sorted_changes)


@pytest.mark.parametrize(
    "unit", ["x", "a b ", "A ", "(", '"', "a,", "& ", "- ", "de ", "jr ", "dba ", "é", "O ", "\u200b", "et al "]
)
def test_ten_thousand_characters_are_only_a_doubt(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    records = _records(2, full_name=[text, None], first_name=[None, text], last_name=[None, text])
    once, _ = standardize_names(records, policy())
    twice, changes = standardize_names(once, policy())
    pd.testing.assert_frame_equal(twice, once)
    assert changes.empty
