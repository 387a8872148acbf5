"""Names of organisations: the case table, trade names, and what holds for every input."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.standardize.name_tables import name_tables
from dq.standardize.organizations import standardize_organization, standardize_organizations
from tests.standardize.names_dirt import NAMES
from tests.standardize.policies import cases, frame, packaged, policy


def _records(names: list[str | None], trades: list[str | None]) -> pd.DataFrame:
    ids = [f"crm:{number}" for number in range(len(names))]
    return frame(record_id=ids, organization_name=names, trade_name=trades)


def test_names_are_written_as_the_table_says() -> None:
    table = cases("organizations")
    assert len(table) >= 80
    wrong = []
    for case in table:
        outcome = standardize_organization(case["name"], name_tables(packaged()))
        reason = outcome.reason if outcome.value != case["name"] else ""
        found = {"organization_name": outcome.value, "trade_name": outcome.trade_name or "", "reason": reason}
        if found != {key: case[key] for key in found}:
            wrong.append((case, found))
    assert wrong == []


def test_a_trade_name_is_split_where_its_column_is_free_or_agrees() -> None:
    records = _records(
        ["Kwan LLC dba Sunrise Cafe", "Kwan LLC dba Sunrise Cafe", "Kwan LLC dba Sunrise Cafe"],
        [None, "SUNRISE CAFE", "Oak Bar"],
    )
    standardized, changes = standardize_organizations(records, policy())
    assert standardized["organization_name"].tolist() == ["Kwan LLC", "Kwan LLC", "Kwan LLC dba Sunrise Cafe"]
    assert standardized["trade_name"].tolist() == ["Sunrise Cafe", "Sunrise Cafe", "Oak Bar"]
    assert changes["reason"].tolist() == ["trade_name_split", "trade_name_split", "trade_name_split", "case_restored"]


@given(st.lists(st.tuples(NAMES, NAMES), max_size=6))
def test_twice_equals_once_and_no_word_vanishes(rows: list[tuple[str | None, str | None]]) -> None:
    records = _records([row[0] for row in rows], [row[1] for row in rows])
    once, changes = standardize_organizations(records, policy())
    twice, more = standardize_organizations(once, policy())
    pd.testing.assert_frame_equal(twice, once)
    assert more.empty
    for number, row in enumerate(rows):
        result = once.iloc[number]
        kept = [result["organization_name"], result["trade_name"]]
        kept += changes.loc[changes["record_id"] == f"crm:{number}", "before"].tolist()
        words = set(re.findall(r"[^\W_]+", " ".join(text for text in kept if isinstance(text, str))))
        for text in row:
            assert set(re.findall(r"[^\W_]+", text or "")) <= words


@pytest.mark.parametrize("unit", ["x", "a b ", "& ", "and ", "the ", ", ", "dba ", "inc ", "(", "#1 ", "d/b/a ", "l. "])
@pytest.mark.parametrize("length", [299, 10_000])
def test_long_cells_are_only_cleaned(unit: str, length: int) -> None:
    text = (unit * 10_000)[:length]
    once, _ = standardize_organizations(_records([text], [text]), policy())
    _, changes = standardize_organizations(once, policy())
    assert changes.empty
