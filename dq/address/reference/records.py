"""Fixed-width records out of a stream of bytes, checked: what is damaged is named by file and byte."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from dq.address.reference.layouts import HEADER, NAMES, Product
from dq.address.reference.packages import Member
from dq.errors import SourceError

CHUNK_RECORDS: Final = 200_000
"""Records held at a time: 36 MB of ZIP+4."""
PROBE_BYTES: Final = 16_384
"""Looked at to tell products apart: 90 records of one, 127 of the other."""
LINE_ENDS: Final = (b"", b"\r\n", b"\n")
SURE: Final = 3
"""Records in a row that have to fit before a file counts as this product; a shorter file must fit to its end."""
_STATEMENT: Final = b"COPYRIGHT"
_END_MARKS: Final = b"\r\n\x00\x1a"
"""Bytes that may stand behind the last record: any line end, zeros of a block, the end mark of old systems."""

Grid = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Chunk:
    """Records of one file in order: one row of bytes each, without line ends; `codes` is their first byte."""

    records: Grid
    codes: Grid


@dataclass(frozen=True)
class Probe:
    """What the start of a file looks like."""

    kind: str | None
    line_end: bytes = b""


def probe(member: Member, products: dict[str, Product]) -> Probe:
    """Tell which product a file holds; `kind` is None for a file of neither."""
    with member.open() as stream:
        head = _read(stream, PROBE_BYTES)
    is_whole = len(head) < PROBE_BYTES
    scores = [
        (_fitting(head, product, line_end, is_whole), kind, line_end)
        for kind, product in products.items()
        for line_end in LINE_ENDS
    ]
    best, kind, line_end = max(scores, key=lambda score: score[0])
    return Probe(kind, line_end) if best else Probe(None)


def _fitting(head: bytes, product: Product, line_end: bytes, is_whole: bool) -> int:
    """Return how many records at the start of a file have this layout, 0 where these are too few to tell."""
    stride = product.length + len(line_end)
    if is_whole:
        head = head.rstrip(_END_MARKS) + line_end
    count, complete = 0, len(head) // stride
    while count < complete:
        record, end = head[count * stride :][: product.length], head[count * stride + product.length :][: len(line_end)]
        if not _is_record(record, product) or end != line_end:
            break
        count += 1
    is_all = is_whole and count == complete and not head[count * stride :].strip(line_end + b" ")
    return count if is_all or count >= SURE else 0


def _is_record(record: bytes, product: Product) -> bool:
    code = record[:1].decode("latin-1")
    if code == HEADER:
        return record[6:15].upper() == _STATEMENT
    return code in product.fields and record[1:6].isdigit()


def read_chunks(
    member: Member, product: Product, line_end: bytes, digest: "hashlib._Hash", advance: Callable[[int], None]
) -> Iterator[Chunk]:
    """Yield the records of a file.

    Args:
        member: The file.
        product: What `probe` took it for.
        line_end: What stands behind each record.
        digest: Takes the bytes of all records.
        advance: Takes the bytes read since the last call.

    Raises:
        SourceError: A record has the wrong length or does not start where it should, or the file ends inside one.
    """
    stride, start = product.length + len(line_end), 0
    with member.open() as stream:
        for data, is_last in _pieces(stream, CHUNK_RECORDS * stride):
            advance(len(data))
            whole, rest = _closed(data, product, line_end) if is_last else (data, b"")
            grid = np.frombuffer(whole, dtype=np.uint8).reshape(-1, stride)
            _check(grid, product, line_end, start, member.label)
            if rest.strip():
                raise _cut_off(member.label, product, start + len(whole), len(rest))
            records = grid[:, : product.length]
            digest.update(np.ascontiguousarray(records).data)
            if len(records):
                yield Chunk(records, records[:, 0])
            start += len(data)


def _closed(data: bytes, product: Product, line_end: bytes) -> tuple[bytes, bytes]:
    """Return the last records of a file, the very last with the line end it may lack, and the bytes behind them."""
    body = data.rstrip(_END_MARKS) + line_end
    whole = len(body) - len(body) % (product.length + len(line_end))
    return body[:whole], body[whole : len(body) - len(line_end)]


def _cut_off(label: str, product: Product, start: int, found: int) -> SourceError:
    return SourceError(
        f"{label}: the file ends inside the record at byte {start:,}: {found} bytes instead of {product.length}",
        "the file is cut off: copy or download it again",
    )


def _pieces(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield a stream in pieces of one size, and with each whether it is the last."""
    data = _read(stream, size)
    while data:
        following = _read(stream, size)
        yield data, not following
        data = following


def _read(stream: BinaryIO, size: int) -> bytes:
    """Read `size` bytes unless the stream ends before: compressed streams give less at a time."""
    pieces, missing = [], size
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _check(grid: Grid, product: Product, line_end: bytes, start: int, label: str) -> None:
    """Raise on the first record that does not stand where records stand."""
    codes = grid[:, 0]
    is_letter = (codes >= ord("A")) & (codes <= ord("Z"))
    zips = grid[:, 1:6]
    is_zip = ((zips >= ord("0")) & (zips <= ord("9"))).all(axis=1)
    # The copyright record has no ZIP, and of unknown records only that they have one, or nothing, in its place.
    is_known = np.isin(codes, [ord(code) for code in product.fields if code != HEADER])
    good = is_letter & (is_zip | (~is_known & (zips == ord(" ")).all(axis=1)))
    for place, sign in enumerate(line_end):
        good &= grid[:, product.length + place] == sign
    if good.all():
        return
    row = int(np.argmin(good))
    raise SourceError(
        f"{label}: the record at byte {start + row * grid.shape[1]:,} is no {product.name} record of "
        f"{product.length} bytes{_ended(line_end)}",
        "the file is damaged there or just before: copy or download it again",
    )


def _ended(line_end: bytes) -> str:
    return {b"": " without line end", b"\n": " and a line feed", b"\r\n": ", carriage return and line feed"}[line_end]


def wrong_product(member: Member, expected: Product, found: str | None) -> SourceError:
    """Return the error for a file that is not the product it was named as."""
    if found is not None:
        return SourceError(
            f"{member.label} holds {NAMES[found]} records, not {expected.name} ones",
            f"load it with dq reference load {found}",
        )
    with member.open() as stream:
        head = _read(stream, 2 * expected.length)
    # The first record looks right and the second does not: its length is the thing to say.
    place = expected.length if _is_record(head[: expected.length], expected) else 0
    where = f"byte {min(place, len(head)):,} of {member.label}"
    return SourceError(
        f"{where} is not the start of a {expected.name} record of {expected.length} bytes",
        "name the product's own file, or the archive it came in",
    )


def vintages_of(chunk: Chunk, product: Product) -> list[str]:
    """Return the year and month of each copyright record, such as 2026-10; empty text where it cannot be read.

    The product writes two digits of the year; it is younger than 1990.
    """
    fields = product.fields[HEADER]
    found = []
    for record in chunk.records[chunk.codes == ord(HEADER)]:
        month, year = (record[slice(*fields[name])].tobytes() for name in ("month", "year"))
        is_date = month.isdigit() and year.isdigit() and 1 <= int(month) <= 12
        century = 1900 if is_date and int(year) >= 90 else 2000
        found.append(f"{century + int(year)}-{int(month):02d}" if is_date else "")
    return found
