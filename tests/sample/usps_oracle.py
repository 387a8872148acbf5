"""A slow reader of ZIP+4 records that is obviously right: exact spelling, one record at a time."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.address.reference.deliveries import ZIP4_FIELDS, ZIP4_LENGTH

Record = dict[str, str]


def read_records(folder: Path) -> list[Record]:
    """Return the detail records of a product as cells without padding."""
    content = b"".join(path.read_bytes() for path in sorted((folder / "zip4").iterdir()))
    lines = (content[at : at + ZIP4_LENGTH].decode() for at in range(0, len(content), ZIP4_LENGTH))
    return [
        {name: line[first - 1 : last].strip() for name, (first, last) in ZIP4_FIELDS.items()}
        for line in lines
        if line.startswith("D")
    ]


def street_of(record: Record) -> str:
    """Return a street as it stands on a delivery line."""
    return " ".join(filter(None, (record[name] for name in ("predirectional", "street", "suffix", "postdirectional"))))


def numbers_in(text: str) -> tuple[int, ...]:
    """Return the numbers of a house number: 112-10 is (112, 10), N6W23 is (6, 23)."""
    return tuple(map(int, re.findall(r"\d+", text)))


def holds(record: Record, number: str, low: str = "low", high: str = "high", parity: str = "parity") -> bool:
    """Return whether a range holds a number of its own pattern."""
    if re.sub(r"\d+", "", number) != re.sub(r"\d+", "", record[low]) or not record[low]:
        return False
    value = numbers_in(number)
    is_inside = numbers_in(record[low]) <= value <= numbers_in(record[high])
    return is_inside and record[parity] in ("B", "OE"[value[-1] % 2 == 0])


def holds_unit(record: Record, unit: str) -> bool:
    """Return whether a range holds a unit: a number, a letter, or a number and a letter."""
    if unit.isdigit():
        return holds(record, unit, "unit_low", "unit_high", "unit_parity")
    same_floor = unit[:-1] == record["unit_low"][:-1]
    return same_floor and record["unit_low"][-1:] <= unit[-1] <= record["unit_high"][-1:]


def plus4_of(record: Record, number: str = "") -> str:
    """Return the +4 a record gives a number, empty where it does not determine one."""
    low, high = record["plus4_low"], record["plus4_high"]
    if low == "00ND":
        return ""
    if low == high:
        return low
    if record["record_type"] == "P":
        first, last = int(record["low"].lstrip("-")), int(record["high"].lstrip("-"))
        if last - first == int(high) - int(low):
            return f"{int(low) + int(number) - first:04d}"
    return ""


@dataclass(frozen=True)
class Answers:
    """All records of a product, looked through from one end to the other."""

    records: list[Record]

    def of_zip(self, zip5: str, *types: str) -> list[Record]:
        """Return the records of a ZIP, of some types."""
        return [record for record in self.records if record["zip5"] == zip5 and record["record_type"] in types]

    def office_of(self, zip5: str) -> str:
        """Return the finance number of a ZIP."""
        return next(record["finance_no"] for record in self.records if record["zip5"] == zip5)

    def of_office(self, zip5: str, *types: str) -> list[Record]:
        """Return the records of all ZIPs of a ZIP's post office."""
        office = self.office_of(zip5)
        return [record for record in self.records if record["finance_no"] == office and record["record_type"] in types]
