"""Relations follow the merge: contacts hang on the survivor, circles are cut with a case, nothing vanishes unsaid."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.pipeline.runs import run, table, write_csv

ACCOUNTS = [
    line.split("|")
    for line in (
        "account id|company name|street|city|state|zip|phone|website|parent account|account owner|tier",
        "A1|Zywicki Tooling Inc|12 Oak St|Springfield|IL|62704|217-241-7001|zywicki-tooling.com|A3|Kim Lane|",
        "A2|Zywicki Tooling|12 Oak Street|Springfield|IL|62704|217-241-7001|zywicki-tooling.com|A1|Lee Park|gold",
        "A3|Quillfeather Holdings LLC|900 Lake Shore Dr|Chicago|IL|60601|312-664-1234|quillfeather.com|A2|Kim Lane|",
        "A4|Montalbano Foods Corp|7 Elm Ave|Peoria|IL|61602|309-671-5555|montalbano.com|A3|Kim Lane|",
    )
]
CONTACTS = [
    ["contact id", "account id", "first name", "last name", "email"],
    ["C1", "A1", "Ann", "Carter", "ann.carter@zywicki-tooling.com"],
    ["C2", "A2", "Bob", "Delgado", "bob.delgado@zywicki-tooling.com"],
    ["C3", "A4", "Eve", "Farrow", "eve.farrow@montalbano.com"],
]


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("relations")
    write_csv(folder / "crm" / "accounts.csv", ACCOUNTS)
    write_csv(folder / "crm" / "contacts.csv", CONTACTS)
    return run([folder / "crm"], folder / "out", part_rows=3).out


def golden_ids(out: Path) -> pd.Series:
    crosswalk = table(out, "crosswalk.csv")
    return crosswalk.set_index("source_key")["golden_id"]


def test_contacts_of_merged_accounts_hang_on_the_survivor(merged: Path) -> None:
    ids, relations = golden_ids(merged), table(merged, "golden_relations.parquet")
    assert ids["A1"] == ids["A2"]
    works_for = relations[relations["type"] == "works_for"].set_index("from_golden_id")["to_golden_id"]
    assert works_for[ids["C1"]] == works_for[ids["C2"]] == ids["A1"]
    assert works_for[ids["C3"]] == ids["A4"]


def test_a_circle_made_by_a_merge_is_cut_and_asked_about(merged: Path) -> None:
    ids, relations = golden_ids(merged), table(merged, "golden_relations.parquet")
    parents = {
        tuple(edge) for edge in relations.loc[relations["type"] == "parent", ["from_golden_id", "to_golden_id"]].values
    }
    circle = {(ids["A1"], ids["A3"]), (ids["A3"], ids["A1"])}
    assert len(parents & circle) == 1
    assert (ids["A4"], ids["A3"]) in parents
    cases = table(merged, "cases.parquet")
    (cut,) = cases[cases["kind"] == "hierarchy_circle"].to_dict("records")
    assert cut["evidence"].startswith("cut as the weakest relation of the circle G")
    assert {cut["record_id"], cut["record_id_r"]} < {"crm/accounts:A1", "crm/accounts:A2", "crm/accounts:A3"}


def test_what_no_golden_relation_carries_is_in_the_provenance(merged: Path) -> None:
    ids, provenance = golden_ids(merged), table(merged, "provenance.parquet")
    dropped = provenance[provenance["rule"] == "relation_dropped"]
    lost = [
        (golden_id, entry["value"], entry["why"])
        for golden_id, text in zip(dropped["golden_id"], dropped["alternates"], strict=True)
        for entry in json.loads(text)
    ]
    assert (ids["A1"], "crm/accounts:A1", "same_customer") in lost
    assert [why for _, _, why in lost].count("hierarchy_circle") == 1
    assert not provenance.duplicated(["golden_id", "contact_point_id", "column"]).any()


def test_columns_nobody_knows_survive_by_rule(merged: Path) -> None:
    golden = table(merged, "golden.parquet").set_index("golden_id").loc[golden_ids(merged)["A1"]]
    assert golden["extra.account owner"] == "Kim Lane"
    assert golden["extra.tier"] == "gold"
    provenance = table(merged, "provenance.parquet")
    rows = provenance[provenance["golden_id"] == golden.name].set_index("column")
    assert rows.at["extra.account owner", "rule"] == "smallest_record_id"
    assert "Lee Park" in rows.at["extra.account owner", "alternates"]
    assert rows.at["extra.tier", "rule"] == "only_value"
