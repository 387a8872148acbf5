"""ZIP+4 records: what each becomes, what is counted and skipped, what is refused."""

from pathlib import Path

import pandas as pd
import pytest

from dq.address.findings import RANGES
from dq.address.reference import records, zip3_files
from dq.errors import SourceError
from tests.address.reference.conftest import RECORDS, Product
from tests.address.reference.deliveries import ZIP4_LENGTH, header, put, zip4
from tests.address.reference.loads import Desk

CASES = pd.read_csv(
    Path(__file__).parents[2] / "cases/usps_ranges.csv", dtype="str", keep_default_na=False, na_filter=False
)


def cells(text: str) -> dict[str, str]:
    """Read `name=value` pairs; a blank inside a value is written as `~`."""
    return {name: value.replace("~", " ") for name, value in (pair.split("=") for pair in text.split())}


def test_records_become_ranges(desk: Desk, tmp_path: Path) -> None:
    written = [zip4(**cells(case)) for case in CASES["written"]]
    desk.zip4(put(tmp_path / "zip4mst.txt", header() + b"".join(written)))
    found = desk.ranges()
    assert tuple(found.columns) == RANGES
    by_content = {
        tuple(sorted(row.dropna().drop(["kind", "source", "vintage"]).items())) for _, row in found.iterrows()
    }
    assert by_content == {tuple(sorted(cells(case).items())) for case in CASES["loaded"]}
    assert len(found) == len(CASES)
    assert set(found["kind"]) == {"range"}
    assert set(found["source"]) == {"usps_zip4"}
    assert set(found["vintage"]) == {"2026-10"}


def test_unknown_types_are_counted_and_skipped(desk: Desk, tmp_path: Path) -> None:
    unknown = [zip4(record_type="M"), zip4(code="X"), zip4(code="N", zip5="     ")]
    path = put(tmp_path / "zip4mst.txt", header() + zip4() + b"".join(unknown) + zip4(record_type="G"))
    dataset = desk.zip4(path).dataset
    assert dataset.rows == len(desk.ranges()) == 2
    assert dataset.records == {"G": 1, "M": 1, "N": 1, "S": 1, "X": 1}
    assert dataset.skipped == {"M": 1, "N": 1, "X": 1}


def test_a_zip3_that_comes_back_stands_with_the_earlier_one(desk: Desk, tmp_path: Path) -> None:
    zips = ["10001", "99501", "10301", "00501", "10002", "99502", "10001"]
    ranges = [zip4(zip5=zip5, low=f"{number:010d}") for number, zip5 in enumerate(zips)]
    for number, batch in enumerate((ranges[:3], ranges[3:5], ranges[5:])):
        put(tmp_path / f"parts/zip4mst{number}.txt", header() + b"".join(batch))
    desk.zip4(tmp_path / "parts")
    assert {path.stem for path in (desk.folder / "usps-zip4/ranges").iterdir()} == {"005", "100", "103", "995"}
    found = desk.ranges()
    assert list(zip(found["zip5"], found["low"], strict=True)) == [
        ("00501", "3"), ("10001", "0"), ("10001", "6"), ("10002", "4"), ("10301", "2"), ("99501", "1"), ("99502", "5"),
    ]  # fmt: skip


def test_files_of_several_chunks_lose_no_record(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "CHUNK_RECORDS", 64)
    monkeypatch.setattr(zip3_files, "WAITING_ROWS", 150)
    content = b"".join(zip4(zip5=f"{10_000 + 97 * number % 900}", low=f"{number:010d}") for number in range(1000))
    assert desk.zip4(put(tmp_path / "zip4mst.txt", header() + content)).dataset.rows == 1000
    found = desk.ranges()
    assert sorted(found["low"].astype(int)) == list(range(1000))
    assert found["zip5"].is_monotonic_increasing
    assert {path.suffix for path in (desk.folder / "usps-zip4/ranges").iterdir()} == {".parquet"}


def test_the_synthetic_product_comes_back_record_by_record(desk: Desk, product: Product) -> None:
    report = desk.zip4(product.folder / "zip4")
    assert report.dataset.rows == RECORDS
    assert report.notes == ()
    found = desk.ranges()
    content = b"".join(product.zip4.values())
    everything = [content[at : at + ZIP4_LENGTH] for at in range(0, len(content), ZIP4_LENGTH)]
    details = [record for record in everything if record.startswith(b"D")]
    expected = sorted(
        (record[1:6].decode(), record[24:52].decode().rstrip(), record[176:].decode()) for record in details
    )
    assert sorted(zip(found["zip5"], found["street"], found["last_line_key"], strict=True)) == expected
    assert set(found["record_type"]) == set("SHFPRG")


def test_a_file_of_updates_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = put(tmp_path / "update.txt", header() + zip4() + zip4(action="D"))
    with pytest.raises(SourceError, match="holds deletions"):
        desk.zip4(path)


def test_a_file_of_headers_only_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"zip4mst\.txt: no ZIP\+4 records"):
        desk.zip4(put(tmp_path / "zip4mst.txt", header()))
    assert desk.library.datasets() == ()
