"""Rows become records, points, relations and changes; nothing vanishes, nothing depends on order."""

import pickle

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dq.errors import SourceError
from dq.model import CONTACT_POINTS, RECORDS
from dq.tables.identity import with_final_ids
from dq.tables.mapping import map_rows, mapping_policy
from dq.tables.recognition import Overrides, recognise
from tests.tables.mapping.mapped import KEY, cells, mapped, policy_of, rows_of
from tests.tables.recognition.samples import sample, standards

PEOPLE = {
    "cust_no": ["17", "18", "19"],
    "first_name": ["Mary", "NA", "Bob"],
    "last_name": ["Smith", "Null", "N/A"],
    "phone": ["555-0148; 555-0199 x12 (wife)", "n/a", "5.55014E+09"],
    "email": ["a@x.com, b@y.com", "", "bob@mail.net"],
    "address": ["12 Oak St", "9 Elm Ave", "unknown"],
    "city": ["Boston", "Dayton", "Akron"],
    "state": ["MA", "OH", "OH"],
    "zip": ["02139", "45402", "44301"],
    "shoe size": ["9", "10", "11"],
}


def test_frames_have_the_columns_of_the_model() -> None:
    frames = mapped(PEOPLE)
    assert set(RECORDS.columns) <= set(frames["records"].columns)
    assert set(CONTACT_POINTS.columns) <= set(frames["contact_points"].columns)
    assert cells(frames["records"], "record_id", "source_key", "extra.shoe size") == [
        ("src:17", "17", "9"),
        ("src:18", "18", "10"),
        ("src:19", "19", "11"),
    ]


def test_null_tokens_go_with_a_change_and_spare_names() -> None:
    frames = mapped(PEOPLE)
    assert cells(frames["records"], "first_name", "last_name", "last_name_raw") == [
        ("Mary", "Smith", "Smith"),
        ("NA", "Null", "Null"),
        ("Bob", None, "N/A"),
    ]
    assert cells(frames["changes"], "record_id", "column", "before", "after", "reason") == [
        ("src:19", "last_name", "N/A", None, "null_token"),
        ("src:19", "address_line1", "unknown", None, "null_token"),
        ("src:18", "phone", "n/a", None, "null_token"),
    ] or set(cells(frames["changes"], "column", "before")) == {
        ("last_name", "N/A"),
        ("address_line1", "unknown"),
        ("phone", "n/a"),
    }


def test_cells_with_several_values_are_split_and_kept_whole() -> None:
    points = mapped(PEOPLE)["contact_points"]
    mary = points[(points["record_id"] == "src:17") & (points["kind"] != "address")].sort_values("contact_point_id")
    assert cells(mary, "contact_point_id", "role", "value", "value_raw") == [
        ("src:17|email|1", "primary", "a@x.com", "a@x.com, b@y.com"),
        ("src:17|email|2", "other", "b@y.com", "a@x.com, b@y.com"),
        ("src:17|phone|1", "primary", "555-0148", "555-0148; 555-0199 x12 (wife)"),
        ("src:17|phone|2", "other", "555-0199 x12", "555-0148; 555-0199 x12 (wife)"),
    ]


def test_a_cell_with_phone_and_mail_gives_one_of_each() -> None:
    both = ["617-332-3401; mary@acme.com", "mary@acme.com, 937-461-2702", "330-762-2803"]
    for column in ("phone", "email"):
        points = mapped({**PEOPLE, "phone": [""] * 3, "email": [""] * 3, column: both})["contact_points"]
        points = points[points["kind"].isin(["phone", "email"])].sort_values(["record_id", "kind"])
        assert cells(points, "record_id", "kind", "value") == [
            ("src:17", "email", "mary@acme.com"),
            ("src:17", "phone", "617-332-3401"),
            ("src:18", "email", "mary@acme.com"),
            ("src:18", "phone", "937-461-2702"),
            ("src:19", "phone", "330-762-2803"),
        ]


def test_spreadsheet_phone_is_flagged() -> None:
    points = mapped(PEOPLE)["contact_points"]
    assert cells(points[points["flags"].notna()], "record_id", "value", "flags") == [
        ("src:19", "5.55014E+09", "phone:spreadsheet_number")
    ]


def test_damaged_key_stops() -> None:
    columns = {"cust_no": ["1.23457E+11", "1.23458E+11", "123459"], "name": ["Ann Lee", "Bo Diaz", "Cy Ng"]}
    with pytest.raises(SourceError, match="cust_no"):
        mapped(columns)


def test_key_like_1e5_survives() -> None:
    frames = mapped({"cust_no": ["1E5", "00123", "1A"], "name": ["Ann Lee", "Bo Diaz", "Cy Ng"]})
    assert frames["records"]["source_key"].tolist() == ["1E5", "00123", "1A"]


def test_pieces_are_joined() -> None:
    points = mapped(
        {
            "id": ["1", "2", "3"],
            "last_name": ["Lee", "Diaz", "Ng"],
            "street_number": ["12", "", "5"],
            "street_name": ["oak st", "", "elm ave"],
            "apt": ["4", "", "apt b"],
            "po_box": ["", "14011", "77"],
            "city": ["Boston", "Dayton", "Akron"],
            "state": ["MA", "OH", "OH"],
            "zip": ["02139", "45402", "44301"],
            "area_code": ["617", "937", ""],
            "phone": ["332-3401", "461-2702", "762-2803"],
            "ext": ["12", "", ""],
        }
    )["contact_points"]
    addresses = points[points["kind"] == "address"].sort_values("record_id")
    assert cells(addresses, "address_line1", "address_line2", "address_line1_raw") == [
        ("12 oak st Apt 4", None, "12 oak st 4"),
        ("PO Box 14011", None, "14011"),
        ("5 elm ave apt b", "PO Box 77", "5 elm ave apt b"),
    ]
    phones = points[points["kind"] == "phone"].sort_values("record_id")
    assert cells(phones, "value", "extension", "value_raw") == [
        ("(617) 332-3401", "12", "617 332-3401"),
        ("(937) 461-2702", None, "937 461-2702"),
        ("762-2803", None, "762-2803"),
    ]


def test_birth_pieces_are_joined() -> None:
    frames = mapped(
        {
            "last": ["Lee", "Ng", "Diaz"],
            "birth_day": ["4", "12", "30"],
            "birth_month": ["3", "11", "Jun"],
            "birth_year": ["1961", "1970", "1980"],
        }
    )
    assert cells(frames["records"], "birth_on", "birth_on_raw") == [
        ("1961-03-04", "1961 3 4"),
        ("1970-11-12", "1970 11 12"),
        ("30 Jun 1980", "1980 Jun 30"),
    ]


PERSON_AND_COMPANY = {
    "id": ["1", "2", "3"],
    "name": ["Mary Smith", "", "Bob Ray"],
    "title": ["VP", "", "Clerk"],
    "company": ["Acme Corp", "Lake LLC", ""],
    "website": ["acme.com", "lake.com", ""],
    "address": ["12 Oak St", "9 Elm Ave", "5 Main St"],
    "city": ["Boston", "Dayton", "Akron"],
    "state": ["MA", "OH", "OH"],
    "zip": ["02139", "45402", "44301"],
    "email": ["mary@acme.com", "info@lake.com", "bob@mail.net"],
}


def test_person_and_company_become_two_records() -> None:
    frames = mapped(PERSON_AND_COMPANY)
    assert cells(frames["records"], "record_id", "full_name", "organization_name", "party_type") == [
        ("src:1", "Mary Smith", None, None),
        ("src:2", None, "Lake LLC", "organization"),
        ("src:3", "Bob Ray", None, None),
        ("src:1#organization", None, "Acme Corp", "organization"),
    ]
    assert cells(frames["relations"], "from_record_id", "type", "to_record_id") == [
        ("src:1", "works_for", "src:1#organization")
    ]
    points = frames["contact_points"]
    company = points[points["record_id"] == "src:1#organization"].sort_values("contact_point_id")
    assert cells(company, "kind", "value", "address_line1") == [
        ("address", None, "12 Oak St"),
        ("website", "acme.com", None),
    ]


def test_employer_has_its_own_address() -> None:
    points = mapped(
        {
            "id": ["1", "2", "3"],
            "first_name": ["Mary", "Bob", "Ann"],
            "last_name": ["Smith", "Ray", "Lee"],
            "employer_name": ["Acme Corp", "", "Lake LLC"],
            "employer_street_name": ["oak st", "elm ave", ""],
            "mailing_address_street_name": ["main st", "pine ln", "hill rd"],
            "mailing_address_state": ["MA", "OH", "OH"],
        }
    )["contact_points"].sort_values("contact_point_id")
    assert cells(points, "record_id", "role", "address_line1") == [
        ("src:1#organization", "primary", "oak st"),
        ("src:1", "mailing", "main st"),
        ("src:2#organization", "primary", "elm ave"),
        ("src:2", "mailing", "pine ln"),
        ("src:3#organization", "mailing", "hill rd"),
        ("src:3", "mailing", "hill rd"),
    ]


def test_consent_goes_to_points_and_record() -> None:
    frames = mapped(
        {
            "id": ["1", "2", "3"],
            "last_name": ["Smith", "Ray", "Lee"],
            "email": ["a@x.com", "b@x.com", ""],
            "phone": ["617-332-3401", "937-461-2702", "330-762-2803"],
            "HasOptedOutOfEmail": ["true", "false", "1"],
            "DoNotCall": ["", "Y", "maybe"],
            "newsletter": ["yes", "yes", ""],
            "opt_out_date": ["2020-01-05", "2021-02-03", ""],
        }
    )
    points = frames["contact_points"].sort_values("contact_point_id")
    assert cells(points, "contact_point_id", "consent", "consent_at") == [
        ("src:1|email|1", "opt_out", "2020-01-05"),
        ("src:1|phone|1", "unknown", None),
        ("src:2|email|1", "opt_in", "2021-02-03"),
        ("src:2|phone|1", "opt_out", "2021-02-03"),
        ("src:3|phone|1", "unknown", None),
    ]
    assert cells(frames["records"], "do_not_email", "do_not_call", "flags") == [
        (True, None, None),
        (False, True, None),
        (True, None, "row:consent_unreadable"),
    ]


def test_country_comes_first() -> None:
    points = mapped(
        {
            "id": [str(number) for number in range(12)],
            "last_name": ["Smith"] * 12,
            "city": ["Boston"] * 10 + ["Toronto", "Bonn"],
            "state": ["MA"] * 10 + ["ON", ""],
            "zip": ["02139"] * 10 + ["M5V 2T6", "53111"],
            "country": [""] * 9 + ["Atlantis", "", "Germany"],
        }
    )["contact_points"]
    countries = dict(zip(points["record_id"], points["country"], strict=True))
    assert [countries[f"src:{row}"] for row in (0, 10, 11)] == ["US", "CA", "DE"]
    assert pd.isna(countries["src:9"])
    assert points.loc[points["record_id"] == "src:9", "flags"].tolist() == ["country:unknown"]


def test_mojibake_is_mended_only_where_exact() -> None:
    frames = mapped(
        {"id": ["1", "2", "3"], "first_name": ["JosÃ©", "Zoë", "RenÃ"], "last_name": ["PeÃ±a", "Lee", "Ng"]}
    )
    assert cells(frames["records"], "first_name", "last_name") == [("José", "Peña"), ("Zoë", "Lee"), ("RenÃ", "Ng")]
    assert set(cells(frames["changes"], "column", "before", "after", "reason")) == {
        ("first_name", "JosÃ©", "José", "mojibake"),
        ("last_name", "PeÃ±a", "Peña", "mojibake"),
    }


def test_shifted_row_is_flagged() -> None:
    columns = {
        "id": ["1", "2", "3", "4", "5", "6", "7"],
        "last_name": ["Lee", "Ng", "Ray", "Fox", "Day", "Kim", "Poe"],
        "city": ["Boston", "Dayton", "Akron", "Salem", "Mobile", "Reno", "9 Elm Ave"],
        "state": ["MA", "OH", "OH", "OR", "AL", "NV", "Dayton"],
        "zip": ["02139", "45402", "44301", "97301", "36602", "89511", "OH"],
        "phone": ["617-332-3401", "937-461-2702", "330-762-2803", "503-588-2904", "251-433-3106", "", "45402"],
        "email": ["a@x.com", "b@x.com", "c@x.com", "d@x.com", "e@x.com", "", "937-461-2702"],
    }
    flags = mapped(columns)["records"]["flags"]
    assert [None if pd.isna(flag) else flag for flag in flags] == [None] * 6 + ["row:shifted"]


def test_without_key_content_identifies_and_repeats_are_numbered() -> None:
    columns = {"first_name": ["Ann", "Ann", "Bo"], "last_name": ["Lee", "Lee", "Ng"], "shoe size": ["9", "8", "7"]}
    frames = mapped(columns)
    records = frames["records"]
    assert records["source_key"].str.fullmatch(r"h[0-9a-f]{16}").all()
    assert records["content"].nunique() == 2
    assert records["row_hash"].nunique() == 3
    first = records["record_id"].iloc[0]
    finals = pd.DataFrame({"row": [1], "record_id": [first], "final_id": [f"{first}~2"]})
    numbered = with_final_ids(frames, finals)["records"]
    assert numbered["record_id"].tolist()[:2] == [first, f"{first}~2"]
    assert numbered["source_key"].iloc[1].endswith("~2")


def test_personal_key_is_hashed() -> None:
    frames = mapped(PEOPLE, Overrides(key="email"))
    keys = frames["records"]["source_key"]
    assert keys.str.fullmatch(r"[kh][0-9a-f]{16}").all()


def test_every_value_stands_somewhere() -> None:
    columns = {
        "id": ["1", "2"],
        "Name": ["Mary Smith", "Bob Ray"],
        "first_name": ["Mary", ""],
        "last_name": ["Smith", ""],
        "company": ["Acme Corp", ""],
        "phone": ["617-332-3401 (home), 937-461-2702", ""],
        "address": ["12 Oak St", "5 Elm Ave"],
        "address 2": ["c/o Lee", "Apt 4"],
        "favourite colour": ["blue", "N/A"],
    }
    frames = mapped(columns)
    shown = " ".join(str(cell) for frame in frames.values() for row in frame.itertuples() for cell in row)
    for values in columns.values():
        for value in values:
            assert value in shown


def test_row_order_is_irrelevant() -> None:
    policy = policy_of(PEOPLE)
    rows = rows_of(sample(PEOPLE))
    forward, backward = (map_rows({"rows": given_rows}, policy) for given_rows in (rows, rows.iloc[::-1]))
    for name in forward:
        order = [column for column in ("row", "contact_point_id", "column") if column in forward[name]]
        left, right = (frames[name].sort_values(order).reset_index(drop=True) for frames in (forward, backward))
        pd.testing.assert_frame_equal(left, right)


def test_policy_is_picklable_and_stable() -> None:
    policy = policy_of(PERSON_AND_COMPANY)
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert pickle.dumps(policy_of(PERSON_AND_COMPANY)) == pickle.dumps(policy_of(PERSON_AND_COMPANY))


@settings(max_examples=12)  # what an example costs are columns: a few hold many rows
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=16))
def test_never_raises_and_keeps_every_row(rows: list[tuple[str, str, str]]) -> None:
    policy = policy_of(PEOPLE)
    frame = pd.DataFrame({header: pd.Series([None] * len(rows), dtype="str") for header in PEOPLE})
    for place, header in enumerate(("last_name", "phone", "address")):
        frame[header] = pd.Series([row[place] for row in rows], dtype="str")
    frame["cust_no"] = pd.Series([str(number) for number in range(len(rows))], dtype="str")
    frame = frame.assign(**{"#row": range(len(rows)), "#line": range(len(rows))})
    frames = map_rows({"rows": frame}, policy)
    assert frames["records"]["record_id"].tolist() == [f"src:{number}" for number in range(len(rows))]


def test_related_tables() -> None:
    accounts = sample(
        {
            "AccountId": ["A1", "A2", "A3"],
            "Name": ["Kwan Enterprises LLC dba Sunrise Cafe", "Sunrise Café", "Subway #4411"],
            "Street": ["12 Oak St", "12 Oak Street", ""],
            "OwnerId": ["U1", "U2", "U1"],
        },
        "accounts",
    )
    contacts = sample(
        {
            "ContactId": ["C1", "C2", "C3"],
            "AccountId": ["A1", "A2", ""],
            "Name": ["Mary Kwan", "M. Kwan", "Bob Ray"],
            "Phone": ["617-332-3401", "617-332-3401", ""],
        },
        "contacts",
    )
    addresses = sample(
        {
            "AccountId": ["A1", "A1"],
            "Type": ["Billing", "Shipping"],
            "Street": ["12 Oak St", "9 Elm Ave"],
            "City": ["Boston", "Salem"],
        },
        "addresses",
    )
    owners = sample({"Id": ["U1", "U2"], "Name": ["Pat Lee", "Sam Fox"]}, "owners")
    tables = [accounts, contacts, addresses, owners]
    mapping = recognise("crm", tables, standards())
    assert [table.role for table in mapping.tables] == ["party", "party", "contact_points", "lookup"]
    frames = {
        table.table: map_rows(
            {"rows": rows_of(table), "lookup:owners": rows_of(owners)},
            mapping_policy(mapping, table.table, standards(), KEY),
        )
        for table in tables
    }
    assert cells(frames["accounts"]["records"], "record_id", "party_type", "extra.owners.Name") == [
        ("crm/accounts:A1", "organization", "Pat Lee"),
        ("crm/accounts:A2", "organization", "Sam Fox"),
        ("crm/accounts:A3", "organization", "Pat Lee"),
    ]
    assert cells(frames["contacts"]["relations"], "from_record_id", "type", "to_record_id") == [
        ("crm/contacts:C1", "works_for", "crm/accounts:A1"),
        ("crm/contacts:C2", "works_for", "crm/accounts:A2"),
    ]
    assert cells(frames["addresses"]["contact_points"], "contact_point_id", "role", "address_line1") == [
        ("crm/accounts:A1|address|1", "billing", "12 Oak St"),
        ("crm/accounts:A1|address|2", "shipping", "9 Elm Ave"),
    ]
    assert frames["owners"]["records"].empty


def test_a_whole_cell_gives_name_address_and_channels() -> None:
    whole = [f"Blue Heron Grill {n}, {n} Oak St, Reno, NV 89501 (775) 555-01{n} a{n}@x.com" for n in range(10, 14)]
    frames = mapped({"data": whole})
    record = cells(frames["records"], "full_name", "last_name_raw")[0]
    assert record == ("Blue Heron Grill 10", whole[0])
    points = cells(frames["contact_points"], "kind", "address_text", "value")
    assert ("address", "10 Oak St, Reno, NV 89501", None) in points
    assert {("phone", None, "(775) 555-0110"), ("email", None, "a10@x.com")} <= set(points)
