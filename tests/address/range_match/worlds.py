"""Small street files and addresses for the tests of range matching; everything in them is invented."""

import csv
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dq.address.findings import RANGES, address_key
from dq.address.range_match import verify_addresses
from dq.address.standardize import parse_lines
from dq.model import TEXT
from dq.standards import Standards
from tests.address.policies import policy

CASES = Path(__file__).parents[2] / "cases"
CITY_COLUMNS = (
    "zip5",
    "city_state_key",
    "zip_class",
    "city",
    "city_short",
    "facility",
    "is_mailing_name",
    "last_line_key",
    "last_line_city",
    "finance_no",
    "state",
)
DEFAULTS = {
    "zip5": "12345",
    "state": "NY",
    "finance_no": "350001",
    "record_type": "S",
    "base_alternate": "B",
    "kind": "range",
    "source": "usps_zip4",
    "vintage": "2026-10",
}


def standards() -> Standards:
    return policy().standards


def table(rows: list[dict[str, str | None]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(TEXT)


def street(written: str, span: str, plus4: str, **cells: str | None) -> dict[str, str | None]:
    """A record: `N|MAIN|ST|` or a bare name, `100-198 E` or `57` or an empty span, `0201` or `0201-0216` or `ND`."""
    parts = written.split("|") if "|" in written else ["", written, "", ""]
    ends, _, parity = span.partition(" ")
    low, high = ends.split(":") if ":" in ends else (ends, ends)
    names = ("predirectional", "street", "suffix", "postdirectional")
    row = dict(zip(names, (part or None for part in parts), strict=True))
    plus4_low, _, plus4_high = plus4.partition("-")
    row |= {"low": low or None, "high": high or None, "parity": parity or ("B" if low else None)}
    is_void = plus4 == "ND"
    row |= {"plus4_low": None if is_void else plus4_low, "plus4_high": None if is_void else plus4_high or plus4_low}
    return DEFAULTS | row | ({"no_delivery": "Y"} if is_void else {}) | cells


def unit(
    written: str, number: str, unit_type: str, span: str, plus4: str, **cells: str | None
) -> dict[str, str | None]:
    """A unit record of a building."""
    low, _, high = span.partition(":")
    ends = {"unit_type": unit_type or None, "unit_low": low or None, "unit_high": high or low or None}
    return street(written, number, plus4, **({"record_type": "H", "unit_parity": "B"} | ends | cells))


def ranges(*rows: dict[str, str | None]) -> pd.DataFrame:
    return table(list(rows), RANGES)


def addresses(*rows: dict[str, str | None]) -> pd.DataFrame:
    """Standardised addresses from lines, with their keys."""
    given = pd.DataFrame([{"city": "SALEM", "state": "NY", "zip5": "12345", **row} for row in rows])
    for column in ("address_line1", "address_line2"):
        given[column] = given.get(column, pd.Series(pd.NA, index=given.index)).astype(TEXT)
    lines = given["address_line1"].str.cat(given["address_line2"], sep="\n", na_rep="")
    parsed = parse_lines(lines, standards()).drop(columns="confidence")
    given = given.drop(columns=["address_line1", "address_line2"]).join(parsed).astype(TEXT)
    return given.assign(address_key=address_key(given))


def cities(*rows: dict[str, str | None]) -> pd.DataFrame:
    return table([{"state": "NY", "finance_no": "350001", "facility": "P", **row} for row in rows], CITY_COLUMNS)


def find(file: pd.DataFrame, *lines: str | dict[str, str | None], **others: pd.DataFrame) -> list[dict[str, str]]:
    """Verify lines against a file; one finding per line in their order, empty where there is none."""
    asked = addresses(*({"address_line1": line} if isinstance(line, str) else line for line in lines))
    findings = verify_addresses(asked.drop_duplicates("address_key"), file, standards(), **others)
    found = {row["address_key"]: row for row in findings.fillna("").to_dict("records")}
    return [found.get(key, {}) for key in asked["address_key"]]


@lru_cache(maxsize=4)
def cases(name: str) -> tuple[dict[str, str], ...]:
    with (CASES / name).open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))
