"""`dq reference` as a person meets it: what is loaded, what is not, how old it is, and what went wrong."""

import json
from pathlib import Path

import pytest

from dq.address.reference.packages import PASSWORD
from tests.address.reference.deliveries import CITY_LENGTH, city, header, locked, put, zip4
from tests.cli.terminals import Terminal

SECRET = "Horse-Battery-9"


@pytest.fixture
def desk(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal whose reference library is empty and its own."""
    monkeypatch.setenv("DQ_REFERENCE", str(terminal.folder / "library"))
    monkeypatch.delenv(PASSWORD, raising=False)
    return terminal


def product(folder: Path, month: str = "10", year: str = "26") -> Path:
    """Write a small ZIP+4 file."""
    records = (zip4(street="ELM"), zip4(record_type="G"), zip4(record_type="M"))
    return put(folder / "zip4mst1.txt", header(month=month, year=year) + b"".join(records))


def test_an_empty_library_says_what_that_means(desk: Terminal) -> None:
    answer = desk.dq("reference", "status")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        f"No reference data are loaded in {desk.folder / 'library'}.",
        "Without them an address is checked by ZIP, city and state alone: no street, house number, unit or ZIP+4 is "
        "confirmed.",
        "To load them: dq reference load usps-zip4 PATH",
    ]


def test_a_load_says_what_came_of_it_and_status_repeats_it(desk: Terminal) -> None:
    answer = desk.dq("reference", "load", "usps-zip4", product(desk.folder))
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0] == "usps-zip4"
    assert lines[1].startswith("  vintage     2026-10 (")
    assert lines[3] == "  rows        2 (records: G 1, M 1, S 1)"
    assert lines[4] == "  skipped     M 1: records of types that are not used"
    assert lines[5] == "  from        zip4mst1.txt"
    assert lines[6].startswith(f"  in          {desk.folder / 'library' / 'usps-zip4'} (")
    status = desk.dq("reference", "status")
    assert status.out.splitlines()[: len(lines) - 1] == lines[:-1]
    assert status.out.splitlines()[-1] == (
        "usps-citystate is not loaded: other names of cities and streets are not known"
    )


def test_data_too_old_are_said_with_the_day(desk: Terminal) -> None:
    answer = desk.dq("reference", "load", "usps-zip4", product(desk.folder, "11", "22"))
    line = "  TOO OLD     mail may be coded with these data until 2023-01-31; load the current product"
    assert line in answer.out.splitlines()
    assert line in desk.dq("reference", "status").out.splitlines()
    assert "TOO OLD" not in desk.dq("reference", "load", "usps-zip4", product(desk.folder, "12", "89")).out


def test_status_as_json(desk: Terminal) -> None:
    desk.dq("reference", "load", "usps-zip4", product(desk.folder, "11", "22"), "--quiet")
    put(desk.folder / "library/findings/bureau.parquet", b"")
    document = json.loads(desk.dq("reference", "status", "--format", "json").out)
    assert document["folder"] == str(desk.folder / "library")
    assert document["missing"] == ["usps-citystate"]
    assert document["findings"] == ["bureau"]
    (dataset,) = document["datasets"]
    assert dataset["records"] == {"G": 1, "M": 1, "S": 1}
    assert (dataset["vintage"], dataset["expires_on"], dataset["is_expired"]) == ("2022-11", "2023-02-01", True)
    assert dataset["bytes"] > 0
    assert dataset["days_old"] > 1000


def test_quiet_prints_nothing(desk: Terminal) -> None:
    answer = desk.dq("reference", "load", "usps-zip4", product(desk.folder), "--quiet")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_the_city_state_product(desk: Terminal) -> None:
    path = put(desk.folder / "ctystate.txt", header(CITY_LENGTH) + city(zip5="12345", city="ELMIRA"))
    assert desk.dq("reference", "load", "usps-citystate", path).code == 0
    assert (
        "usps-zip4 is not loaded: no street, house number, unit or ZIP+4 is confirmed"
        in desk.dq("reference", "status").out
    )


@pytest.mark.parametrize("kind", ["tiger", "USPS-ZIP4", "", "../x"])
def test_an_unknown_kind_is_refused_with_the_known_ones(kind: str, desk: Terminal) -> None:
    answer = desk.dq("reference", "load", kind, product(desk.folder))
    assert answer.code == 2
    assert answer.said[0] == f"dq: reference data of the kind {kind!r} are unknown"
    assert "usps-zip4, usps-citystate" in answer.said[1]


def test_a_bad_file_is_named_by_file_and_byte(desk: Terminal) -> None:
    path = put(desk.folder / "zip4mst1.txt", header() + zip4() * 5 + zip4()[:100])
    answer = desk.dq("reference", "load", "usps-zip4", path)
    assert answer.code == 2
    assert "zip4mst1.txt: the file ends inside the record at byte 1,092: 100 bytes instead of 182" in answer.said[0]
    assert not (desk.folder / "library/usps-zip4").exists()


def test_a_password_comes_from_the_environment_and_is_never_shown(
    desk: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(desk.folder / "zip4.zip", locked("zip4mst1.txt", header() + zip4() * 3, SECRET.encode()))
    answer = desk.dq("reference", "load", "usps-zip4", path)
    assert answer.code == 2
    assert PASSWORD in answer.said[1]
    monkeypatch.setenv(PASSWORD, "Wrong-1")
    answer = desk.dq("reference", "load", "usps-zip4", path)
    assert answer.code == 2
    assert "Wrong-1" not in answer.out + answer.err
    monkeypatch.setenv(PASSWORD, SECRET)
    answer = desk.dq("reference", "load", "usps-zip4", path)
    assert answer.code == 0
    assert SECRET not in answer.out + answer.err
    assert all(SECRET.encode() not in path.read_bytes() for path in (desk.folder / "library").rglob("*.json"))


def test_a_home_keeps_its_own_library(desk: Terminal) -> None:
    put(desk.folder / "dq.toml", b'key = "a secret of sixteen or more"\n')
    desk.dq("reference", "load", "usps-zip4", product(desk.folder), "--quiet")
    assert (desk.folder / "var/reference/usps-zip4/dataset.json").is_file()
    assert not (desk.folder / "library").exists()


def test_the_synthetic_product_is_loaded_as_it_comes(desk: Terminal) -> None:
    answer = desk.dq("sample", "--usps", "600", "--addresses", "50", "--out", "sample")
    assert answer.code == 0, answer.err
    assert "  addresses.csv: 50" in answer.out.splitlines()
    assert desk.dq("reference", "load", "usps-zip4", "sample", "--quiet").code == 0
    document = json.loads(desk.dq("reference", "status", "--format", "json").out)
    assert document["datasets"][0]["rows"] == 600


def test_a_sample_without_sense_is_refused(desk: Terminal) -> None:
    assert (
        desk.dq("sample", "--addresses", "50", "--out", "sample").said[0].startswith("dq: --addresses without --usps")
    )
    assert "too few" in desk.dq("sample", "--usps", "10", "--out", "sample").said[0]
