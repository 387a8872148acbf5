"""Who has died is marked, whether the name, a status or a column of the source says so."""

from pathlib import Path

import pandas as pd
import pytest

from dq.settings import load_settings
from dq.standardize import with_deceased
from dq.standards import load_standards

STANDARDS = load_standards(load_settings(Path("/")).standards, load_settings(Path("/")).expectations)


@pytest.mark.parametrize(
    ("cells", "is_deceased"),
    [
        ({"flags": "name:estate"}, True),
        ({"flags": "phone:fictitious name:deceased"}, True),
        ({"flags": "name:deceased name:two_people"}, False),
        ({"flags": "name:deceased", "party_type": "organization"}, False),
        ({"status": "Dec'd"}, True),
        ({"status": "DECEASED "}, True),
        ({"status": "active"}, False),
        ({"extra.Deceased": "Y"}, True),
        ({"extra.IS_DECEASED": "1"}, True),
        ({"extra.isDeceased": "0"}, False),
        ({"extra.Deceased Flag": "N"}, False),
        ({"extra.DateOfDeath": "2024-05-01"}, True),
        ({"extra.Date of death": None}, False),
        ({"extra.Notes": "deceased"}, False),
        ({}, False),
    ],
)
def test_who_is_marked(cells: dict[str, object], is_deceased: bool) -> None:
    row = {"record_id": "s:1", "party_type": "person", "flags": None, "status": None, **cells}
    records = pd.DataFrame([row]).astype("str")
    assert with_deceased(records, STANDARDS.survivorship.deceased)["is_deceased"].tolist() == [is_deceased]


def test_a_status_marks_the_name_as_a_note_in_it_does() -> None:
    rows = [{"status": "deceased", "flags": "phone:fictitious"}, {"status": "deceased", "flags": "name:estate"}, {}]
    records = pd.DataFrame([{"party_type": "person", "flags": None, "status": None, **row} for row in rows])
    marked = with_deceased(records.astype("str"), STANDARDS.survivorship.deceased)["flags"]
    assert marked.fillna("").tolist() == ["phone:fictitious name:deceased", "name:estate", ""]
