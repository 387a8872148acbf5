"""One line's tokens at a time: the same labels and numbers as many lines at once."""

import pandas as pd
import pytest
import usaddress
from hypothesis import given
from hypothesis import strategies as st

from dq.address.crf import label_lines, label_tokens, token_marginals
from dq.address.tagger import label
from tests.address.crf.lines import damaged_line, full_line, lines, noise_line, special_line, street_line


@pytest.mark.parametrize("kind", [street_line, full_line, special_line, damaged_line, noise_line])
def test_tokens_are_labelled_as_in_whole_lines(kind: object) -> None:
    made = pd.Series(lines(kind, 300, seed=5))  # type: ignore[arg-type]
    for _, rows in label_lines(made, marginals=True).groupby("line"):
        found = label_tokens(tuple(rows["token"]))
        assert list(found.labels) == rows["label"].tolist()
        assert found.probability == pytest.approx(rows["probability"].iloc[0], abs=1e-9)
        assert token_marginals(tuple(rows["token"])) == pytest.approx(rows["marginal"].tolist(), abs=1e-9)


def test_no_tokens_have_no_labels() -> None:
    assert label(()) == ((), 0.0)
    assert token_marginals(()) == ()


def test_signs_alone_count_as_an_ampersand() -> None:
    assert label(("12", "-", "Oak", "St", "")) == label(("12", "&", "Oak", "St", "&"))
    assert label(("12", "#", "4")) != label(("12", "&", "4"))


@given(st.lists(st.text(max_size=8), max_size=8).map(tuple))
def test_any_tokens_have_a_label_each(tokens: tuple[str, ...]) -> None:
    found = label(tokens)
    assert len(found.labels) == len(tokens)
    assert 0 <= found.probability <= 1


@given(st.lists(st.text("abST 1290.-'#&½é", min_size=1, max_size=6), min_size=1, max_size=8))
def test_labels_are_those_of_the_tagger_for_any_tokens(texts: list[str]) -> None:
    tokens = [text if any(map(str.isalnum, text)) or text in "&#" else "&" for text in texts]
    assert list(label(tuple(tokens)).labels) == usaddress.TAGGER.tag(usaddress.tokens2features(tokens))
