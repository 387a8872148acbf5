"""Fixed-width records: line ends, damage named by its byte, products told apart."""

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.address.reference.layouts import Product, read_products
from dq.address.reference.packages import Member
from dq.address.reference.records import LINE_ENDS, probe, read_chunks, vintages_of
from dq.address.reference.zip4 import range_table
from dq.errors import SourceError
from tests.address.reference.deliveries import CITY_LENGTH, ZIP4_FIELDS, ZIP4_LENGTH, city, header, put, zip4
from tests.address.reference.loads import Desk, standards

PRODUCTS = read_products(standards())
ZIP4 = PRODUCTS["usps-zip4"]


def member(content: bytes, label: str = "zip4mst.txt") -> Member:
    """Return a file that is in memory."""
    return Member(label, len(content), lambda: io.BytesIO(content))


def read(content: bytes, line_end: bytes = b"", product: Product = ZIP4) -> list[bytes]:
    """Return the records of a file."""
    chunks = read_chunks(member(content), product, line_end, hashlib.sha256(), lambda _: None)
    return [row.tobytes() for chunk in chunks for row in chunk.records]


RECORDS = [header(), zip4(street="ELM"), zip4(street="OAK"), zip4(street="PINE")]


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=["none", "crlf", "lf"])
@pytest.mark.parametrize("tail", [b"", b"\r\n", b"\n", b"\x1a", b"\r\n\x1a", b"\n\n"])
def test_line_ends_are_detected_and_the_last_may_differ(line_end: bytes, tail: bytes) -> None:
    content = line_end.join(RECORDS) + tail
    found = probe(member(content), PRODUCTS)
    assert (found.kind, found.line_end) == ("usps-zip4", line_end)
    assert read(content, line_end) == RECORDS


def test_equal_records_have_equal_hashes_whatever_the_line_end() -> None:
    hashes = set()
    for line_end in LINE_ENDS:
        digest = hashlib.sha256()
        list(read_chunks(member(line_end.join(RECORDS)), ZIP4, line_end, digest, lambda _: None))
        hashes.add(digest.hexdigest())
    assert hashes == {hashlib.sha256(b"".join(RECORDS)).hexdigest()}


def test_a_product_is_told_by_its_records() -> None:
    cities = header(CITY_LENGTH) + city(zip5="12345") + city("A", zip5="12345") + city("Z", old_zip5="12345")
    assert probe(member(cities), PRODUCTS).kind == "usps-citystate"
    assert probe(member(b"".join(RECORDS)), PRODUCTS).kind == "usps-zip4"
    assert probe(member(b"".join(RECORDS[1:])), PRODUCTS).kind == "usps-zip4", "the header may be missing"
    for content in (b"", b"name,city\nAnn,Rome\n", bytes(4000), b"D" * 4000, b"D12345"):
        assert probe(member(content), PRODUCTS).kind is None


@pytest.mark.parametrize(
    ("damage", "offset"),
    [
        (lambda records: [*records[:2], records[2][:-1], records[3]], 3 * ZIP4_LENGTH),
        (lambda records: [*records[:2], records[2] + b" ", records[3]], 3 * ZIP4_LENGTH),
        (lambda records: [*records[:2], records[2][:100], records[3]], 3 * ZIP4_LENGTH),
        (lambda records: [*records[:3], b"D1234X" + records[3][6:]], 3 * ZIP4_LENGTH),
        (lambda records: [*records[:3], b"d" + records[3][1:]], 3 * ZIP4_LENGTH),
        (lambda records: [*records[:3], b"\0" * ZIP4_LENGTH], 3 * ZIP4_LENGTH),
    ],
    ids=["short", "long", "cut", "zip", "code", "zeros"],
)
def test_damage_is_named_by_its_byte(damage: object, offset: int, tmp_path: Path, desk: Desk) -> None:
    records = [*damage(RECORDS), zip4(), zip4()]  # type: ignore[operator]
    with pytest.raises(SourceError) as told:
        desk.zip4(put(tmp_path / "zip4mst5.txt", b"".join(records)))
    assert told.value.message.startswith(f"zip4mst5.txt: the record at byte {offset:,} is no ZIP+4 record of 182 bytes")
    assert told.value.hint


def test_a_wrong_line_end_is_named_by_its_byte(tmp_path: Path, desk: Desk) -> None:
    content = b"".join(record + b"\r\n" for record in RECORDS) + zip4() + b"\n\n" + zip4() + b"\r\n"
    with pytest.raises(SourceError, match=r"the record at byte 736 is no .* and line feed"):
        desk.zip4(put(tmp_path / "zip4mst5.txt", content))


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=["none", "crlf", "lf"])
@pytest.mark.parametrize("left", [1, 90, 181])
def test_a_file_that_is_cut_off_is_refused(line_end: bytes, left: int) -> None:
    content = line_end.join(RECORDS) + line_end + zip4(last_line_key="X00001")[:left]
    start = 4 * (ZIP4_LENGTH + len(line_end))
    with pytest.raises(SourceError, match=f"ends inside the record at byte {start:,}: {left} bytes instead of 182"):
        read(content, line_end)


def test_the_wrong_product_is_named(tmp_path: Path, desk: Desk) -> None:
    cities = put(tmp_path / "ctystate.txt", header(CITY_LENGTH) + city(zip5="12345"))
    with pytest.raises(SourceError) as told:
        desk.zip4(cities)
    assert told.value.message == "ctystate.txt holds City State records, not ZIP+4 ones"
    assert told.value.hint == "load it with dq reference load usps-citystate"
    with pytest.raises(SourceError, match="holds ZIP\\+4 records, not City State ones"):
        desk.city_state(put(tmp_path / "zip4mst0.txt", b"".join(RECORDS)))


def test_a_record_length_of_another_edition_is_named_by_its_byte(tmp_path: Path, desk: Desk) -> None:
    longer = b"".join(record + b"   " for record in RECORDS)
    with pytest.raises(SourceError, match=r"byte 182 of zip4mst\.txt is not the start of a ZIP\+4 record of 182 bytes"):
        desk.zip4(put(tmp_path / "zip4mst.txt", longer))
    with pytest.raises(SourceError, match=r"byte 0 of notes\.txt is not the start"):
        desk.zip4(put(tmp_path / "notes.txt", b"Read me first. " * 100))


@pytest.mark.parametrize(
    ("month", "year", "expected"),
    [("10", "26", "2026-10"), ("01", "99", "1999-01"), ("12", "05", "2005-12"), ("13", "26", ""), ("  ", "  ", "")],
)
def test_the_vintage_is_the_month_of_the_header(month: str, year: str, expected: str) -> None:
    content = header(month=month, year=year) + zip4()
    chunks = read_chunks(member(content), ZIP4, b"", hashlib.sha256(), lambda _: None)
    assert [found for chunk in chunks for found in vintages_of(chunk, ZIP4)] == [expected]


WIDTHS = {name: last - first + 1 for name, (first, last) in ZIP4_FIELDS.items()}
NAMES = ("predirectional", "street", "suffix", "postdirectional", "building", "unit_type", "finance_no", "lacs")
LETTERS = st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_categories=["Cc", "Zs"])


@st.composite
def detail_records(draw: st.DrawFn) -> dict[str, str]:
    """Draw the cells of a record: text anywhere, house numbers as the product pads them."""
    cells = {name: draw(st.text(LETTERS, max_size=WIDTHS[name])) for name in NAMES}
    cells["zip5"] = draw(st.from_regex(r"\A[0-9]{5}\Z"))
    for name in ("low", "high", "unit_low", "unit_high"):
        number = draw(st.one_of(st.none(), st.integers(0, 10 ** WIDTHS[name] - 1)))
        cells[name] = "" if number is None else str(number).zfill(WIDTHS[name])
    cells["plus4_low"] = draw(st.sampled_from(["", "0001", "9999", "00ND", "12ND"]))
    return cells


@given(st.lists(detail_records(), min_size=1, max_size=30))
def test_what_is_written_into_a_record_is_what_its_range_says(rows: list[dict[str, str]]) -> None:
    content = b"".join(zip4(**row) for row in rows)
    (chunk,) = read_chunks(member(content), ZIP4, b"", hashlib.sha256(), lambda _: None)
    loaded = range_table(chunk.records, ZIP4, "2026-10").to_pylist()
    for row, found in zip(rows, loaded, strict=True):
        for name in NAMES:
            assert (found[name] or "") == row[name]
        for name in ("low", "high", "unit_low", "unit_high"):
            assert found[name] == (str(int(row[name])) if row[name] else None)
        is_closed = row["plus4_low"].endswith("ND")
        assert found["no_delivery"] == ("Y" if is_closed else None)
        assert (found["plus4_low"] or "") == ("" if is_closed else row["plus4_low"])
