"""Headers of processed files: which field they are, and what makes a file unreadable."""

import csv

import pytest

from dq.address.bureau.columns import FIELDS, recognise_columns
from tests.address.policies import policy
from tests.sessions import ROOT

with (ROOT / "tests/cases/bureau_headers.csv").open(encoding="utf-8", newline="") as stream:
    HEADERS = [(row["header"], row["field"]) for row in csv.DictReader(stream)]
OWN = ("key", "first_name", "last_name", "organization_name", "address_line1", "address_line2", "city", "state")


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_headers_of_mail_houses_are_recognised(header: str, expected: str) -> None:
    columns = recognise_columns(["key", header], policy().standards)
    assert {name: field for field, name in columns.headers.items()}.get(header, "") == expected


def test_every_field_of_the_words_exists() -> None:
    table = policy().standards.table("bureau_columns")
    of_kind = {kind: set(rows["field"]) for kind, rows in table.groupby("kind")}
    parts = {field.split("_", 1)[1] for field in FIELDS if field.startswith("std_")}
    assert of_kind["field"] <= {*FIELDS, "ignored"}
    assert of_kind["part"] <= {*parts, "ignored"}
    assert of_kind["role"] == {"std", "new", "echo"}
    assert not table["words"].duplicated().any()


def test_the_list_beside_standard_lines_is_an_echo() -> None:
    columns = recognise_columns([*OWN, "zip5", "zip4", "std_address", "std_city", "Plus4", "dpv"], policy().standards)
    assert columns.headers["echo_line1"] == "address_line1"
    assert columns.headers["echo_zip4"] == "zip4"
    assert columns.headers["std_line1"] == "std_address"
    assert columns.headers["std_zip4"] == "Plus4"
    assert columns.problems == ()


def test_a_list_that_was_written_over_holds_the_standard_lines() -> None:
    columns = recognise_columns([*OWN, "zip5", "zip4", "dpv"], policy().standards)
    assert columns.headers["std_line1"] == "address_line1"
    assert columns.headers["std_zip4"] == "zip4"


def test_a_mapping_stands_above_the_words() -> None:
    columns = recognise_columns(["key", "DPV", "Strange"], policy().standards, {"strange": "dpv", "dpv": "ignored"})
    assert dict(columns.headers) == {"key": "key", "dpv": "Strange"}
    assert columns.ignored == ("DPV",)
    assert columns.problems == ()


def test_the_column_with_keys_that_were_sent_is_the_key() -> None:
    columns = recognise_columns(["key", "Customer", "dpv"], policy().standards, find_key=lambda _: "Customer")
    assert columns.headers["key"] == "Customer"


def test_everything_wrong_is_said_at_once() -> None:
    mapping = {"Nowhere": "dpv", "RDI": "no_such_field"}
    problems = " ".join(recognise_columns(["DPV", "DPV Code", "RDI"], policy().standards, mapping).problems)
    assert "'Nowhere', which the file lacks" in problems
    assert "'no_such_field', which is no field" in problems
    assert "'DPV' and 'DPV Code' both say dpv" in problems
    assert "no column has the key" in problems


@pytest.mark.parametrize(
    "headers", [["key"], ["key", "Move Date"], ["key", "input_city"], ["key", "CASS Date", "LACS"]]
)
def test_a_file_that_says_nothing_is_refused(headers: list[str]) -> None:
    assert recognise_columns(headers, policy().standards).problems[0].startswith("no column has a DPV code")
