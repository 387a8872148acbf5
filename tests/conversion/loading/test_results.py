"""Answers of targets: whatever the tool calls its columns, and whatever does not add up is said."""

import pandas as pd
import pytest

from dq.conversion.loading import read_answers
from tests.conversion.loads import shipped

SENT = {"Account": ["A1"], "Contact": ["C1", "C2", "C3", "C4"]}
KEY = "External_Id__c"


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype="str")


@pytest.mark.parametrize(
    ("success", "error"),
    [
        pytest.param(
            table({"sf__Id": "003A", "sf__Created": "true", KEY: "C1"}),
            table({"sf__Id": "", "sf__Error": "STRING_TOO_LONG:Last Name:LastName --", KEY: "C2"}),
            id="Bulk API 2.0",
        ),
        pytest.param(
            table({"ID": "003A", KEY: "C1", "STATUS": "Item Created"}),
            table({KEY: "C2", "ERROR": "Last Name: data value too large"}),
            id="Data Loader",
        ),
        pytest.param(
            table({"Id": "003A", "External Id": "C1"}), table({"External Id": "C2", "Error": "no"}), id="labels"
        ),
    ],
)
def test_files_of_every_tool_are_joined_by_the_key(success: pd.DataFrame, error: pd.DataFrame) -> None:
    answers = read_answers(shipped("salesforce"), SENT, [success], [error])
    rows = answers.results.set_index("row_id")
    assert rows.loc["C1", ["object", "loaded", "target_id"]].tolist() == ["Contact", "yes", "003A"]
    assert rows.loc["C2", "loaded"] == "no"
    assert rows.loc["C2", "error"]
    assert answers.problems == ("3 of 5 rows sent are in no file: not known to be in, they remain",)


def test_what_does_not_add_up_is_said_and_counted() -> None:
    success = table({"sf__Id": "1", KEY: "C1"}, {"sf__Id": "1", KEY: "C1"}, {"sf__Id": "9", KEY: "X9"})
    error = table({"sf__Error": "E:no", KEY: "C1"}, {"sf__Error": "E:no", KEY: "A1"})
    answers = read_answers(shipped("salesforce"), SENT, [success], [error, table({"who": "else"})])
    assert answers.problems == (
        "1 row is in both a success and an error file: counted as loaded",
        "1 row is more than once in the success files: counted once",
        "2 rows are in the files that this load did not send: left out",
        "3 of 5 rows sent are in no file: not known to be in, they remain",
    )
    assert answers.results.set_index("row_id")["loaded"].to_dict() == {"A1": "no", "C1": "yes"}


def test_no_file_means_nothing_is_known() -> None:
    answers = read_answers(shipped("salesforce"), SENT, [], [])
    assert not len(answers.results)
    assert answers.problems == ("5 of 5 rows sent are in no file: not known to be in, they remain",)


def test_a_file_read_again_changes_nothing_and_says_so() -> None:
    target, success = shipped("salesforce"), table({"sf__Id": "003A", KEY: "C1"}, {"sf__Id": "003B", KEY: "C2"})
    error = table({"sf__Error": "E:no", KEY: "C3"}, {"sf__Error": "E:no", KEY: "C4"})
    first = read_answers(target, SENT, [success], [error])
    again = read_answers(target, SENT, [success], [], first.results)
    assert again.problems[0] == "2 rows are in the success files that were read already: nothing changes for them"
    assert again.results.equals(first.results)
    later = read_answers(target, SENT, [table({"sf__Id": "003C", KEY: "C3"})], [], first.results)
    assert later.problems == ("1 of 5 rows sent are in no file: not known to be in, they remain",)
    assert later.results.set_index("row_id")["loaded"].to_dict() == {"C1": "yes", "C2": "yes", "C3": "yes", "C4": "no"}
