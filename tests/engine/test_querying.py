"""Rows of a finished run: filtered, ordered, paged, counted, and never more than a scope allows."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dq.engine.querying import Filter, RunTables, Visible
from dq.errors import NotFoundError, SettingsError
from tests.stewardship.runs import Given, Person, write_run

PEOPLE = [Person(f"{number:03d}", "sales" if number % 2 else "service", last_name=name) for number, name in enumerate(
    ["Lopez", "lopez", "O'Hara", 'Quo"te', "100%", "Ñandú", "Smith", "smith", "", "Lopez"]
)]  # fmt: skip
VIOLATIONS = [(person.record_id, rule, "email", f"v{person.key}") for person in PEOPLE for rule in ("b_rule", "a_rule")]


@pytest.fixture
def tables(tmp_path: Path) -> RunTables:
    """Return a run of ten records and twenty violations."""
    write_run(tmp_path / "run", Given(PEOPLE, violations=VIOLATIONS, run_id="r", as_of="2026-11-23"))
    return RunTables(tmp_path / "run")


def _keys(tables: RunTables, *filters: Filter) -> list[str]:
    return [str(row["source_key"]) for row in tables.page("records", filters).rows]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Filter("last_name", "=", "Lopez"), ["000", "009"]),
        (Filter("last_name", "contains", "LOPEZ"), ["000", "001", "009"]),
        (Filter("last_name", "contains", "%"), ["004"]),
        (Filter("last_name", "starts", "O'"), ["002"]),
        (Filter("last_name", "=", 'Quo"te'), ["003"]),
        (Filter("last_name", "in", ("Smith", "Ñandú", "nobody")), ["005", "006"]),
        (Filter("last_name", "in", (*(f"x{number}" for number in range(100)), "smith")), ["007"]),
        (Filter("last_name", "in", ()), []),
        (Filter("source_key", ">=", "008"), ["008", "009"]),
        (Filter("source_key", "<=", "000"), ["000"]),
        (Filter("value_amount", "filled"), []),
        (Filter("last_name", "=", "'; DROP TABLE records; --"), []),
    ],
)
def test_conditions(tables: RunTables, given: Filter, expected: list[str]) -> None:
    assert _keys(tables, given) == expected
    assert tables.count("records", [given]) == len(expected)


def test_an_unknown_column_or_table_reaches_no_query(tables: RunTables) -> None:
    for column in ("nothing", 'x" OR 1=1 --', "file_row_number"):
        with pytest.raises(SettingsError, match="has no column"):
            tables.page("records", [Filter(column, "=", "1")])
        with pytest.raises(SettingsError, match="has no column"):
            tables.page("records", order=column)
        with pytest.raises(SettingsError, match="has no column"):
            tables.page("records", columns=[column])
    with pytest.raises(NotFoundError):
        tables.page("secrets")
    assert tables.page("provenance").rows == [], "a run may lack a table"


def test_pages_follow_each_other_and_equals_keep_the_order_of_the_file(tables: RunTables) -> None:
    whole = tables.page("violations", limit=100).rows
    assert len(whole) == 20
    paged = [row for offset in range(0, 20, 3) for row in tables.page("violations", limit=3, offset=offset).rows]
    assert paged == whole
    ordered = tables.page("violations", order="rule_id", descending=True, limit=100).rows
    assert [row["rule_id"] for row in ordered] == ["b_rule"] * 10 + ["a_rule"] * 10
    assert [row["record_id"] for row in ordered[:10]] == sorted(person.record_id for person in PEOPLE)
    assert tables.page("violations", limit=0).total == 20


def test_facets_count_what_is_visible(tables: RunTables) -> None:
    assert tables.facets("violations", ["rule_id"]) == [
        {"rule_id": "a_rule", "count": 10},
        {"rule_id": "b_rule", "count": 10},
    ]
    mine = Visible(frozenset({"sales"}))
    assert tables.facets("violations", ["rule_id", "department"], visible=mine, limit=1) == [
        {"rule_id": "a_rule", "department": "sales", "count": 5}
    ]
    assert tables.count("contact_points", visible=mine) == 5
    assert tables.count("golden", visible=Visible(frozenset())) == 0


def test_a_violation_of_a_customer_belongs_to_whoever_sees_one_of_its_records(tmp_path: Path) -> None:
    import pandas as pd

    from dq.model import VIOLATIONS as TABLE
    from dq.tables.writing import write_parquet

    write_run(tmp_path / "run", Given(PEOPLE, run_id="r", as_of="2026-11-23"))
    rows = pd.DataFrame({"layer": ["golden"] * 2, "golden_id": ["G000", "G001"], "rule_id": ["g"] * 2}, dtype="str")
    write_parquet([rows], tmp_path / "run" / "violations.parquet", TABLE)
    tables = RunTables(tmp_path / "run")
    assert [row["golden_id"] for row in tables.page("violations", visible=Visible(frozenset({"sales"}))).rows] == [
        "G001"
    ]
    assert tables.count("violations", visible=Visible(frozenset({"elsewhere"}))) == 0


def test_threads_share_one_run(tables: RunTables) -> None:
    def ask(number: int) -> list[str]:
        return _keys(tables, Filter("source_key", "=", f"{number % 10:03d}"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(200))) == [[f"{number % 10:03d}"] for number in range(200)]
    tables.close()


def test_a_folder_without_a_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="holds no finished run"):
        RunTables(tmp_path)
