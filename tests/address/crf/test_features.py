"""Attributes and classes of tokens, against python-crfsuite's own reading of usaddress's features."""

from random import Random

import numpy as np
import pyarrow as pa
import pycrfsuite
import usaddress
from hypothesis import given
from hypothesis import strategies as st

from dq.address.crf.classes import TokenClasses
from dq.address.crf.features import attributes
from dq.address.crf.model import usaddress_model
from dq.address.crf.single import _items
from dq.address.crf.tables import tables
from tests.address.crf.lines import damaged_line, full_line, lines, noise_line, special_line

MARKS = "abcSTNy1290.,)#&('-/_\n\x00é½²\u00a0ß"


def tokens_of(kinds: list[object]) -> list[str]:
    return [t for kind in kinds for line in lines(kind, 1_500, seed=21) for t in usaddress.tokenize(line)]  # type: ignore[arg-type]


def said_by_usaddress(tokens: list[str]) -> list[list[str]]:
    """Return the attributes python-crfsuite makes of `usaddress.tokens2features` that the model knows, per token."""
    known = usaddress_model().rows
    items = pycrfsuite.ItemSequence(usaddress.tokens2features(tokens)).items()
    return [[name for name, value in item.items() if value and name in known] for item in items]


def test_attributes_stand_in_the_order_in_which_crfsuite_meets_them() -> None:
    for line in lines(full_line, 300, seed=2) + lines(damaged_line, 700, seed=2):
        if tokens := usaddress.tokenize(line):
            classes = tuple(map(tables().classes.of_token, tokens))
            assert _items(classes) == said_by_usaddress(tokens), line


@given(st.text(MARKS, max_size=12))
def test_attributes_are_those_of_python_crfsuite(text: str) -> None:
    for token in usaddress.tokenize(text):
        (item,) = pycrfsuite.ItemSequence([usaddress.tokenFeatures(token)]).items()
        assert attributes(token) == tuple(name for name, value in item.items() if value)


def test_tokens_read_together_have_the_class_of_each_alone() -> None:
    tokens = sorted(set(tokens_of([full_line, special_line, damaged_line, noise_line])))
    classes = TokenClasses(usaddress_model())
    together = classes.of_tokens(pa.array(tokens, pa.large_string()))
    assert together.tolist() == [classes.of_token(token) for token in tokens]


@given(st.lists(st.text(MARKS, max_size=12), min_size=1, max_size=8))
def test_any_tokens_read_together_have_the_class_of_each_alone(texts: list[str]) -> None:
    tokens = [token for text in texts for token in usaddress.tokenize(text)]
    classes = tables().classes
    assert classes.of_tokens(pa.array(tokens, pa.large_string())).tolist() == list(map(classes.of_token, tokens))


def test_scores_are_the_weights_added_in_crfsuite_s_order() -> None:
    model = usaddress_model()
    classes = TokenClasses(model)
    for line in lines(full_line, 100, seed=4):
        tokens = usaddress.tokenize(line)
        numbers = np.array([classes.of_token(token) for token in tokens])
        found = classes.scores(classes.contexts(numbers, np.array([0, len(tokens)])))
        for row, names in zip(found, said_by_usaddress(tokens), strict=True):
            expected = np.zeros(len(model.labels))
            for name in names:
                expected += model.weights[model.rows[name]]
            assert np.array_equal(row, expected)


def test_equal_attributes_are_one_class_and_memory_is_bounded() -> None:
    classes = TokenClasses(usaddress_model())
    chance = Random(1)
    numbers = {classes.of_token(f"{chance.randint(1000, 9999)}{chance.choice('123')}") for _ in range(1_000)}
    assert len(numbers) == 1
