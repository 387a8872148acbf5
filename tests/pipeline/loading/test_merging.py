"""Merges go in by the target's own calls, and the way back leaves what was there before, byte for byte."""

import json
from pathlib import Path

import pandas as pd
import pytest

from dq.conversion import TargetRows
from dq.conversion.loading import (
    RESULTS,
    merge_files,
    merge_requests,
    number_merges,
    plan_load,
    remaining,
)
from dq.model import TEXT
from dq.pipeline.loading import make_load, take_answers
from tests.conversion.loads import rows_of, shipped
from tests.pipeline.loading.houses import House, contacts, run_folder, salesforce

IDS = [f"C{number:05d}" for number in range(30)]
GONE = {"A0001": "A0000", **dict.fromkeys(IDS[1:4], IDS[0])}
"""A house goes into another with its ten people, and three people into one: four records, so two requests."""
CHANGED: dict[str, dict[str, str | None]] = {
    IDS[0]: {"Phone": "+13015550199", "Email": None},
    **{one: {"AccountId": "A0000", "parent_row_id": "A0000"} for one in IDS[10:19]},
}
CHILDREN = (
    "object,id,source,parent_key,parent_id\nCase,500A,crm,rC00002,\nCase,500B,crm,rC00005,\nTask,00T1,crm,rA0001,\n"
)


def test_merges_go_in_and_come_back_byte_for_byte(tmp_path: Path) -> None:
    house = House()
    before = {f"r{one}": one for one in [*IDS, "A0000", "A0001", "A0002"]}
    run_folder(tmp_path / "friday", contacts(IDS, {}), before, salesforce())
    make_load(tmp_path / "friday", "salesforce", tmp_path / "first", tag="mock-1")
    take_answers(
        tmp_path / "first", tuple(house.take(path) for path in sorted((tmp_path / "first").glob("*-*.csv"))), ()
    )
    was = house.export()

    # The house's last person is not in the new run at all: the target moves them all the same.
    alive = [one for one in IDS if one not in GONE and one != IDS[19]]
    rows = contacts([*alive, "C00031"], CHANGED)
    accounts = rows.objects["Account"]
    rows = TargetRows({**rows.objects, "Account": accounts[accounts["row_id"] != "A0001"]}, rows.parked, {})
    after = {record: GONE.get(one, one) for record, one in before.items() if one != IDS[19]} | {"rC00031": "C00031"}
    run_folder(tmp_path / "saturday", rows, after, salesforce())
    (tmp_path / "children.csv").write_text(CHILDREN, encoding="utf-8")
    delta = tmp_path / "delta"
    make_load(tmp_path / "saturday", "salesforce", delta, since="mock-1", children=(tmp_path / "children.csv",))
    merges = pd.read_csv(delta / "merges.csv", dtype=str, keep_default_na=False)
    assert merges[["row_id", "into_row_id", "request"]].to_numpy().tolist() == [
        ["A0001", "A0000", "1"],
        ["C00001", "C00000", "2"],
        ["C00002", "C00000", "2"],
        ["C00003", "C00000", "3"],
    ]
    assert set(merges["fields_kept"]) == {"", "Email Phone"}
    calls = sorted((delta / "merge").iterdir())
    assert [path.name for path in calls] == ["01-Account.0001.xml", "02-Contact.0001.xml"]

    told = [house.take(path) for path in sorted(delta.glob("*-*.csv"))]
    told += [house.merge(path) for path in calls]
    answers = take_answers(delta, tuple(told), ())
    assert answers.problems == ()
    assert house.rows["Contact", IDS[19]]["Account.External_Id__c"] == "A0000", "moved by the target itself"
    assert "Email" not in house.rows["Contact", IDS[0]]

    back = sorted((delta / "back_out").glob("*.csv"))
    assert [path.name for path in back] == [
        "01-Account.unmerge.csv",
        "02-Contact.unmerge.csv",
        "03-Contact.move_back.csv",
        "04-children.move_back.csv",
        "05-Contact.restore.csv",
        "06-Contact.delete.csv",
        "07-Account.delete.csv",
    ]
    assert (delta / "back_out/04-children.move_back.csv").read_text(encoding="utf-8").splitlines() == [
        "object,id,external_id",
        "Case,500A,C00002",
        "Task,00T1,A0001",
    ]
    for path in back:
        if path.name.endswith(".delete.csv"):
            house.delete(path)
        elif not path.name.startswith("04"):
            house.take(path)
    assert house.export() == was


@pytest.mark.parametrize(
    ("name", "thing", "field", "lines"),
    [
        (
            "dynamics",
            "contact",
            "telephone1",
            [
                {
                    "method": "POST",
                    "path": "/api/data/v9.2/Merge",
                    "body": {
                        "Target": {"contactid": "id0", "@odata.type": "Microsoft.Dynamics.CRM.contact"},
                        "Subordinate": {"contactid": f"id{loser}", "@odata.type": "Microsoft.Dynamics.CRM.contact"},
                        "PerformParentingChecks": False,
                        "UpdateContent": {"telephone1": "1", "@odata.type": "Microsoft.Dynamics.CRM.contact"},
                    },
                }
                for loser in (1, 2)
            ],
        ),
        (
            "hubspot",
            "company",
            "phone",
            [
                {
                    "method": "POST",
                    "path": "/crm/v3/objects/companies/merge",
                    "body": {"primaryObjectId": "id0", "objectIdToMerge": f"id{loser}"},
                }
                for loser in (1, 2)
            ],
        ),
        ("mailing", "Piece", "city", []),
    ],
)
def test_every_target_merges_in_its_own_words(name: str, thing: str, field: str, lines: list[object]) -> None:
    target = shipped(name)
    rows = rows_of(target, thing, {field: "1"}, {}, {}, {})
    own = rows.objects[thing]
    there = own.assign(target_id="id" + own["row_id"].str[1:], **{field: None}).astype(TEXT)
    wanted = TargetRows({thing: own[~own["row_id"].isin(["G1", "G2", "G3"])]}, rows.parked, {})
    merged = {"G1": "G0", "G2": "G0", "G3": "G9"}
    plans = plan_load(target, wanted, {"G0"}, {thing: there}, merged)
    assert number_merges(target, plans)["row_id"].tolist() == ["G1", "G2"], "nobody knows G9"
    files = list(merge_files(target, merge_requests(target, plans)))
    assert [json.loads(line) for file in files for line in file.content.splitlines()] == lines


def test_a_survivor_that_is_not_in_yet_is_merged_into_once_it_is() -> None:
    target = shipped("salesforce")
    own = rows_of(target, "Lead", {}, {}, {}).objects["Lead"]
    there = own[own["row_id"] != "G0"].assign(target_id=["00Q1", "00Q2"])
    wanted = TargetRows({"Lead": own[own["row_id"] == "G0"]}, pd.DataFrame(columns=["row_id"]), {})
    plans = plan_load(target, wanted, {"G0"}, {"Lead": there}, {"G1": "G0", "G2": "G0"})
    assert number_merges(target, plans)["into_target_id"].isna().all()
    assert merge_requests(target, plans) == []
    said = pd.DataFrame([("G0", "Lead", "yes", "00Q9", None)], columns=list(RESULTS)).astype(TEXT)
    (request,) = merge_requests(target, remaining(plans, said))
    assert (request.winner, request.losers) == ("00Q9", ("00Q1", "00Q2"))
