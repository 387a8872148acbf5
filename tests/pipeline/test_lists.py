"""Lists of customers that people keep: whom a line means, and which lists are refused."""

from pathlib import Path

import pandas as pd
import pytest

from dq.errors import SourceError
from dq.pipeline.lists import customers_listed, read_list
from tests.pipeline.runs import write_csv

CROSSWALK = pd.DataFrame(
    [("crm", "7", "crm:7", "GA"), ("billing", "7", "billing:7", "GB"), ("crm", "8", "crm:8", "GA")],
    columns=["source", "source_key", "record_id", "id"],
    dtype="str",
)


@pytest.mark.parametrize(
    ("rows", "customers"),
    [
        ([("golden_id",), ("GA",)], ["GA"]),
        ([("Record_ID", "reason"), ("billing:7", "called")], ["GB"]),
        ([("key",), (" 8 ",), ("",), ("99",)], ["GA"]),
        ([("who",), ("7",)], ["GA", "GB"]),  # a key of two sources means both customers: neither is parked by mistake
        ([("record_id", "golden_id"), ("", "GB"), ("crm:8", "")], ["GA", "GB"]),
    ],
)
def test_a_line_names_a_customer_by_id_or_key(
    tmp_path: Path, rows: list[tuple[str, ...]], customers: list[str]
) -> None:
    found = customers_listed(read_list(write_csv(tmp_path / "list.csv", rows)), CROSSWALK)
    assert sorted(found["id"]) == customers


def test_a_list_that_says_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the action delete is unknown"):
        read_list(write_csv(tmp_path / "list.csv", [("id", "action"), ("GA", "delete")]))
    with pytest.raises(SourceError, match="is empty"):
        read_list(write_csv(tmp_path / "none.csv", []))
