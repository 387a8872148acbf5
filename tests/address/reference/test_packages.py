"""Deliveries: the same records from every packaging, and hostile ones refused."""

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from dq.address.reference import packages
from dq.address.reference.zip4 import load_zip4
from dq.errors import SourceError
from tests.address.reference.conftest import RECORDS, Product
from tests.address.reference.deliveries import header, locked, put, tarred, zip4, zipped
from tests.address.reference.loads import Desk

PASSWORD = b"Horse-Battery-9"
CONTENT = header() + b"".join(zip4(zip5=f"{number:05d}") for number in range(10_000, 10_040))


def _as_folder(product: Product, folder: Path) -> Path:
    for name, content in product.zip4.items():
        put(folder / f"disc/zip4/{name}", content)
    return folder / "disc"


def _as_one_file(product: Product, folder: Path) -> Path:
    return put(folder / "zip4.txt", b"".join(product.zip4.values()))


def _as_zip(product: Product, folder: Path) -> Path:
    return put(folder / "zip4.zip", zipped({f"zip4/{name}": content for name, content in product.zip4.items()}))


def _as_older_disc(product: Product, folder: Path) -> Path:
    inner = {f"zip4/{name[7]}00.zip": zipped({name: content}) for name, content in product.zip4.items()}
    return put(
        folder / "natzip4.zip", zipped({**inner, "ctystate/ctystate.zip": zipped({"c.txt": product.city_state})})
    )


def _as_electronic_delivery(product: Product, folder: Path) -> Path:
    inner = {f"{name[:8]}.zip": zipped({name: text, "readme.txt": b"See us."}) for name, text in product.zip4.items()}
    packed = locked("zip4/all.zip", zipped(inner), PASSWORD)
    return put(folder / "zip4natl.tar", tarred({"epf-zip4natl/zip4/zip4.zip": packed}))


def _as_tar(product: Product, folder: Path) -> Path:
    return put(folder / "zip4.tar", tarred(product.zip4))


def _as_packed_tar(product: Product, folder: Path) -> Path:
    return put(folder / "zip4.tar.gz", tarred(product.zip4, "w:gz"))


def _as_tar_in_zip(product: Product, folder: Path) -> Path:
    return put(folder / "zip4.zip", zipped({"zip4.tgz": tarred(product.zip4, "w:gz")}))


def _as_packed_files(product: Product, folder: Path) -> Path:
    for name, content in product.zip4.items():
        put(folder / f"disc/{name}.gz", gzip.compress(content))
    return folder / "disc"


def _with_line_ends(product: Product, folder: Path) -> Path:
    for name, content in product.zip4.items():
        records = (content[at : at + 182] for at in range(0, len(content), 182))
        put(folder / f"disc/{name}", b"".join(record + b"\r\n" for record in records))
    return folder / "disc"


PACKINGS = (
    *(_as_folder, _as_one_file, _as_zip, _as_older_disc, _as_electronic_delivery, _as_tar, _as_packed_tar),
    *(_as_tar_in_zip, _as_packed_files, _with_line_ends),
)


@pytest.mark.parametrize("pack", PACKINGS, ids=lambda pack: pack.__name__.removeprefix("_"))
def test_every_packaging_gives_the_same_library(
    pack: object, product: Product, plain: Desk, desk: Desk, tmp_path: Path
) -> None:
    delivery = pack(product, tmp_path / "delivery")  # type: ignore[operator]
    report = desk.zip4(delivery, password=PASSWORD)
    assert report.dataset.rows == RECORDS
    assert report.dataset.vintage == "2026-10"
    assert desk.ranges().equals(plain.ranges())
    assert desk.library.datasets()[0].fingerprint() == plain.library.datasets()[1].fingerprint()


def test_several_paths_are_one_product_and_a_file_named_twice_is_read_once(desk: Desk, tmp_path: Path) -> None:
    first, second = put(tmp_path / "in/zip4mst1.txt", CONTENT), put(tmp_path / "in/zip4mst2.txt", CONTENT)
    report = desk.zip4(first, second, tmp_path / "in")
    assert report.dataset.rows == 80
    assert [note for note in report.notes if "named twice" in note] == list(report.notes)
    assert len(report.notes) == 2


def test_progress_goes_through_the_bytes(desk: Desk, tmp_path: Path) -> None:
    order = desk.order(put(tmp_path / "zip4mst.txt", CONTENT))
    load_zip4(order)
    heard = order.listener
    assert heard.total == heard.done == len(CONTENT)  # type: ignore[attr-defined]


# ---- passwords ----------------------------------------------------------------------------------------------------
def test_an_encrypted_archive_needs_the_password(desk: Desk, tmp_path: Path) -> None:
    path = put(tmp_path / "zip4.zip", locked("zip4mst1.txt", CONTENT, PASSWORD))
    with pytest.raises(SourceError) as told:
        desk.zip4(path)
    assert told.value.message == "zip4.zip/zip4mst1.txt is encrypted"
    assert "DQ_USPS_PASSWORD" in told.value.hint
    assert desk.zip4(path, password=PASSWORD).dataset.rows == 40


@pytest.mark.parametrize("number", range(40))
def test_a_wrong_password_is_said_and_never_shown(number: int, desk: Desk, tmp_path: Path) -> None:
    # One of 256 wrong passwords passes the first check of the format, hence several.
    path = put(tmp_path / "zip4.zip", locked("zip4mst1.txt", CONTENT, PASSWORD))
    wrong = f"Wrong-{number}".encode()
    order = desk.order(path, password=wrong)
    with pytest.raises(SourceError, match="the password does not open") as told:
        load_zip4(order)
    for text in (str(told.value), repr(told.value), repr(order)):
        assert wrong.decode() not in text


def test_an_archive_encrypted_in_another_way_is_refused(desk: Desk, tmp_path: Path) -> None:
    content = bytearray(locked("zip4mst1.txt", CONTENT, PASSWORD))
    content[8:10] = (99).to_bytes(2, "little")
    place = content.rindex(b"PK\x01\x02") + 10
    content[place : place + 2] = (99).to_bytes(2, "little")
    with pytest.raises(SourceError, match="encrypted with AES"):
        desk.zip4(put(tmp_path / "zip4.zip", bytes(content)), password=PASSWORD)


# ---- hostile ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["../zip4mst1.txt", "/etc/zip4mst1.txt", "a/../../b.txt", "..\\b.txt", "C:/b.txt"])
def test_members_that_leave_their_archive_are_refused(name: str, desk: Desk, tmp_path: Path) -> None:
    for path in (
        put(tmp_path / "zip4.zip", zipped({name: CONTENT})),
        put(tmp_path / "zip4.tar", tarred({name: CONTENT})),
    ):
        with pytest.raises(SourceError, match="a path that leaves"):
            desk.zip4(path)
    assert [entry.name for entry in tmp_path.rglob("*.txt")] == []


def test_links_in_archives_are_refused(desk: Desk, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("zip4mst1.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    with pytest.raises(SourceError, match="is a link or a device"):
        desk.zip4(put(tmp_path / "zip4.tar", stream.getvalue()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive_zip:
        member = zipfile.ZipInfo("zip4mst1.txt")
        member.external_attr = 0o120777 << 16
        archive_zip.writestr(member, "/etc/passwd")
    with pytest.raises(SourceError, match="is a link"):
        desk.zip4(put(tmp_path / "zip4.zip", stream.getvalue()))


def test_links_and_hidden_files_of_a_folder_are_left_out(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path / "in/zip4mst1.txt", CONTENT)
    put(tmp_path / "in/.zip4mst2.txt", CONTENT)
    put(tmp_path / "in/.git/zip4mst3.txt", CONTENT)
    outside = put(tmp_path / "outside.txt", CONTENT)
    (tmp_path / "in/zip4mst4.txt").symlink_to(outside)
    os.mkfifo(tmp_path / "in/pipe")
    (tmp_path / "in/round").symlink_to(tmp_path / "in")
    report = desk.zip4(tmp_path / "in")
    assert report.dataset.rows == 40
    assert sorted(note.split()[0] for note in report.notes) == ["in/pipe", "in/zip4mst4.txt"]


def test_an_archive_that_grows_like_a_bomb_is_refused(desk: Desk, tmp_path: Path) -> None:
    bomb = header() + zip4() * 4 + bytes(30_000_000)
    with pytest.raises(SourceError, match="grows beyond"):
        desk.zip4(put(tmp_path / "zip4.zip", zipped({"zip4mst1.txt": bomb})))
    with pytest.raises(SourceError, match="grows beyond"):
        desk.zip4(put(tmp_path / "zip4.tar.gz", tarred({"zip4mst1.txt": bomb}, "w:gz")))
    with pytest.raises(SourceError, match="grows beyond"):
        desk.narrowed(max_expanded_bytes=5_000).zip4(put(tmp_path / "zip4.zip", zipped({"zip4mst1.txt": CONTENT})))
    assert list(desk.folder.rglob("*.parquet")) == []


def test_archives_too_deep_or_with_too_many_files_are_refused(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = zipped({"zip4mst1.txt": CONTENT})
    for _ in range(packages.MOST_LEVELS):
        content = zipped({"inner.zip": content})
    with pytest.raises(SourceError, match="archives inside archives"):
        desk.zip4(put(tmp_path / "zip4.zip", content))
    monkeypatch.setattr(packages, "MOST_MEMBERS", 5)
    with pytest.raises(SourceError, match="more than 5 files"):
        desk.zip4(put(tmp_path / "many.zip", zipped({f"{number}.txt": CONTENT for number in range(6)})))


@pytest.mark.parametrize("cut", [30, 400, -10])
def test_damaged_archives_are_refused(cut: int, desk: Desk, tmp_path: Path) -> None:
    members = {"zip4mst1.txt": CONTENT + bytes(range(32, 214)) * 50}
    for name, content in (("a.zip", zipped(members)), ("a.tar.gz", tarred(members, "w:gz"))):
        with pytest.raises(SourceError):
            desk.zip4(put(tmp_path / name, content[:cut]))


def test_a_damaged_byte_in_a_compressed_member_is_found(desk: Desk, tmp_path: Path) -> None:
    content = bytearray(zipped({"zip4mst1.txt": CONTENT}))
    content[150] ^= 0xFF
    with pytest.raises(SourceError, match="damaged"):
        desk.zip4(put(tmp_path / "zip4.zip", bytes(content)))


@pytest.mark.parametrize(
    ("magic", "name"), [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!", "RAR"), (b"BZh9", "bzip2"), (b"\xfd7zXZ\0", "xz")]
)
def test_other_archives_are_named(magic: bytes, name: str, desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=f"is a {name} archive"):
        desk.zip4(put(tmp_path / "delivery", magic + bytes(1000)))


def test_nothing_to_read_is_said(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="there are no files"):
        desk.zip4(tmp_path / "empty")
    with pytest.raises(SourceError, match="does not exist"):
        desk.zip4(tmp_path / "nowhere")
    with pytest.raises(SourceError, match=r"byte 0 of empty\.txt"):
        desk.zip4(put(tmp_path / "empty.txt", b""))
