"""A simulated mail house: takes the list that went out and answers it, in the headers of three kinds of vendors."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from dq.model import TEXT

CASS_DATE = "20261005"


class Place(NamedTuple):
    """An address somebody moved to."""

    line1: str
    line2: str
    city: str
    state: str
    zip5: str
    zip4: str


NOWHERE = Place("", "", "", "", "", "")


class Truth(NamedTuple):
    """What the mail house knows of one row of the list."""

    dpv: str = "Y"
    notes: str = "AABB"
    zip4: str = "1234"
    point: str = "42"
    vacant: str = "N"
    no_stat: str = "N"
    ncoa: str = "00"
    move_type: str = ""
    move_on: str = ""
    new: Place = NOWHERE


def people() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contact points and records: a family of two, a neighbour, a firm, one abroad, one without an address."""
    points = [
        ("crm:1", "address", "primary", "742 EVERGREEN TER APT 2B", None, "SPRINGFIELD", "IL", "62704", None, "US"),
        ("crm:2", "address", "home", "742 EVERGREEN TER APT 2B", None, "SPRINGFIELD", "IL", "62704", "9999", "US"),
        ("crm:3", "address", "primary", "12 OAK ST", None, "SPRINGFIELD", "IL", "62702", None, "US"),
        ("crm:4", "address", "billing", "100 MAIN ST", "C/O JOE", "BOSTON", "MA", "02139", None, "US"),
        ("crm:4", "address", "shipping", "PO BOX 77", None, "BOSTON", "MA", "02139", None, "US"),
        ("crm:5", "address", "primary", "1 RUE DE RIVOLI", None, "PARIS", None, None, None, "FR"),
        ("crm:6", "address", "primary", None, None, None, None, None, None, "US"),
        ("crm:1", "email", "primary", None, None, None, None, None, None, "US"),
    ]
    columns = [
        "record_id",
        "kind",
        "role",
        "address_line1",
        "address_line2",
        "city",
        "state",
        "zip5",
        "zip4",
        "country",
    ]
    frame = pd.DataFrame(points, columns=columns).astype(TEXT)
    outcomes = ["consistent"] * 5 + ["foreign", "missing", None]
    numbers = frame.groupby(["record_id", "kind"]).cumcount().add(1).astype(TEXT)
    frame = frame.assign(
        contact_point_id=frame["record_id"] + "|" + frame["kind"] + "|" + numbers,
        address_outcome=pd.Series(outcomes, dtype=TEXT),
        address_confidence=0.9,
        **dict.fromkeys(["address_evidence", "valid_from", "valid_to"], pd.Series(pd.NA, frame.index, TEXT)),
    )
    names = [
        ("crm:1", "person", "Homer", "Simpson", None),
        ("crm:2", "person", "Marge", "Simpson", None),
        ("crm:3", "person", "Ned", "Flanders", None),
        ("crm:4", "organization", None, None, "Acme Corp"),
        ("crm:5", "person", "Jean", "Valjean", None),
        ("crm:6", "person", "Nobody", "Knows", None),
    ]
    records = pd.DataFrame(names, columns=["record_id", "party_type", "first_name", "last_name", "organization_name"])
    return frame, records.astype(TEXT)


def key_of(listed: pd.DataFrame, line1: str, name: str) -> str:
    """Return the key of the row with this delivery line and this first name or organisation."""
    names = listed["first_name"].fillna(listed["organization_name"])
    keys = listed.loc[(listed["address_line1"] == line1) & (names == name), "key"]
    assert len(keys) == 1
    return str(keys.iloc[0])


def answered(listed: pd.DataFrame, truths: Mapping[str, Truth] | None = None, vendor: str = "long") -> pd.DataFrame:
    """Return the processed file for a list; rows that `truths` does not name are confirmed.

    Args:
        listed: The list as exported.
        truths: Key → what the mail house knows.
        vendor: `long` (columns beside the list), `written_over` (the new address stands where the old one stood) or
            `prefixed` (the list comes back as `input_…`).
    """
    rows = [
        {**row, **(truths or {}).get(row["key"], Truth())._asdict()} for row in listed.fillna("").to_dict("records")
    ]
    return pd.DataFrame([_WRITERS[vendor](row) for row in rows]).astype(TEXT)


def check_digit(digits: str) -> str:
    return str(-sum(map(int, digits)) % 10)


def _long(row: dict[str, object]) -> dict[str, object]:
    new = row["new"]
    assert isinstance(new, Place)
    own = {column: row[column] for column in _LIST}
    return own | {
        "std_address": row["address_line1"],
        "std_city": row["city"],
        "std_state": row["state"],
        "std_zip": row["zip5"],
        "Plus4": _zip4(row),
        "DPBC": row["point"] if row["dpv"] != "N" else "",
        "DPV_CODE": row["dpv"],
        "DPV Footnotes": row["notes"],
        "CASS Date": CASS_DATE,
        "Vacant": row["vacant"],
        "NoStat": row["no_stat"],
        "NCOA Return Code": row["ncoa"],
        "Move Type": row["move_type"],
        "Move Date": row["move_on"],
        "New Address1": new.line1,
        "New Address2": new.line2,
        "New City": new.city,
        "New State": new.state,
        "New Zip": new.zip5,
        "New Plus4": new.zip4,
        "RDI": "Y",
    }


def _written_over(row: dict[str, object]) -> dict[str, object]:
    new = row["new"]
    assert isinstance(new, Place)
    moved = bool(new.line1)
    line1, _, unit = str(row["address_line1"]).partition(" APT ")
    flag = {"00": "", "01": "F", "02": "K", "03": "G"}.get(str(row["ncoa"]), "M")
    zip5 = new.zip5 if moved else row["zip5"]
    zip4 = new.zip4 if moved else _zip4(row)
    return {
        "key": str(row["key"]).upper(),
        "first": row["first_name"],
        "last": row["last_name"],
        "company": row["organization_name"],
        "address": new.line1 if moved else line1,
        "address2": new.line2 if moved else (f"Apt {unit}" if unit else ""),
        "city": new.city if moved else str(row["city"]).title(),
        "st": new.state if moved else row["state"],
        "zip": f"{zip5}-{zip4}" if zip4 else zip5,
        "dp": row["point"] if zip4 else "",
        "chkdg": check_digit(f"{zip5}{zip4}{row['point']}") if zip4 else "",
        "dpv_": f"{row['dpv']}NN{row['vacant']}{row['no_stat']}",
        "dpvnotes_": row["notes"],
        "cassdate_": "202610",
        "matchflag_": flag,
        "movetype_": row["move_type"],
        "movedate_": row["move_on"],
        "nxi_": row["ncoa"],
        "crrt": "C001",
    }


def _prefixed(row: dict[str, object]) -> dict[str, object]:
    new = row["new"]
    assert isinstance(new, Place)
    echo = {f"input_{column}": row[column] for column in _LIST}
    own = (str(row["address_line1"]), "", str(row["city"]), str(row["state"]), str(row["zip5"]), _zip4(row))
    place = new if new.line1 else Place(*own)
    return echo | {
        "address_line_1": place.line1,
        "address_line_2": place.line2,
        "city_name": place.city,
        "state_code": place.state,
        "postal_code": place.zip5,
        "postal_code_extension": place.zip4,
        "delivery_point": row["point"] if place.zip4 else "",
        "delivery_point_verification": f"{row['dpv']}NN{row['vacant']}{row['no_stat']}N",
        "delivery_point_verification_notes": row["notes"],
        "move_applied": CASS_DATE,
        "move_type": row["move_type"],
        "move_date": row["move_on"],
        "match_flag": "" if row["ncoa"] == "00" else "M" if new.line1 else "K",
        "nxi": row["ncoa"],
    }


def _zip4(row: Mapping[str, object]) -> str:
    return str(row["zip4"]) if row["dpv"] in ("Y", "D", "S") else ""


_LIST = (
    *("key", "first_name", "last_name", "organization_name"),
    *("address_line1", "address_line2", "city", "state", "zip5"),
)
_WRITERS = {"long": _long, "written_over": _written_over, "prefixed": _prefixed}
VENDORS = tuple(_WRITERS)
