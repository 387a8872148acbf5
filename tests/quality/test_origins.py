"""What comes in is told from what was there, and where it comes from."""

from pathlib import Path

import pandas as pd
import pytest

from dq.engine.querying import RunTables
from dq.quality.origins import MONTH, headline, origins


@pytest.fixture
def tables(tmp_path: Path) -> RunTables:
    """Write four records: two old, two new, one without a day; the partner's form makes what comes in."""
    records = pd.DataFrame(
        [
            ("crm:1", "crm", "2024-05-01T00:00:00Z", "phone"),
            ("crm:2", "crm", "2026-11-02T00:00:00Z", "phone"),
            ("web:1", "web", "2026-11-03T00:00:00Z", "partner"),
            ("web:2", "web", None, "partner"),
        ],
        columns=["record_id", "source", "created_at", "extra.Entry Channel"],
        dtype="str",
    )
    records.to_parquet(tmp_path / "records.parquet")
    failing = [("crm:1", "a"), ("web:1", "a"), ("web:1", "b"), ("web:2", "a"), ("crm:2", "told"), ("crm:2", "b")]
    violations = pd.DataFrame(failing, columns=["record_id", "rule_id"], dtype="str")
    violations["severity"] = ["info" if rule == "told" else "warn" for rule in violations["rule_id"]]
    violations.to_parquet(tmp_path / "violations.parquet")
    return RunTables(tmp_path)


def test_stock_and_inflow(tables: RunTables) -> None:
    found = {(one.column, one.value): one for one in origins(tables, "2026-11-01", "2026-11-30")}
    web, crm = found["source", "web"], found["source", "crm"]
    assert (web.stock, web.inflow, web.records, web.per_record) == (1, 2, 1, 2)
    assert (crm.stock, crm.inflow, crm.records) == (1, 1, 1)
    assert web.share == pytest.approx(2 / 3)
    assert found["Entry Channel", "partner"].inflow == 2
    assert found[MONTH, "2024-05"].stock == 1
    assert found[MONTH, "2024-05"].per_record is None
    assert found[MONTH, ""].stock == 1, "a record without a day is stock"


def test_every_column_counts_every_violation(tables: RunTables) -> None:
    found = origins(tables, "2026-11-01", "2026-11-30")
    for column in {one.column for one in found}:
        assert sum(one.stock + one.inflow for one in found if one.column == column) == 5, "all that is more than info"
    assert (
        sum(
            one.stock + one.inflow for one in origins(tables, "2026-11-01", "2026-11-30", "b") if one.column == "source"
        )
        == 2
    )


def test_a_day_to_come_is_no_day(tables: RunTables) -> None:
    web = next(one for one in origins(tables, "2026-11-01", "2026-11-02") if one.value == "web")
    assert (web.stock, web.inflow) == (3, 0)


def test_the_sentence(tables: RunTables) -> None:
    assert (
        headline(origins(tables, "2026-11-01", "2026-11-30")) == "67% of new findings come from Entry Channel partner."
    )
    assert headline(origins(tables, "2030-01-01", "2030-01-31")) == ""
    assert headline([]) == ""
