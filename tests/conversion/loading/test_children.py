"""Children follow their customers; none is lost, whatever it hangs on."""

import pandas as pd
import pytest

from dq.conversion.loading.children import CHILD_COLUMNS, place_children
from dq.model import TEXT

CROSSWALK = pd.DataFrame(
    [
        ("crm", "1", "GA", "GA"),
        ("billing", "77", "GA", "GA"),
        ("crm", "2", "GB", "GB"),
        ("crm", "3", "GC", None),
        ("billing", "1", "GD", "GD"),
    ],
    columns=["source", "source_key", "golden_id", "external_id"],
    dtype="str",
)


def test_a_child_without_an_id_of_its_own_is_unclear() -> None:
    rows = [("Case", "c1", "crm", "2", None), ("Case", "c1", "crm", "1", None), ("Case", None, "crm", "2", None)]
    placed = place_children(pd.DataFrame(rows, columns=list(CHILD_COLUMNS)).astype(TEXT), CROSSWALK)
    assert placed["outcome"].tolist() == ["unclear"] * 3


def test_a_child_of_a_parked_customer_is_no_blocked_one() -> None:
    rows = pd.DataFrame(
        [("Case", "c1", "crm", "3", None), ("Note", "n1", None, None, "c1")], columns=list(CHILD_COLUMNS)
    )
    placed = place_children(rows.astype(TEXT), CROSSWALK, {"GC"})
    assert placed["outcome"].tolist() == ["parked", "parked"]


@pytest.mark.parametrize(
    ("child", "outcome", "external_id"),
    [
        (("Case", "c1", "crm", "1", None), "moved", "GA"),
        (("Case", "c2", "crm", "2", None), "carried", "GB"),
        (("Case", "c3", "crm", "3", None), "blocked", None),
        (("Case", "c4", "crm", "9", None), "orphan", None),
        (("Case", "c5", None, "77", None), "moved", "GA"),
        (("Case", "c6", None, "1", None), "orphan", None),
        (("Note", "n1", None, None, "c2"), "under_child", "GB"),
        (("Note", "n2", None, None, "n1"), "under_child", "GB"),
        (("Note", "n3", None, None, "n3"), "cycle", None),
        (("Note", "n4", None, None, "n5"), "cycle", None),
        (("Note", "n5", None, None, "n4"), "cycle", None),
        (("Note", "n6", None, None, "gone"), "orphan", None),
        (("Note", "n7", None, None, "c3"), "blocked", None),
        (("Note", "n8", None, None, None), "orphan", None),
    ],
)
def test_a_child_goes_where_its_customer_goes(
    child: tuple[str | None, ...], outcome: str, external_id: str | None
) -> None:
    others = [
        ("Case", "c2", "crm", "2", None), ("Case", "c3", "crm", "3", None), ("Note", "n1", None, None, "c2"),
        ("Note", "n4", None, None, "n5"), ("Note", "n5", None, None, "n4"),
    ]  # fmt: skip
    rows = [child, *(other for other in others if other[1] != child[1])]
    placed = place_children(pd.DataFrame(rows, columns=list(CHILD_COLUMNS)).astype(TEXT), CROSSWALK)
    assert len(placed) == len(rows)
    line = placed[placed["id"] == child[1]].iloc[0]
    assert line["outcome"] == outcome
    assert (line["external_id"] if pd.notna(line["external_id"]) else None) == external_id
