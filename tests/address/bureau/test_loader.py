"""The answer as a load of reference data, in sentences."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from dq.address.bureau import export_list, write_export
from dq.address.bureau.loader import load_bureau
from dq.address.reference import LoadOrder
from tests.address.bureau.mailhouse import Truth, answered, key_of, people
from tests.address.policies import policy


class Silence:
    """A listener that hears nothing."""

    def say(self, line: str) -> None: ...

    def begin(self, step: str, total: int) -> None: ...

    def advance(self, count: int) -> None: ...


def test_what_came_of_a_load_is_said_in_sentences(tmp_path: Path) -> None:
    points, records = people()
    write_export(points, records, tmp_path / "list.csv", tmp_path)
    listed = export_list(points, records)
    truths = {key_of(listed, "12 OAK ST", "Ned"): Truth(ncoa="02", move_type="I", move_on="202606", vacant="?")}
    answer = answered(listed, truths).assign(Remarks="none")
    stranger = answer.iloc[[0]].assign(key="nobody")
    pd.concat([answer.iloc[:4], stranger]).to_csv(tmp_path / "answer.csv", index=False)
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    report = load_bureau(LoadOrder((tmp_path / "answer.csv",), tmp_path, policy().standards, at, None, Silence()))
    assert (report.dataset.kind, report.dataset.vintage) == ("bureau", "2026-10-05")
    assert dict(report.dataset.records) == {"told": 4, "unchanged": 0, "refused": 1}
    assert report.notes[:5] == (
        "1 of 5 rows that were sent did not come back",
        "1 row refused: the key was never sent",
        "addresses: confirmed 3",
        "moves: individual 1",
        "1 row with an unknown code in vacant; it stands in the detail of the finding",
    )
    assert report.notes[5] == "answer.csv: not read: Remarks"
    assert "dpv from DPV_CODE" in report.notes[6]
