"""Whole sources: keys, countries, names, dates, overrides, the saved file, contracts."""

import json
import pickle
from pathlib import Path

import pytest
import yaml

from dq.errors import SourceError
from dq.standards import load_standards
from dq.tables.recognition import Overrides, SourceMapping, parse_target, recognise
from tests.tables.recognition.samples import ROOT, mapping_of, sample, standards, targets_of

NAMES = ["Ann Lee", "Bo Diaz", "Cy Ng", "Di Fox", "Ed Ray"]
STATES = ["MA", "OH", "OH", "OR", "ME"]
ZIPS = ["02139", "45402", "44301", "97301", "04101"]


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"id": ["1", "2", "3", "4", "5"], "name": NAMES}, "id"),
        ({"true_id": ["1", "2", "3", "4", "5"], "name": NAMES}, None),
        ({"simulant_id": ["1", "2", "3", "4", "5"], "name": NAMES}, None),
        ({"cluster": ["1", "2", "3", "4", "5"], "name": NAMES}, None),
        ({"household_id": ["1", "2", "3", "4", "5"], "name": NAMES}, None),
        ({"customer_id": ["1", "1", "2", "2", "3"], "name": NAMES}, None),
        ({"id": ["a@x.com", "b@x.com", "c@x.com", "d@x.com", "e@x.com"], "name": NAMES}, None),
        ({"ssn": ["675-79-1449", "587-60-3668", "371-33-0433", "272-78-9905", "740-16-5170"], "name": NAMES}, None),
        ({"legacy ref": ["A1", "A2", "A3", "A4", "A5"], "name": NAMES}, "legacy ref"),
        ({"AccountId": ["1", "2", "3", "4", "5"], "Company": NAMES}, "AccountId"),
        ({"rec_id": ["1", "2", "3", "4", "5"], "member_no": ["7", "8", "9", "10", "11"], "name": NAMES}, "rec_id"),
    ],
)
def test_key(columns: dict[str, list[str]], key: str | None) -> None:
    assert mapping_of(columns).tables[0].key == key


def test_damaged_key_column_stops_the_run() -> None:
    with pytest.raises(SourceError, match="cust_no"):
        mapping_of({"cust_no": ["1.23457E+11", "1.23458E+11", "1.2346E+11"], "name": NAMES[:3]})


@pytest.mark.parametrize(
    ("states", "zips", "country"),
    [
        (STATES, ZIPS, "US"),
        (["Ohio", "ohio", "N.Y.", "Maine", "TX"], ZIPS, "US"),
        (["nsw", "vic", "wa", "wa", "qld"], ["2000", "3000", "6000", "6001", "4000"], None),
        (["wa", "wa", "wa", "wa", "wa"], ["6000", "6001", "6002", "6003", "6004"], None),
        (["WA", "WA", "WA", "WA", "WA"], ["98101", "98102", "98103", "98104", "98105"], "US"),
        (["ON", "QC", "BC", "AB", "ON"], ["M5V 2T6", "H2X 1Y4", "V5K 0A1", "T2P 1J9", "K1A 0B1"], None),
        (["", "", "", "", ""], ["", "", "", "", ""], None),
    ],
)
def test_country(states: list[str], zips: list[str], country: str | None) -> None:
    mapping = mapping_of({"name": NAMES, "state": states, "postcode": zips})
    assert mapping.country == country
    assert mapping.country_reason


def test_country_is_said_by_people_first() -> None:
    columns = {"name": NAMES, "state": STATES, "zip": ZIPS}
    assert mapping_of(columns, overrides=Overrides(country="CA")).country == "CA"


def test_name_order_is_learnt_without_comma() -> None:
    names = ["SMITH JOHN", "JOHNSON MARY A", "MILLER LINDA", "GARCIA ROBERT", "NGUYEN SUSAN"]
    assert mapping_of({"name": names}).name_order_hints() == {"src//full_name": "last_first"}
    assert mapping_of({"name": [" ".join(reversed(name.split())) for name in names]}).name_order_hints() == {}


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["03/14/1961", "01/02/1990", "12/25/1975"], "mdy"),
        (["14/03/1961", "01/02/1990", "25/12/1975"], "dmy"),
        (["1961-03-14", "1990-01-02", "1975-12-25"], "ymd"),
        (["19610314", "19900102", "19751225"], "ymd"),
        (["12042018", "02172018", "01212015"], "mdy"),
        (["3/14/61", "1/2/90", "12/25/75"], "mdy"),
    ],
)
def test_date_order_is_learnt(dates: list[str], order: str) -> None:
    mapping = mapping_of({"name": NAMES[:3], "dob": dates})
    assert mapping.date_orders() == {"src//birth_on": order}


def test_overrides_stand_above_recognition() -> None:
    columns = {"name": NAMES, "where": STATES, "junk": ["1", "2", "3", "4", "5"]}
    mapping = mapping_of(columns, overrides=Overrides(columns={"where": "billing.state"}, ignore=("junk",), key="junk"))
    assert targets_of(mapping) == {"name": "full_name", "where": "billing.state", "junk": "key"}
    ignored = mapping_of(columns, overrides=Overrides(ignore=("junk",)))
    assert targets_of(ignored)["junk"] == "ignore"


def test_wrong_overrides_are_refused() -> None:
    with pytest.raises(SourceError, match="towne"):
        mapping_of({"name": NAMES}, overrides=Overrides(columns={"name": "towne"}))
    with pytest.raises(SourceError, match="nix"):
        mapping_of({"name": NAMES}, overrides=Overrides(key="nix"))


def test_owner_and_department_need_policy() -> None:
    targets = targets_of(mapping_of({"name": NAMES, "owner": NAMES, "department": ["a", "b", "c", "d", "e"]}))
    assert (targets["owner"], targets["department"]) == ("extra", "extra")


def test_doubtful_mappings_carry_their_fix() -> None:
    lines = mapping_of({"frist_name": ["Mary", "James", "Linda"], "x1": ["q", "w", "e"]}).describe()
    assert "--map" in lines[0].fix or lines[0].confidence >= 0.7
    assert all(line.reason for line in lines)


def test_lost_zeros_are_said() -> None:
    zips = ["2139", "45402", "44301", "97301", "4101"]
    assert any(
        "leading zero" in warning for warning in mapping_of({"name": NAMES, "state": STATES, "zip": zips}).warnings
    )


def test_answers_travel_as_extras() -> None:
    columns = {"class": ["0", "0", "1", "1", "2"], "true_id": ["1", "1", "2", "2", "3"], "name": NAMES}
    assert {targets_of(mapping_of(columns))[header] for header in ("class", "true_id")} == {"extra"}


def related() -> SourceMapping:
    """Return a recognised source of three tables."""
    accounts = sample({"Id": ["A1", "A2"], "Name": ["Acme LLC", "Lake Inc"], "OwnerId": ["U1", "U1"]}, "accounts")
    contacts = sample(
        {"Id": ["C1", "C2"], "AccountId": ["A1", "A2"], "LastName": ["Lee", "Ng"], "dob": ["03/14/1961", ""]},
        "contacts",
    )
    users = sample({"Id": ["U1"], "Name": ["Pat Lee"]}, "users")
    return recognise("crm", [accounts, contacts, users], standards())


def test_saved_file_reads_back_to_the_same_mapping(tmp_path: Path) -> None:
    mapping = related()
    (tmp_path / "standards").mkdir()
    for place in (ROOT / "standards").iterdir():
        if place.name != "sources":
            (tmp_path / "standards" / place.name).symlink_to(place)
    (tmp_path / "standards" / "sources").mkdir()
    saved = tmp_path / "standards" / "sources" / "crm.yml"
    saved.write_text(yaml.safe_dump(mapping.to_document(), sort_keys=False), encoding="utf-8")
    policy = load_standards(tmp_path / "standards", ROOT / "expectations")
    accounts = sample(
        {"Id": ["A1", "A2"], "Name": ["Acme LLC", "Lake Inc"], "OwnerId": ["U1", "U1"], "new": ["x", "y"]}, "accounts"
    )
    contacts = sample({"Id": ["C1", "C2"], "AccountId": ["A1", "A2"], "dob": ["03/14/1961", ""]}, "contacts")
    users = sample({"Id": ["U1"], "Name": ["Pat Lee"]}, "users")
    again = recognise("crm", [accounts, contacts, users], policy)
    assert targets_of(again, "contacts") == {"Id": "key", "AccountId": "account_key", "dob": "birth_on"}
    assert [table.role for table in again.tables] == [table.role for table in mapping.tables]
    assert [key.meaning for table in again.tables for key in table.foreign_keys] == ["owner", "account"]
    assert again.date_orders() == mapping.date_orders()
    assert again.appeared == ("accounts/new",)
    assert again.vanished == ("contacts/LastName",)


def test_mapping_is_frozen_text() -> None:
    mapping = related()
    assert pickle.loads(pickle.dumps(mapping)) == mapping
    assert json.loads(json.dumps(mapping.to_document())) == mapping.to_document()


def test_every_reference_word_names_a_target() -> None:
    table = standards().table("columns")
    assert [column for column in table["column"] if parse_target(column) is None] == []
    compact = table["words"].str.replace(" ", "")
    owners = table.assign(compact=compact).groupby("compact")["column"].nunique()
    assert owners[owners > 1].index.tolist() == []


SHOPS = ["Blue Heron Grill", "Casa Lupita", "The Velvet Spoon", "Ninth Wave", "Pho Kim Long", "Taverna Delphi"]
ENDS = ["12 Oak St, Reno, NV 89501", "PO Box 7, Akron, OH 44301", "9 N Elm Ave Ste 2, Salem, OR 97301"]


@pytest.mark.parametrize("header", ["data", "name", "address", "column_1"])
def test_a_cell_with_name_and_address_is_both(header: str) -> None:
    mapping = mapping_of({header: [f"{shop}, {end}" for shop in SHOPS for end in ENDS]})
    assert targets_of(mapping) == {header: "name_and_address"}
    assert mapping.country == "US"


def test_an_address_beside_a_name_stays_one() -> None:
    cells = [f"{shop}, {end}" for shop in SHOPS for end in ENDS]
    mapping = mapping_of({"name": [f"{shop} {end[:2]}" for shop in SHOPS for end in ENDS], "address": cells})
    assert targets_of(mapping)["address"] == "address_text"


def test_without_any_name_the_text_that_differs_most_is_taken() -> None:
    kinds = ["tapas bar", "noodle shop"]
    columns = {
        "v1": [f"{shop} {word}" for shop in SHOPS for word in ("uno", "dos", "tres", "east", "west")],
        "v2": [kinds[place % 2] for place in range(30)],
        "v3": [f"{place:05}-x" for place in range(30)],
    }
    assert targets_of(mapping_of(columns)) == {"v1": "full_name", "v2": "extra", "v3": "extra"}


def test_whole_addresses_tell_the_country() -> None:
    mapping = mapping_of({"name": SHOPS[:3], "address": ENDS})
    assert (mapping.country, targets_of(mapping)["address"]) == ("US", "address_text")
    assert mapping_of({"name": SHOPS[:3], "address": ["Hauptstr. 2, 10115 Berlin"] * 3}).country is None
