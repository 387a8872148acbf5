"""Every layout of `tests/cases/columns.csv` is recognised whole."""

import csv
from collections import defaultdict

import pytest

from tests.tables.recognition.samples import ROOT, mapping_of, targets_of


def layouts() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (ROOT / "tests/cases/columns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["layout"]].append(row)
    return found


LAYOUTS = layouts()


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_layout_is_recognised(layout: str) -> None:
    rows = LAYOUTS[layout]
    mapping = mapping_of({row["header"]: row["values"].split("|") for row in rows})
    assert targets_of(mapping) == {row["header"]: row["expected"] for row in rows}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_column_order_changes_nothing(layout: str) -> None:
    rows = [row for row in LAYOUTS[layout] if not row["header"].startswith(("column_", "Unnamed", "f"))]
    if any("#" in row["expected"] for row in rows):
        rows = [row for row in rows if "#" not in row["expected"]]
    columns = {row["header"]: row["values"].split("|") for row in rows}
    assert targets_of(mapping_of(columns)) == targets_of(mapping_of(dict(reversed(columns.items()))))


def test_there_are_enough_cases() -> None:
    assert sum(len(rows) for rows in LAYOUTS.values()) >= 120
