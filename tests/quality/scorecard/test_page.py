"""The page stands alone, hides nothing that was asked for, runs nothing a cell says, and is the same every time."""

import json
import re
from dataclasses import replace

from dq.quality.scorecard import Example, GenericValue, MatchCounts, as_json, match_table, render_page
from dq.quality.scorecard.charts import bars
from dq.quality.scorecard.matching import MILLION
from tests.quality.scorecard.cards import card_of, rule

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_the_page_needs_no_network_and_no_script() -> None:
    page = render_page(card_of(rule("a", "completeness", 1)))
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|link|iframe|object|img)\b", page)
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page)


def test_cells_are_text_never_markup() -> None:
    example = Example(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "")
    page = render_page(card_of(rule("a", "completeness", 1), examples={"a": (example,)}))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;Zip" in page


def test_equal_numbers_give_equal_bytes() -> None:
    card = card_of(rule("a", "completeness", 1), rule("b", "uniqueness", 1))
    bars({"warm": 1.0}, ["#000000"], 1.0, "numbers of generated ids move on")
    assert render_page(card) == render_page(card)


def test_pictures_are_named_for_screen_readers() -> None:
    picture = bars({"good & bad": 1.0}, ["#123456"], 1.0, 'a "label" & more')
    assert 'role="img" aria-label="a &quot;label&quot; &amp; more"' in picture
    assert "#123456" in picture


def test_how_sure_matching_is_stands_on_the_page() -> None:
    counts = MatchCounts(20_000, 30 * MILLION, 12 * MILLION, 7, 100, 3, 8, 2, 1, 5, 0)
    thresholds = {"match_threshold": 7.0, "review_threshold": 3.0}
    generic = [GenericValue("person", "phone", "2••-•••", 40, 17.2)]
    table = match_table(counts, thresholds, "safe", generic, ("unlinkable.svg",), ("person: learned",))
    page = render_page(replace(card_of(rule("a", "completeness", 1)), matching=table))
    for said in ("about 15", "about 12", "2••-•••", "17.2", 'href="charts/unlinkable.svg"'):
        assert said in page, said
    assert "the model&#39;s own estimate" in page


def test_a_stopped_run_says_so_first() -> None:
    page = render_page(card_of(rule("a", "completeness", 1), stopped=("golden_id_is_unique",)))
    assert "Golden records were not published." in page
    assert page.index("not published") < page.index("In one minute")


def test_the_json_carries_the_same_numbers() -> None:
    card = card_of(rule("a", "completeness", 1))
    document = json.loads(as_json(card))
    assert document["score"] == card.score
    assert document["ledger"]["total"]["read"] == 5
    assert document["worst"][0]["rule_id"] == "a"
