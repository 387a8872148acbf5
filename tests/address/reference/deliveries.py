"""Records written by hand and the ways they are packed; positions stand here again, apart from the code's table."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

ZIP4_LENGTH, CITY_LENGTH = 182, 129
ZIP4_FIELDS: dict[str, tuple[int, int]] = {
    "code": (1, 1),
    "zip5": (2, 6),
    "update_key": (7, 16),
    "action": (17, 17),
    "record_type": (18, 18),
    "carrier_route": (19, 22),
    "predirectional": (23, 24),
    "street": (25, 52),
    "suffix": (53, 56),
    "postdirectional": (57, 58),
    "low": (59, 68),
    "high": (69, 78),
    "parity": (79, 79),
    "building": (80, 119),
    "unit_type": (120, 123),
    "unit_low": (124, 131),
    "unit_high": (132, 139),
    "unit_parity": (140, 140),
    "plus4_low": (141, 144),
    "plus4_high": (145, 148),
    "base_alternate": (149, 149),
    "lacs": (150, 150),
    "government": (151, 151),
    "finance_no": (152, 157),
    "state": (158, 159),
    "county_fips": (160, 162),
    "congressional_district": (163, 164),
    "municipality_key": (165, 170),
    "urbanization_key": (171, 176),
    "last_line_key": (177, 182),
}
CITY_FIELDS: dict[str, dict[str, tuple[int, int]]] = {
    "D": {
        "zip5": (2, 6),
        "city_state_key": (7, 12),
        "zip_class": (13, 13),
        "city": (14, 41),
        "city_short": (42, 54),
        "facility": (55, 55),
        "is_mailing_name": (56, 56),
        "last_line_key": (57, 62),
        "last_line_city": (63, 90),
        "has_city_delivery": (91, 91),
        "route_sort": (92, 92),
        "is_unique_name": (93, 93),
        "finance_no": (94, 99),
        "state": (100, 101),
        "county_fips": (102, 104),
        "county_name": (105, 129),
    },
    "A": {
        "zip5": (2, 6),
        "alias_predirectional": (7, 8),
        "alias_street": (9, 36),
        "alias_suffix": (37, 40),
        "alias_postdirectional": (41, 42),
        "predirectional": (43, 44),
        "street": (45, 72),
        "suffix": (73, 76),
        "postdirectional": (77, 78),
        "alias_type": (79, 79),
        "alias_date": (80, 87),
        "low": (88, 97),
        "high": (98, 107),
        "parity": (108, 108),
    },
    "Z": {
        "old_zip5": (2, 6),
        "old_carrier_route": (7, 10),
        "new_zip5": (11, 15),
        "new_carrier_route": (16, 19),
        "split_date": (20, 27),
    },
    "S": {"label_zip": (2, 6), "combined_zip": (7, 11)},
}


def written(length: int, fields: Mapping[str, tuple[int, int]], values: Mapping[str, str]) -> bytes:
    """Return a record of blanks with the values at their positions."""
    record = bytearray(b" " * length)
    for name, value in values.items():
        first, last = fields[name]
        assert len(value) <= last - first + 1, (name, value)
        record[first - 1 : first - 1 + len(value)] = value.encode("latin-1")
    return bytes(record)


def zip4(**values: str) -> bytes:
    """Return a detail record of the ZIP+4 product."""
    usual = {"code": "D", "zip5": "12345", "action": "A", "record_type": "S", "base_alternate": "B", "state": "NY"}
    return written(ZIP4_LENGTH, ZIP4_FIELDS, usual | values)


def city(code: str = "D", **values: str) -> bytes:
    """Return a record of the City State product."""
    return code.encode() + written(CITY_LENGTH, CITY_FIELDS[code], values)[1:]


def header(length: int = ZIP4_LENGTH, month: str = "10", year: str = "26") -> bytes:
    """Return the copyright record."""
    return f"C     COPYRIGHT(C) {month}-{year} USPS 001".ljust(length).encode()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w") -> bytes:
    """Return a tar archive, `w:gz` for a compressed one."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def locked(name: str, content: bytes, password: bytes) -> bytes:
    """Return a zip archive of one member, encrypted in the traditional way (APPNOTE.TXT 6.1); Python only reads it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    crc = zlib.crc32(content)
    body = _encrypted(bytes(11) + bytes([crc >> 24]) + packed, password)
    named = name.encode()
    common = (20, 1, 8, 0, 33, crc, len(body), len(content), len(named), 0)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *common) + named + body
    central = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *common, 0, 0, 0, 0, 0) + named
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def _encrypted(plain: bytes, password: bytes) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = _crc(byte, keys[0])
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc(keys[1] >> 24, keys[2])

    for byte in password:
        update(byte)
    result = bytearray()
    for byte in plain:
        mask = (keys[2] | 2) & 0xFFFF
        result.append(byte ^ (((mask * (mask ^ 1)) >> 8) & 0xFF))
        update(byte)
    return bytes(result)


def _crc(byte: int, crc: int) -> int:
    # zlib's crc32 inverts the value before and after; the cipher's does not.
    return zlib.crc32(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def put(path: Path, content: bytes) -> Path:
    """Write a file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
