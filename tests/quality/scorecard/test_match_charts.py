"""Pictures of matching: files of their own, equal bytes, named for screen readers, nobody's name in them."""

import xml.etree.ElementTree as ElementTree

from dq.quality.scorecard import LevelShares, MatchPictures, draw

LEVELS = (
    LevelShares("phone", "exact", 0.7, 5e-6, 17.1),
    LevelShares("phone", "one_digit", 0.04, 5e-5, 9.6),
    LevelShares("phone", "other", 0.26, 0.999, -1.9),
)
PICTURES = MatchPictures(
    levels={"person": LEVELS, "organization": ()},
    histogram={(-12, "no match"): 40, (5, "possible match"): 3, (9, "match"): 12},
    thresholds={"review from": 3.0, "match from": 7.0},
    unlinkable={"crm": (2, 100), "web <list>": (0, 50)},
    terms={"family names": [("smith", 40), ("zywicki", 2)], "cities": []},
)
SVG = "{http://www.w3.org/2000/svg}"


def test_every_picture_is_a_file_with_title_and_description() -> None:
    made = draw(PICTURES)
    assert sorted(made) == [
        "m-u-person.svg",
        "match-weight-histogram.svg",
        "match-weights-person.svg",
        "term-frequencies.svg",
        "unlinkable.svg",
    ]
    for svg in made.values():
        root = ElementTree.fromstring(svg)
        assert root.attrib["role"] == "img"
        named = root.attrib["aria-labelledby"].split()
        assert [child.attrib.get("id") for child in root][:2] == named
        assert all(child.text for child in root[:2])
        assert "prefers-color-scheme:dark" in svg
        assert '"#000"' not in svg
        assert "http" not in svg.replace("http://www.w3.org", "")


def test_equal_numbers_give_equal_bytes() -> None:
    assert draw(PICTURES) == draw(PICTURES)


def test_a_name_that_few_bear_is_in_no_picture() -> None:
    terms = draw(PICTURES)["term-frequencies.svg"]
    assert "smith" in terms
    assert "zywicki" not in terms


def test_the_thresholds_and_the_shares_are_told_in_words() -> None:
    made = draw(PICTURES)
    assert "thresholds: review from 3, match from 7" in made["match-weight-histogram.svg"]
    assert "crm: 2 of 100" in made["unlinkable.svg"]
    assert "Strongest for a match: phone exact +17.1" in made["match-weights-person.svg"]


def test_what_has_no_numbers_has_no_picture() -> None:
    assert draw(MatchPictures({"person": ()}, {}, {}, {}, {"cities": [("OSLO", 3)]})) == {}
