"""Values change in the text of a policy; everything around them stays."""

import pytest
import yaml

from dq.standards.editing import edited, first_key
from dq.standards.ladders import Level
from tests.matching.runs import row_policy

MATCHING_TEXT = (row_policy().standards.folder / "matching.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("a:\n  b: 7   # why\n", "8.25", "a:\n  b: 8.25 # was 7: why\n"),
        ("a:\n  b: 7.25   # why\n", "8", "a:\n  b: 8      # was 7.25: why\n"),
        ("a:\n  b: 7\n", "8", "a:\n  b: 8\n"),
        ("a: {b: 0.5, c: 1}  # both\n", "0.25", "a: {b: 0.25, c: 1}  # both\n"),
        ("# top\na: {c: '7', b: 7}\n", "8", "# top\na: {c: '7', b: 8}\n"),
    ],
)
def test_one_value_changes(text: str, value: str, expected: str) -> None:
    assert edited(text, {("a", "b"): value}, "was {}: ") == expected


def test_a_place_that_is_not_there_is_no_place() -> None:
    with pytest.raises(KeyError, match=r"a\.c"):
        edited("a: {b: 1}\n", {("a", "c"): "2"})


def test_every_share_of_the_shipped_file_can_change_and_nothing_else_does() -> None:
    person = row_policy().standards.matching.person
    places = [
        ("person", comparison, name, kind)
        for comparison in type(person).model_fields
        for name, level in getattr(person, comparison).levels()
        for kind in ("m", "u")
        if isinstance(level, Level)
    ]
    text = edited(MATCHING_TEXT, dict.fromkeys(places, "0.123"))
    before, after = (yaml.load(one, Loader=yaml.BaseLoader) for one in (MATCHING_TEXT, text))
    for place in places:
        before[place[0]][place[1]][place[2]][place[3]] = "0.123"
    assert after == before
    assert [line.partition("#")[2] for line in text.splitlines()] == [
        line.partition("#")[2] for line in MATCHING_TEXT.splitlines()
    ]


def test_opening_comments_stand_before_the_first_key() -> None:
    assert MATCHING_TEXT[first_key(MATCHING_TEXT) :].startswith("version: 1")
