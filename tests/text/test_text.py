"""Text functions on distinct values: folding, case, tokens, codes and shapes."""

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dq.text import clean, fold, fold_text, join_tokens, phonetic, restore_case, restore_text, shape, split_tokens
from dq.text.distinct import map_distinct

WORDS = st.text(max_size=30)


def _texts(values: list[str | None]) -> pd.Series:
    return pd.Series(values, dtype="str")


@pytest.mark.parametrize(
    ("value", "folded"),
    [
        ("O'BRIEN", "obrien"),
        ("O’Brien", "obrien"),
        ("Peña-Ruiz, José", "pena ruiz jose"),
        ("Øster Łódź Straße", "oster lodz strasse"),
        ("L.L.C.", "l l c"),
        ("  A  B ", "a b"),
        ("ﬁne", "fine"),
        ("McDONALD'S #12", "mcdonalds 12"),
        ("---", None),
    ],
)
def test_folding_keeps_what_comparing_needs(value: str, folded: str | None) -> None:
    assert fold_text(value) == folded


@given(st.lists(st.one_of(st.none(), WORDS), max_size=8))
def test_folding_twice_equals_once_and_keeps_rows(values: list[str | None]) -> None:
    series = _texts(values)
    once = fold(series)
    pd.testing.assert_series_equal(fold(once), once)
    assert once.index.equals(series.index)
    assert not once[once.notna()].str.contains(r"\s\s|^\s|\s$", regex=True).any()


@given(st.lists(st.one_of(st.none(), WORDS), max_size=8))
def test_cleaning_twice_equals_once_and_leaves_nothing_invisible(values: list[str | None]) -> None:
    once = clean(_texts(values))
    pd.testing.assert_series_equal(clean(once), once)
    for value in once.dropna():
        assert value == unicodedata.normalize("NFC", value)
        assert value == " ".join(value.split())


@pytest.mark.parametrize(
    ("value", "restored"),
    [
        ("JOHN O'NEIL", "John O'Neil"),
        ("mcdonald", "McDonald"),
        ("MARY-ANN", "Mary-Ann"),
        ("DE LA CRUZ", "de la Cruz"),
        ("LA", "La"),
        ("deShawn", "deShawn"),
        ("McDONALD", "McDONALD"),
        ("J.R.", "J.R."),
        ("D'ANGELO", "D'Angelo"),
        ("JOE'S", "Joe's"),
        ("21ST", "21st"),
        ("ÉLISE MÜLLER", "Élise Müller"),
        ("山田", "山田"),
        ("", ""),
    ],
)
def test_case_is_restored_for_one_case_only(value: str, restored: str) -> None:
    assert restore_text(value, {"de": "de", "la": "la"}) == restored


@given(WORDS)
def test_restoring_changes_case_only_and_once(value: str) -> None:
    once = restore_text(value, {"de": "de", "ii": "II"})
    assert once.lower() == value.lower()
    assert restore_text(once, {"de": "de", "ii": "II"}) == once


def test_restoring_a_column_keeps_nulls() -> None:
    restored = restore_case(_texts(["SMITH", None, "smith"]), {})
    assert restored.tolist()[0] == restored.tolist()[2] == "Smith"
    assert restored.isna().tolist() == [False, True, False]


@given(st.lists(st.one_of(st.none(), WORDS), max_size=8))
def test_tokens_join_to_what_was_split(values: list[str | None]) -> None:
    series = clean(_texts(values))
    tokens = split_tokens(series)
    joined = join_tokens(tokens, tokens.words_array(), tokens.codes >= 0)
    pd.testing.assert_series_equal(joined, series.reset_index(drop=True), check_names=False)
    assert tokens.counts.sum() == len(tokens.codes) == len(tokens.rows)


def test_tokens_know_their_place() -> None:
    tokens = split_tokens(_texts(["ann lee", None, "bo"]))
    assert tokens.positions.tolist() == [0, 1, 0]
    assert tokens.rows.tolist() == [0, 0, 2]
    assert tokens.starts.tolist() == [0, 2, 2]


@pytest.mark.parametrize(
    ("left", "right"), [("Smith", "Smyth"), ("Stephen", "Steven"), ("Katherine", "Catherine"), ("O'Brien", "OBRIEN")]
)
def test_names_that_sound_alike_have_one_code(left: str, right: str) -> None:
    codes = phonetic(_texts([left, right]))
    assert codes[0] == codes[1]
    assert codes.notna().all()


@given(st.lists(WORDS, max_size=5))
def test_codes_never_raise(values: list[str]) -> None:
    codes = phonetic(_texts(values))
    assert codes.index.equals(_texts(values).index)
    assert not (codes == "").any()


@pytest.mark.parametrize(
    ("value", "expected"),
    [("02139-1234", "9-9"), ("Smith Jr.", "Aa Aa."), ("A1B 2C3", "A9A 9A9"), ("x" * 500, "a"), ("", "")],
)
def test_shapes(value: str, expected: str) -> None:
    assert shape(_texts([value]))[0] == expected


def test_a_function_sees_each_value_once() -> None:
    seen: list[str] = []

    def note(value: str) -> str:
        seen.append(value)
        return value

    map_distinct(_texts(["b", "a", None, "b"]), note)
    assert seen == ["b", "a"]
