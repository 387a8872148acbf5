"""The library: what is there, how old it is, and a fingerprint that follows the content only."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dq.address.reference import Dataset, Library
from dq.address.reference.dataset import read_dataset, write_dataset
from dq.errors import SourceError
from tests.address.reference.deliveries import header, put, zip4
from tests.address.reference.loads import Desk

DATASET = Dataset(
    "usps-zip4", "2026-10", ("2026-10",), "2026-11-22T09:30:00+00:00", 2, {"S": 2}, {}, "ab" * 32, ("zip4mst.txt",)
)


def test_an_empty_library_has_nothing_and_its_own_fingerprint(tmp_path: Path) -> None:
    library = Library(tmp_path / "nowhere")
    assert library.datasets() == ()
    assert library.ranges(["123"]) == {}
    assert library.cities_path() is library.aliases_path() is library.zone_splits_path() is None
    assert library.fingerprint() == Library(tmp_path).fingerprint()


def test_it_finds_the_ranges_that_are_there(plain: Desk) -> None:
    library = plain.library
    zip3s = {str(zip5)[:3] for zip5 in plain.ranges()["zip5"]}
    found = library.ranges([*zip3s, "no", "../", "998", next(iter(zip3s))])
    assert set(found) == zip3s
    assert all(path.is_file() for path in found.values())
    assert [dataset.kind for dataset in library.datasets()] == ["usps-citystate", "usps-zip4"]
    assert library.size_of("usps-zip4") > sum(path.stat().st_size for path in found.values())


def test_the_fingerprint_follows_the_content(desk: Desk, tmp_path: Path) -> None:
    first = put(tmp_path / "a.txt", header() + zip4(street="ELM"))
    desk.zip4(first)
    before = desk.library.fingerprint()
    later = replace(
        desk.order(put(tmp_path / "other/b.txt", first.read_bytes())), loaded_at=datetime(2030, 1, 1, tzinfo=UTC)
    )
    from dq.address.reference.zip4 import load_zip4

    load_zip4(later)
    assert desk.library.fingerprint() == before, "neither the moment nor the names of the files count"
    desk.zip4(put(tmp_path / "c.txt", header() + zip4(street="OAK")))
    assert desk.library.fingerprint() != before


def test_other_files_in_the_library_disturb_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.zip4(put(tmp_path / "a.txt", header() + zip4()))
    before = desk.library.fingerprint()
    put(desk.folder / "findings/bureau.parquet", b"")
    put(desk.folder / "notes.txt", b"bought in May")
    (desk.folder / "empty").mkdir()
    assert desk.library.fingerprint() == before


def test_a_dataset_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_dataset(tmp_path, DATASET)
    assert read_dataset(tmp_path) == DATASET


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"kind": 1}', "\udcff", '{"kind": "x", "vintage": "May"}'], ids=str.__repr__
)
def test_a_damaged_dataset_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / "dataset.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SourceError, match="is damaged"):
        read_dataset(tmp_path)


def test_a_dataset_of_another_format_must_be_loaded_again(tmp_path: Path) -> None:
    write_dataset(tmp_path, replace(DATASET, format=99))
    with pytest.raises(SourceError, match="another version"):
        read_dataset(tmp_path)


@pytest.mark.parametrize(
    ("vintage", "expires_on"),
    [("2026-10", date(2027, 1, 1)), ("2026-12", date(2027, 3, 1)), ("2026-01", date(2026, 4, 1)), (None, None)],
)
def test_postal_data_may_code_mail_for_three_months(vintage: str | None, expires_on: date | None) -> None:
    dataset = replace(DATASET, vintage=vintage)
    assert dataset.expires_on() == expires_on
    assert replace(dataset, kind="tiger").expires_on() is None


@pytest.mark.parametrize(("vintage", "days"), [("2026-10", 51), ("2026-10-15", 37), (None, None)])
def test_the_age_counts_from_the_first_day_of_a_month(vintage: str | None, days: int | None) -> None:
    assert replace(DATASET, vintage=vintage).days_old(date(2026, 10, 1) + timedelta(days=51)) == days
