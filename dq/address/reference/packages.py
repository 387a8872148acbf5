"""Finds the files of a product in whatever it was delivered: files, folders, zip, tar, each inside another.

Members are read as streams. Only an archive inside an archive is written to disk, in the load's own scratch folder and
under a number: no name of a member ever becomes a path.
"""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final, cast

from dq.errors import SourceError
from dq.standards.ingest import Ingest
from dq.tables.reading.contents import HARMLESS, chunks

PASSWORD: Final = "DQ_USPS_PASSWORD"  # noqa: S105 - the name of the variable, not what is in it
MOST_MEMBERS: Final = 20_000
"""The older discs hold one archive for each of about 900 ZIP3; twenty times as many are an attack."""
MOST_LEVELS: Final = 4
"""The electronic delivery has three: a tar with an encrypted zip with a zip per first digit."""
HEAD: Final = 512

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP: Final = b"\x1f\x8b"
_OTHER_ARCHIVES: Final = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)
_AES: Final = 99
"""Compression method that zip writes for members encrypted with AES."""
_LINK: Final = 0xA
"""Upper four bits of a Unix mode: a symbolic link."""


@dataclass(frozen=True)
class Member:
    """One file that may hold records.

    Attributes:
        label: Name for people: the path inside what was named, such as `disc.zip/zip4/zip4mst0.txt`.
        size: Bytes as far as known.
        open: Opens it at the start.
    """

    label: str
    size: int
    open: Callable[[], BinaryIO]


class Packages:
    """Opens deliveries; close it when the members have been read.

    Args:
        scratch: Folder for archives inside archives; removed by whoever made it.
        limits: How far compressed files may grow.
        password: Opens encrypted members.
    """

    def __init__(self, scratch: Path, limits: Ingest, password: bytes | None) -> None:
        self._scratch, self._limits, self._password = scratch, limits, password
        self._stack = ExitStack()
        self._members = self._unpacked = 0
        self._seen: set[Path] = set()
        self.notes: list[str] = []

    def __enter__(self) -> "Packages":
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def members(self, paths: tuple[Path, ...]) -> list[Member]:
        """Return the files of all deliveries, sorted by name within each.

        Raises:
            SourceError: A path is missing; an archive is damaged, encrypted without the right password, or hostile.
        """
        found = []
        for path in (path.resolve() for path in paths):
            if not path.exists():
                raise SourceError(f"{path} does not exist", "check the path")
            found += list(self._folder(path) if path.is_dir() else self._file(path, path.name, 1))
        return found

    def _folder(self, folder: Path) -> Iterator[Member]:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if any(part.startswith(".") for part in inside.parts) or path.is_dir():
                continue
            label = f"{folder.name}/{inside.as_posix()}"
            if path.is_symlink() or not path.is_file():
                self.notes.append(f"{label} is a link or no file and was left out")
                continue
            yield from self._file(path, label, 1)

    def _file(self, path: Path, label: str, level: int) -> Iterator[Member]:
        self._count(label, level)
        if path in self._seen:
            self.notes.append(f"{label} was named twice and is read once")
            return
        self._seen.add(path)
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        if head.startswith(_ZIP):
            yield from self._zip(path, label, level)
        elif head.startswith(_GZIP):
            yield from self._gzip(path, label, level)
        elif _is_tar(head):
            yield from self._tar(path, label, level, is_packed=False)
        else:
            _refuse_other(head, label)
            yield Member(label, path.stat().st_size, partial(_plain, path))

    def _count(self, label: str, level: int) -> None:
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise SourceError(f"{label}: more than {MOST_MEMBERS:,} files", "unpack what you need and name that")
        if level > MOST_LEVELS:
            raise SourceError(f"{label}: archives inside archives, {level} deep", "unpack the outer ones first")

    def _zip(self, path: Path, label: str, level: int) -> Iterator[Member]:
        try:
            archive = self._stack.enter_context(zipfile.ZipFile(path))
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise _damaged(label, error) from error
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            name = f"{label}/{_checked_name(info.filename, label)}"
            if info.is_dir():
                continue
            if info.external_attr >> 28 == _LINK:
                raise SourceError(f"{name} is a link", "unpack it by hand if you trust it")
            opened = partial(self._zip_member, archive, info, name)
            yield from self._member(name, info.file_size, opened, level)

    def _zip_member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str) -> BinaryIO:
        is_locked = bool(info.flag_bits & 1)
        if is_locked and info.compress_type == _AES:
            raise SourceError(f"{label} is encrypted with AES", "unpack it with its password first, for instance by 7z")
        if is_locked and self._password is None:
            raise SourceError(f"{label} is encrypted", f"set the environment variable {PASSWORD} to its password")
        try:
            stream = archive.open(info, pwd=self._password if is_locked else None)
        except RuntimeError as error:
            # zipfile says it this way; its message has no place in ours, as it may name what was tried.
            raise SourceError(f"the password does not open {label}", f"check {PASSWORD}") from error
        except (NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
            raise _damaged(label, error) from error
        return self._guarded(stream, label, max(info.compress_size, 1), is_locked)

    def _tar(self, path: Path, label: str, level: int, is_packed: bool) -> Iterator[Member]:
        try:
            stream: IO[bytes] = self._stack.enter_context(path.open("rb"))
            if is_packed:
                unpacked = cast(IO[bytes], gzip.GzipFile(fileobj=stream))
                stream = self._stack.enter_context(self._guarded(unpacked, label, path.stat().st_size))
            archive = self._stack.enter_context(tarfile.TarFile(fileobj=stream))
            infos = archive.getmembers()
        except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
            raise _damaged(label, error) from error
        # In the order of the archive: a compressed one can only be read forwards at a bearable speed.
        for info in infos:
            name = f"{label}/{_checked_name(info.name, label)}"
            if info.isdir():
                continue
            if not info.isreg():
                raise SourceError(f"{name} is a link or a device", "unpack it by hand if you trust it")
            yield from self._member(name, info.size, partial(_tar_member, archive, info, name), level)

    def _gzip(self, path: Path, label: str, level: int) -> Iterator[Member]:
        packed = path.stat().st_size

        def opened() -> BinaryIO:
            return self._guarded(cast(IO[bytes], gzip.GzipFile(path)), label, packed)

        with opened() as stream:
            head = stream.read(HEAD)
        if _is_tar(head):
            yield from self._tar(path, label, level, is_packed=True)
        else:
            yield from self._member(label, packed, opened, level)

    def _member(self, label: str, size: int, opened: Callable[[], BinaryIO], level: int) -> Iterator[Member]:
        self._count(label, level)
        if PurePosixPath(label).name.startswith(".") or "/__MACOSX/" in label:
            return
        with opened() as stream:
            head = stream.read(HEAD)
            if not (head.startswith((*_ZIP, _GZIP)) or _is_tar(head)):
                _refuse_other(head, label)
                yield Member(label, size, opened)
                return
        inner = self._scratch / f"archive-{self._members}"
        with opened() as stream, inner.open("wb") as target:
            for chunk in chunks(stream):
                target.write(chunk)
        yield from self._file(inner, label, level + 1)

    def _guarded(self, stream: IO[bytes], label: str, packed: int, is_locked: bool = False) -> BinaryIO:
        most = min(self._limits.max_expanded_bytes, max(packed * self._limits.max_expansion, HARMLESS))
        return io.BufferedReader(_Guarded(stream, label, most, is_locked, self._meter), 1 << 20)

    def _meter(self, count: int, label: str) -> None:
        self._unpacked += count
        # Every byte is unpacked at most once per level and once more to look at it.
        if self._unpacked > self._limits.max_expanded_bytes * (MOST_LEVELS + 1):
            raise _bomb(label, self._unpacked)


class _Guarded(io.RawIOBase):
    """A decompressed stream that stops where it grows like a bomb, and names damage in plain words."""

    def __init__(
        self, stream: IO[bytes], label: str, most: int, is_locked: bool, meter: Callable[[int, str], None]
    ) -> None:
        self._stream, self._label, self._most, self._meter = stream, label, most, meter
        self._is_locked = is_locked
        self._read = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            data = self._stream.read(len(view))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError) as error:
            if self._is_locked:
                # One wrong password in 256 passes the check of its first byte and shows here.
                raise SourceError(f"the password does not open {self._label}", f"check {PASSWORD}") from error
            raise _damaged(self._label, error) from error
        self._read += len(data)
        if self._read > self._most:
            raise _bomb(self._label, self._most)
        self._meter(len(data), self._label)
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _plain(path: Path) -> BinaryIO:
    return path.open("rb")


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo, label: str) -> BinaryIO:
    stream = archive.extractfile(info)
    if stream is None:
        raise SourceError(f"{label} holds nothing", "copy or download it again")
    return stream  # type: ignore[return-value]


def _checked_name(name: str, label: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        raise SourceError(
            f"{label} holds {name!r}, a path that leaves the archive", "unpack it by hand if you trust it"
        )
    return path.as_posix()


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _refuse_other(head: bytes, label: str) -> None:
    for magic, name in _OTHER_ARCHIVES:
        if head.startswith(magic):
            raise SourceError(f"{label} is a {name} archive", "unpack it first")


def _damaged(label: str, error: BaseException) -> SourceError:
    return SourceError(f"{label} is damaged: {error}", "copy or download it again")


def _bomb(label: str, most: int) -> SourceError:
    return SourceError(
        f"{label} grows beyond {most:,} bytes when it is expanded and is refused",
        "if you trust it, unpack it first, or raise max_expansion and max_expanded_bytes in standards/ingest.yml",
    )
