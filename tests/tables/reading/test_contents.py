"""Archives: read where they are honest, refused with the reason where they are not."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from dq.errors import SourceError
from tests.tables.reading.extracts import LIMITS, read, read_one

_TABLE = b"id,zip\n1,02139\n2,NA\n"
_ROWS = [["1", "02139"], ["2", "NA"]]


def _zip(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _encrypted() -> bytes:
    data = bytearray(_zip(("a.csv", _TABLE)))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + offset] |= 1
    return bytes(data)


def _lying() -> bytes:
    """Claim that a large member is small."""
    large = b"id,zip\n" + b"1,02139\n" * 100_000
    data = bytearray(_zip(("a.csv", large)))
    for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(magic) + offset
        data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv.gz", gzip.compress(_TABLE)),
        ("x.zip", _zip(("a.csv", _TABLE))),
        ("x.csv", gzip.compress(_TABLE)),
        ("x.zip", _zip(("__MACOSX/._a.csv", b"junk"), ("in/a.csv", _TABLE), ("in/.DS_Store", b"junk"))),
    ],
    ids=["gz", "zip", "gz by content", "zip of a Mac"],
)
def test_compressed_files_are_read(name: str, content: bytes, tmp_path: Path) -> None:
    assert read_one(tmp_path, content, name).rows == _ROWS


def test_members_of_an_archive_are_like_files_of_a_folder(tmp_path: Path) -> None:
    parts = read_one(tmp_path, _zip(("2.csv", b"ID,zip\n3,x\n"), ("1.csv", _TABLE)), "x.zip")
    assert parts.rows == [*_ROWS, ["3", "x"]]
    assert parts.files == ["x.zip/1.csv", "x.zip/1.csv", "x.zip/2.csv"]
    tables = read(tmp_path, _zip(("accounts.csv", _TABLE), ("contacts.csv", b"k,v\n1,2\n")), "y.zip")
    assert [found.table.table for found in tables] == ["accounts", "contacts"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.zip", _zip(("../../a.csv", _TABLE)), "leaves the archive"),
        ("x.zip", _zip(("/etc/a.csv", _TABLE)), "leaves the archive"),
        ("x.zip", _zip(("c:\\a.csv", _TABLE)), "leaves the archive"),
        ("x.zip", _zip(("a.zip", _zip(("a.csv", _TABLE)))), "archive inside an archive"),
        ("x.zip", _zip(("a.csv.gz", gzip.compress(_TABLE))), "archive inside an archive"),
        ("x.csv.gz.gz", gzip.compress(gzip.compress(_TABLE)), "archive inside an archive"),
        ("x.zip", _encrypted(), "encrypted"),
        ("x.zip", _lying(), "damaged"),
        ("x.zip", _zip(), "without a table"),
        ("x.zip", b"PK\x03\x04" + bytes(100), "damaged"),
        ("x.csv.gz", gzip.compress(_TABLE * 1000)[:-30], "damaged"),
        ("x.csv.gz", gzip.compress(b""), "holds nothing"),
    ],
)
def test_archives_that_cannot_be_trusted_are_refused(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        read(tmp_path, content, name)
    assert caught.value.hint
    assert not list((tmp_path / "out").glob(".unpacked-*"))


@pytest.mark.parametrize(("name", "pack"), [("x.csv.gz", gzip.compress), ("x.zip", lambda data: _zip(("a.csv", data)))])
@pytest.mark.parametrize("limit", ["max_expansion", "max_expanded_bytes"])
def test_bombs_are_refused_while_they_expand(name: str, pack: object, limit: str, tmp_path: Path) -> None:
    bomb = pack(b"id,zip\n" + b"0" * 30_000_000)  # type: ignore[operator]
    limits = LIMITS.model_copy(update={limit: 2 if limit == "max_expansion" else 1_000_000})
    with pytest.raises(SourceError, match="grows beyond") as caught:
        read(tmp_path, bomb, name, limits)
    assert "unpack it first" in caught.value.hint


def test_small_files_may_compress_well(tmp_path: Path) -> None:
    content = gzip.compress(b"id,zip\n" + b"1,02139\n" * 100_000)
    assert read_one(tmp_path, content, "x.csv.gz").table.row_count == 100_000
