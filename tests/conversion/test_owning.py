"""Who takes over from whom: by department, by owner, by default; who has nobody; a map that contradicts itself."""

from pathlib import Path

import pandas as pd
import pytest

from dq.conversion import GOLDEN_GRAIN, Customers, TargetRows
from dq.conversion.owning import count_owners, map_owners, owner_template
from dq.errors import SourceError
from dq.model import TEXT
from dq.pipeline.owners import read_owners, read_user_map
from dq.settings import load_settings
from dq.standards.targets import load_target

TARGET = load_target(load_settings().standards, "salesforce")
OWNERS = [
    ("ann", "West"),
    ("ANN ", "East"),
    ("bob", "West"),
    ("cid", "West"),
    ("cid", None),
    (None, "East"),
    ("U9", None),
]
MAP = """owner,department,user_id,name,active
Ann,,U1,Ann Field,yes
Ann,East,U2,Eve East,yes
bob,,U3,Bob Left,no
,West,U4,Desk West,yes
eve,,,,
"""


def loaded() -> tuple[TargetRows, Customers]:
    """Return seven accounts, the last of a household whose member stands in East."""
    ids = [f"G{number}" for number in range(len(OWNERS))]
    accounts = pd.DataFrame({"row_id": ids, "golden_id": ids, "record_id": None, "parent_row_id": None})
    accounts["OwnerId"] = [owner for owner, _ in OWNERS]
    golden = pd.DataFrame({"golden_id": ids, "department": [department for _, department in OWNERS]}).astype(TEXT)
    empty = pd.DataFrame()
    return TargetRows({"Account": accounts.astype(TEXT)}, empty, {}), Customers(golden, empty, empty, GOLDEN_GRAIN)


def test_everybody_has_somebody_or_is_counted(tmp_path: Path) -> None:
    (tmp_path / "map.csv").write_text(MAP, encoding="utf-8")
    user_map = read_user_map(tmp_path / "map.csv")
    rows, lines = map_owners(TARGET, *loaded(), user_map, None)
    expected = ["U1", "U2", "U4", "U4", "cid", None, "U9"]
    assert (
        rows.objects["Account"]["OwnerId"].astype("object").where(lambda cells: cells.notna(), None).tolist()
        == expected
    )
    counts = {(one.owner, one.user_id): (one.state, one.rows) for one in count_owners(lines)}
    assert counts == {
        ("ann", "U1"): ("mapped", 1),
        ("ANN ", "U2"): ("mapped", 1),
        ("bob", "U4"): ("by default", 1),
        ("cid", "U4"): ("by default", 1),
        ("cid", ""): ("unmapped", 1),
        ("U9", ""): ("unmapped", 1),
    }


def test_the_template_proposes_and_reads_back(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("Id,Name,IsDisabled\nU7,Cid Adams,no\nU8,Cid Adam,yes\nU9,Una,no\n", "utf-8")
    users = read_owners(tmp_path / "users.csv")
    _, lines = map_owners(TARGET, *loaded(), None, users)
    made = owner_template(count_owners(lines), None, users)
    assert made["owner"].tolist()[-1] == "U9"
    assert made.set_index("owner").loc["U9", ["now", "called"]].tolist() == ["known", "Una"]
    assert made.set_index("owner").loc["cid", ["proposed_id", "now"]].tolist() == ["U7", "unmapped"]
    made.to_csv(tmp_path / "made.csv", index=False)
    assert len(read_user_map(tmp_path / "made.csv")) == len(made)


def test_a_map_that_cannot_be_used_says_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "map.csv").write_text(MAP + "ann,,U5,,perhaps\ncid,,U1,,no\n", encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        read_user_map(tmp_path / "map.csv")
    for said in ("neither yes nor no: `perhaps`", "`ann` becomes 2 different users", "`u1` is active in one row"):
        assert said in refused.value.message
