"""The list that goes to the mail house: keyed, minimal, the same whatever the order, remembered without names."""

from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.address.bureau import EXPORT, export_list, sent_list, write_export
from dq.address.bureau.exporting import SENT, read_sent
from dq.address.findings import address_key, name_key
from dq.model import TEXT
from dq.tables.people_files import read_people_csv
from tests.address.bureau.mailhouse import people


def test_one_row_per_address_and_name_and_nothing_else() -> None:
    listed = export_list(*people())
    assert list(listed.columns) == list(EXPORT)
    rows = sorted(listed.drop(columns="key").fillna("").itertuples(index=False, name=None))
    assert rows == [
        ("", "", "Acme Corp", "100 MAIN ST", "C/O JOE", "BOSTON", "MA", "02139", ""),
        ("", "", "Acme Corp", "PO BOX 77", "", "BOSTON", "MA", "02139", ""),
        ("Homer", "Simpson", "", "742 EVERGREEN TER APT 2B", "", "SPRINGFIELD", "IL", "62704", ""),
        ("Marge", "Simpson", "", "742 EVERGREEN TER APT 2B", "", "SPRINGFIELD", "IL", "62704", "9999"),
        ("Ned", "Flanders", "", "12 OAK ST", "", "SPRINGFIELD", "IL", "62702", ""),
    ]


def test_the_key_is_that_of_the_address_and_the_name() -> None:
    points, records = people()
    listed = export_list(points, records)
    homer = listed[listed["first_name"] == "Homer"].iloc[0]
    address = address_key(points.iloc[[0]]).iloc[0]
    assert homer["key"] == f"{address}-{name_key(pd.Series(['SIMPSON|HOMER'], dtype=TEXT)).iloc[0]}"


def test_equal_names_at_an_address_are_one_row() -> None:
    points, records = people()
    twice = pd.concat([points, points.assign(record_id=points["record_id"].replace("crm:1", "web:9"))])
    copied = records[records["record_id"] == "crm:1"].assign(record_id="web:9", first_name="HOMER")
    listed = export_list(twice.reset_index(drop=True), pd.concat([records, copied], ignore_index=True))
    assert len(listed) == len(export_list(points, records))


def test_an_address_without_a_name_is_asked_about_once() -> None:
    points, records = people()
    listed = export_list(points.iloc[:2], records.assign(**dict.fromkeys(["first_name", "last_name"], pd.NA)))
    assert listed["key"].tolist() == [f"{address_key(points.iloc[:1]).iloc[0]}-{'0' * 20}"]


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_the_order_of_points_and_records_is_irrelevant(seed: int) -> None:
    points, records = people()
    shuffled = export_list(points.sample(frac=1, random_state=seed), records.sample(frac=1, random_state=seed))
    pd.testing.assert_frame_equal(shuffled, export_list(points, records))


def test_the_file_is_for_machines_and_formulas_are_counted(tmp_path: Path) -> None:
    points, records = people()
    records["last_name"] = records["last_name"].replace("Flanders", '=HYPERLINK("http://x")')
    report = write_export(points, records, tmp_path / "list.csv", tmp_path / "library")
    read = read_people_csv(tmp_path / "list.csv", guarded=False)
    pd.testing.assert_frame_equal(read.astype(TEXT), export_list(points, records))
    assert (report.rows, report.addresses, report.left_out, report.formulas) == (5, 4, 2, 1)


def test_what_was_sent_is_remembered_without_names(tmp_path: Path) -> None:
    points, records = people()
    report = write_export(points, records, tmp_path / "list.csv", tmp_path)
    again = write_export(points, records, tmp_path / "again.csv", tmp_path)
    assert report.remembered == again.remembered
    (remembered,) = read_sent(tmp_path)
    assert list(remembered.columns) == list(SENT)
    pd.testing.assert_frame_equal(remembered, sent_list(points, records).astype(TEXT))
    everything = " ".join(remembered.fillna("").to_numpy().ravel())
    assert not any(name in everything for name in ("Simpson", "Homer", "Acme", "Flanders"))


def test_nothing_to_ask_is_an_empty_list(tmp_path: Path) -> None:
    points, records = people()
    report = write_export(points.iloc[5:7], records, tmp_path / "list.csv", tmp_path)
    assert (report.rows, report.left_out) == (0, 2)
    assert (tmp_path / "list.csv").read_text(encoding="utf-8") == ",".join(EXPORT) + "\n"
