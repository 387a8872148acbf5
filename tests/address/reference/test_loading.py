"""A load replaces what was there whole or not at all, whatever happens meanwhile."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dq.address.reference import Dataset, Library
from dq.address.reference.library import loading_folder
from dq.address.reference.loading import replacing
from dq.address.reference.zip4 import load_zip4
from dq.errors import ConflictError, SourceError
from tests.address.reference.deliveries import header, put, zip4
from tests.address.reference.loads import Desk, Heard

ROOT = Path(__file__).parents[3]
KILLED_WHILE_READING = """
import os, signal, sys
from pathlib import Path
from tests.address.reference.loads import Desk, Heard, standards
from dq.address.reference.zip4 import load_zip4

class Killer(Heard):
    def advance(self, count):
        os.kill(os.getpid(), signal.SIGKILL)

desk = Desk(Path(sys.argv[1]), standards())
order = desk.order(Path(sys.argv[2]))
object.__setattr__(order, "listener", Killer())
load_zip4(order)
"""


def _product(folder: Path, street: str, month: str = "10") -> Path:
    return put(folder / f"{street}.txt", header(month=month) + zip4(street=street) + zip4(zip5="99501", street=street))


def _content(library: Library) -> dict[str, bytes]:
    folder = library.folder_of("usps-zip4")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


def _streets(desk: Desk) -> set[str]:
    return set(desk.ranges()["street"])


def test_a_reload_replaces_and_leaves_nothing_of_the_old(desk: Desk, tmp_path: Path) -> None:
    desk.zip4(_product(tmp_path, "ELM"))
    only = put(tmp_path / "oak.txt", header() + zip4(zip5="00501", street="OAK"))
    desk.zip4(only)
    assert _streets(desk) == {"OAK"}
    assert set(_content(desk.library)) == {"dataset.json", "ranges/005.parquet"}
    assert sorted(path.name for path in desk.folder.iterdir()) == [".usps-zip4.lock", "usps-zip4"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, SourceError])
def test_an_interrupted_load_leaves_the_old_data(error: type[BaseException], desk: Desk, tmp_path: Path) -> None:
    class Breaking(Heard):
        def advance(self, count: int) -> None:
            raise error("stopped", str(count))

    desk.zip4(_product(tmp_path, "ELM"))
    before = _content(desk.library)
    with pytest.raises(error):
        load_zip4(replace(desk.order(_product(tmp_path, "OAK")), listener=Breaking()))
    assert _content(desk.library) == before
    assert not loading_folder(desk.folder, "usps-zip4").exists()


def test_a_bad_file_leaves_the_old_data(desk: Desk, tmp_path: Path) -> None:
    desk.zip4(_product(tmp_path, "ELM"))
    before = _content(desk.library)
    with pytest.raises(SourceError):
        desk.zip4(put(tmp_path / "cut.txt", header() + zip4() * 10 + zip4()[:50]))
    assert _content(desk.library) == before


def test_a_killed_load_leaves_the_old_data_and_the_next_one_goes_through(desk: Desk, tmp_path: Path) -> None:
    desk.zip4(_product(tmp_path, "ELM"))
    before = _content(desk.library)
    command = [sys.executable, "-c", KILLED_WHILE_READING, str(desk.folder), str(_product(tmp_path, "OAK"))]
    killed = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=120
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert loading_folder(desk.folder, "usps-zip4").exists()
    assert _content(desk.library) == before
    assert [dataset.kind for dataset in desk.library.datasets()] == ["usps-zip4"]
    desk.zip4(tmp_path / "OAK.txt")
    assert _streets(desk) == {"OAK"}
    assert not loading_folder(desk.folder, "usps-zip4").exists()


def test_between_the_two_renames_the_old_data_are_read(desk: Desk, tmp_path: Path) -> None:
    desk.zip4(_product(tmp_path, "ELM"))
    before = desk.library.fingerprint()
    # What a process leaves that dies after the first rename of the swap.
    scratch = loading_folder(desk.folder, "usps-zip4")
    (scratch / "result").mkdir(parents=True)
    (desk.folder / "usps-zip4").rename(scratch / "previous")
    assert _streets(desk) == {"ELM"}
    assert desk.library.fingerprint() == before
    with pytest.raises(SourceError):
        desk.zip4(put(tmp_path / "cut.txt", header()))
    assert _streets(desk) == {"ELM"}
    assert (desk.folder / "usps-zip4").is_dir()


def test_two_loads_of_a_kind_do_not_meet(desk: Desk, tmp_path: Path) -> None:
    with replacing(desk.folder, "usps-zip4"), pytest.raises(ConflictError, match="another load of usps-zip4"):
        desk.zip4(_product(tmp_path, "ELM"))
    desk.zip4(_product(tmp_path, "ELM"))
    assert _streets(desk) == {"ELM"}


def test_what_is_loaded_is_written_down(desk: Desk, tmp_path: Path) -> None:
    path = _product(tmp_path, "ELM")
    report = desk.zip4(path)
    assert desk.library.dataset("usps-zip4") == report.dataset
    assert report.dataset == Dataset(
        kind="usps-zip4",
        vintage="2026-10",
        vintages=("2026-10",),
        loaded_at="2026-11-22T09:30:00+00:00",
        rows=2,
        records={"S": 2},
        skipped={},
        sha256=report.dataset.sha256,
        files=("ELM.txt",),
    )


def test_files_of_several_months_have_the_oldest_vintage(desk: Desk, tmp_path: Path) -> None:
    paths = [_product(tmp_path, "ELM", "09"), _product(tmp_path, "OAK", "10")]
    dataset = desk.zip4(*paths).dataset
    assert (dataset.vintage, dataset.vintages) == ("2026-09", ("2026-09", "2026-10"))
    found = desk.ranges()
    assert dict(zip(found["street"], found["vintage"], strict=True)) == {"ELM": "2026-09", "OAK": "2026-10"}


def test_without_a_header_the_vintage_is_unknown(desk: Desk, tmp_path: Path) -> None:
    dataset = desk.zip4(put(tmp_path / "zip4.txt", zip4() * 3)).dataset
    assert (dataset.vintage, dataset.expires_on()) == (None, None)
    unreadable = put(tmp_path / "other.txt", header(month="XX") + zip4() * 3)
    report = desk.zip4(unreadable)
    assert report.dataset.vintage is None
    assert report.notes == ("other.txt: the copyright record names no month and year",)
