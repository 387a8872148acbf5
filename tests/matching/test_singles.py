"""Columns of codes do what the same step does text by text."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dq.matching.encoding import pieces
from dq.matching.folding import fold, folded
from dq.matching.singles import distinct_rows, joined, put_together, single_of, stacked

CELLS = st.lists(st.none() | st.text("abAB'-. &|é", max_size=6), min_size=1, max_size=12)
TWO_COLUMNS = st.lists(st.tuples(*[st.none() | st.sampled_from(["a", "b", "ab"])] * 2), min_size=1, max_size=12)


def arrow(cells: list[str | None]) -> pa.LargeStringArray:
    return pa.array(cells, type=pa.large_string())


@given(CELLS)
def test_texts_are_folded_as_one_by_one(cells: list[str | None]) -> None:
    texts = [cell or "" for cell in [*cells, "x" * 401 + "y"]]
    assert folded(arrow(texts)).to_pylist() == [fold(text) for text in texts]
    assert folded(arrow(texts)[1:]).to_pylist() == [fold(text) for text in texts[1:]]


@given(CELLS)
def test_steps_on_distinct_texts_are_steps_on_every_row(cells: list[str | None]) -> None:
    column = single_of(arrow(cells))
    assert column.array().to_pylist() == [cell or None for cell in cells]
    assert column.made(str.strip).array().to_pylist() == [(cell or "").strip() or None for cell in cells]
    some = np.array([cell is not None and "a" in cell for cell in cells])
    chosen = column.where(some).in_order()
    assert chosen.texts.to_pylist() == list(dict.fromkeys(cell for cell in cells if cell and "a" in cell))
    assert chosen.or_else(column.without(some)).array().to_pylist() == column.array().to_pylist()
    assert stacked(chosen, column).array().to_pylist() == [*chosen.array().to_pylist(), *column.array().to_pylist()]


@given(TWO_COLUMNS)
def test_columns_are_put_side_by_side(rows: list[tuple[str | None, str | None]]) -> None:
    left, right = (single_of(arrow(list(cells))) for cells in zip(*rows, strict=True))
    places, first = distinct_rows([left.codes, right.codes])
    assert [rows[place] for place in first[places]] == rows
    assert first.tolist() == [rows.index(row) for row in dict.fromkeys(rows)]
    both = put_together(left, right, by="|").array().to_pylist()
    assert both == [f"{one or ''}|{other or ''}" if one or other else None for one, other in rows]


def test_more_kinds_of_rows_than_64_bits_count() -> None:
    codes = [np.array([place, 2**40, place]) for place in range(4)]
    places, first = distinct_rows(codes)
    assert places.tolist() == [0, 1, 0]
    assert first.tolist() == [0, 1]


@given(CELLS, st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_values_of_an_owner_stand_once_and_sorted(cells: list[str | None], numbers: list[int]) -> None:
    owners = numbers[: len(cells)]
    found = joined(single_of(arrow(cells)), np.array(owners), 4, ";").array().to_pylist()
    for owner in range(4):
        own = {cell for cell, other in zip(cells, owners, strict=True) if cell and other == owner}
        assert found[owner] == (";".join(sorted(own)) or None)


def test_pieces_know_their_text() -> None:
    places, flat = pieces(arrow(["a b", "", "c"]), " ")
    assert list(zip(places.tolist(), flat.to_pylist(), strict=True)) == [(0, "a"), (0, "b"), (1, ""), (2, "c")]
