"""Files and archive members as streams of bytes, guarded against archives that mean harm. Unpacks nothing to disk."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, Literal

from dq.errors import SourceError
from dq.standards.ingest import Ingest
from dq.tables.reading.pieces import NothingInsideError, Report
from dq.tables.reading.source import stem_of

Kind = Literal["text", "parquet", "workbook"]

HARMLESS: Final = 10_000_000
"""Expanded bytes below which the growth of a compressed file is not looked at: there is nothing to protect."""

_REFUSED: Final = (
    (b"%PDF", "a PDF document", "export the table as CSV or Excel"),
    (b"\x89PNG", "a picture", "name the file that holds the table"),
    (b"\xff\xd8\xff", "a picture", "name the file that holds the table"),
    (b"GIF8", "a picture", "name the file that holds the table"),
    (b"\x7fELF", "a program", "name the file that holds the table"),
    (b"SQLite format 3", "a database", "export its tables as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it first"),
)
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_GZIP: Final = b"\x1f\x8b"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: Final = 512


@dataclass(frozen=True)
class Content:
    """Bytes of one file or archive member.

    Attributes:
        file: Name for people, within its source.
        stem: Its name without endings.
        kind: What the first bytes say it is.
        open: Opens it at the start; the bytes read from disk go to the report.
        path: Where it lies as it is; None inside an archive.
    """

    file: str
    stem: str
    kind: Kind
    open: Callable[[Report], BinaryIO]
    path: Path | None = None


def silent(_: int) -> None:
    """Report to nobody."""


def open_contents(path: Path, label: str, limits: Ingest) -> list[Content]:
    """List what a file holds: itself, or the members of an archive in name order.

    Raises:
        SourceError: The file is empty, binary, or an archive that is nested, encrypted, damaged or a bomb.
    """
    with path.open("rb") as stream:
        head = stream.read(_MAGIC)
    if not head:
        raise NothingInsideError(f"{label} is an empty file", "leave it out or export it again")
    if head.startswith((_ZIP, _EMPTY_ZIP)) and not _is_workbook(path, label):
        return _members(path, label, limits)
    if head.startswith(_GZIP):
        return [_unzipped(path, label, limits)]
    kind = _kind(head, label)
    if kind == "workbook" and head.startswith(_ZIP):
        _check_expansion(path, label, limits)
    return [Content(label, stem_of(path), kind, lambda report: _metered(path, report), path)]


def _kind(head: bytes, label: str) -> Kind:
    for magic, what, hint in _REFUSED:
        if head.startswith(magic):
            raise SourceError(f"{label} is {what}, not a table", hint)
    if head[257:262] == b"ustar":
        raise SourceError(f"{label} is a tar archive, not a table", "unpack it first")
    if head.startswith(b"PAR1"):
        return "parquet"
    return "workbook" if head.startswith((_ZIP, _OLE)) else "text"


class _Metered(io.RawIOBase):
    """A stream that reports the bytes it gives."""

    def __init__(self, stream: BinaryIO, report: Report) -> None:
        self._stream, self._report = stream, report

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self._report(len(data))
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _metered(path: Path, report: Report) -> BinaryIO:
    return io.BufferedReader(_Metered(path.open("rb"), report), 1 << 20)


class _Guarded(io.RawIOBase):
    """A decompressed stream that stops where it grows like a bomb, and names damage in plain words."""

    def __init__(self, stream: BinaryIO, label: str, packed: int, limits: Ingest) -> None:
        self._stream, self._label, self._read = stream, label, 0
        self._most = min(limits.max_expanded_bytes, max(packed * limits.max_expansion, HARMLESS))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            data = self._stream.read(len(view))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise SourceError(f"{self._label} is damaged: {error}", "copy or export it again") from error
        self._read += len(data)
        if self._read > self._most:
            raise _bomb(self._label, self._most)
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _bomb(label: str, most: int) -> SourceError:
    return SourceError(
        f"{label} grows beyond {most:,} bytes when it is expanded and is refused",
        "if you trust it, unpack it first, or raise max_expansion and max_expanded_bytes in standards/ingest.yml",
    )


def _unzipped(path: Path, label: str, limits: Ingest) -> Content:
    packed = path.stat().st_size

    def opened(report: Report) -> BinaryIO:
        raw = gzip.GzipFile(fileobj=_metered(path, report))
        return io.BufferedReader(_Guarded(raw, label, packed, limits), 1 << 20)  # type: ignore[arg-type]

    kind = _peek(opened, label)
    return Content(label, stem_of(path), kind, opened)


def _peek(opened: Callable[[Report], BinaryIO], label: str) -> Kind:
    with opened(silent) as stream:
        head = stream.read(_MAGIC)
    if not head:
        raise NothingInsideError(f"{label} holds nothing", "leave it out or export it again")
    if head.startswith(_GZIP) or (head.startswith(_ZIP) and not _names_workbook(head)):
        raise SourceError(f"{label} is an archive inside an archive", "unpack the outer one first")
    return _kind(head, label)


def _names_workbook(head: bytes) -> bool:
    return b"[Content_Types].xml" in head or b"opendocument.spreadsheet" in head or b"_rels/" in head


def _is_workbook(path: Path, label: str) -> bool:
    with _archive(path, label) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names or {"content.xml", "mimetype"} <= names


def _archive(path: Path, label: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise SourceError(f"{label} is a damaged archive: {error}", "copy or export it again") from error


def _check_expansion(path: Path, label: str, limits: Ingest) -> None:
    """Expand a workbook once without keeping it: the library that reads it has no limits of its own."""
    with _archive(path, label) as archive:
        most = min(limits.max_expanded_bytes, max(path.stat().st_size * limits.max_expansion, HARMLESS))
        for info in archive.infolist():
            most -= info.file_size
            if most < 0:
                raise _bomb(label, path.stat().st_size * limits.max_expansion)
        # Reading to the end checks that no member is larger than it says.
        for info in archive.infolist():
            with _member(archive, info, label, limits) as stream:
                while stream.read(1 << 20):
                    pass


def _members(path: Path, label: str, limits: Ingest) -> list[Content]:
    contents = []
    with _archive(path, label) as archive:
        if sum(info.file_size for info in archive.infolist()) > limits.max_expanded_bytes:
            raise _bomb(label, limits.max_expanded_bytes)
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            _check_member(info, label)
            hidden = PurePosixPath(info.filename).name.startswith(".") or info.filename.startswith("__MACOSX/")
            if info.is_dir() or hidden:
                continue
            contents.append(_content_of(path, info.filename, label, limits))
    if not contents:
        raise SourceError(f"{label} is an archive without a table", "name the file that holds the table")
    return contents


def _check_member(info: zipfile.ZipInfo, label: str) -> None:
    name = PurePosixPath(info.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise SourceError(
            f"{label} holds {info.filename!r}, a path that leaves the archive", "unpack it by hand if you trust it"
        )
    if info.flag_bits & 1:
        raise SourceError(f"{label} is encrypted", "unpack it with its password first")
    if (info.external_attr >> 28) == 0xA:
        raise SourceError(f"{label} holds {info.filename!r}, a link", "unpack it by hand if you trust it")


def _content_of(path: Path, member: str, label: str, limits: Ingest) -> Content:
    file = f"{label}/{member}"

    def opened(report: Report) -> BinaryIO:
        archive = zipfile.ZipFile(_metered(path, report))
        return _member(archive, archive.getinfo(member), file, limits)

    return Content(file, stem_of(Path(member)), _peek(opened, file), opened)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, limits: Ingest) -> BinaryIO:
    try:
        stream = archive.open(info)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise SourceError(f"{label} cannot be unpacked: {error}", "unpack it first") from error
    return io.BufferedReader(_Guarded(stream, label, max(info.compress_size, 1), limits), 1 << 20)  # type: ignore[arg-type]


def chunks(stream: BinaryIO, size: int = 1 << 20) -> Iterator[bytes]:
    """Read a stream to its end in pieces."""
    while data := stream.read(size):
        yield data
