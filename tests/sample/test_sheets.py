"""Planting: what is written down is what happened, and no cell is struck twice."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dq.sample.chance import Chance
from dq.sample.customer_errors import kinds
from dq.sample.reference import DefectRate, read_reference
from dq.sample.sheets import Sheet
from tests.sample.conftest import reference_table

KINDS = kinds(read_reference(reference_table))


def _cells(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def _sheet(values: list[str]) -> Sheet:
    ids = _cells(*(f"t:{row}" for row in range(len(values))))
    return Sheet(ids, {"a": _cells(*values), "b": _cells(*values[::-1])}, np.arange(len(values)) % 2 == 0)


@given(
    st.lists(st.text(max_size=30), min_size=1, max_size=12),
    st.sampled_from(sorted(KINDS)),
    st.floats(0, 1),
    st.integers(0, 1000),
)
def test_a_sheet_can_be_mended_from_its_defects(values: list[str], kind: str, rate: float, seed: int) -> None:
    sheet = _sheet(values)
    sheet.plant(DefectRate("t", ("a", "b"), kind, rate, "any"), KINDS[kind], Chance(seed))
    sheet.plant(DefectRate("t", ("a",), "case_upper", 1.0, "any"), KINDS["case_upper"], Chance(seed, 1))
    defects = sheet.defects()
    for record_id, column, before in zip(defects["record_id"], defects["column"], defects["before"], strict=True):
        sheet.columns[column][int(record_id[2:])] = before
    assert sheet.columns["a"].tolist() == values
    assert sheet.columns["b"].tolist() == values[::-1]


def test_scope_limits_the_rows() -> None:
    sheet = _sheet(["Alexander"] * 10)
    sheet.plant(DefectRate("t", ("a",), "typo_dropped", 1.0, "single"), KINDS["typo_dropped"], Chance(1))
    assert set(sheet.defects()["record_id"]) == {"t:0", "t:2", "t:4", "t:6", "t:8"}


def test_swapped_fields_need_both() -> None:
    sheet = Sheet(_cells("t:0", "t:1"), {"a": _cells("Ann", "Bo"), "b": _cells("Ruiz", "")}, np.ones(2, dtype=bool))
    sheet.plant(DefectRate("t", ("a", "b"), "fields_swapped", 1.0, "any"), None, Chance(1))
    assert sheet.columns["a"].tolist() == ["Ruiz", "Bo"]
    assert sheet.columns["b"].tolist() == ["Ann", ""]
