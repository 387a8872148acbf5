"""One sentence per finding, for a steward: what the street file shows and what it does not. Promises no delivery."""

from typing import Any, Final

import pandas as pd

from dq.address.range_match.candidates import FIRM, OTHER_FIRM
from dq.address.range_match.grading import BOXES_ONLY, is_unit
from dq.model import TEXT

_SIDES: Final = {"O": " (odd)", "E": " (even)"}
_UNDETERMINED: Final = "The +4 is not determined."
_OLD: Final = "It is an old rural address; its new form takes a LACSLink look-up."


def sentences(answers: pd.DataFrame, outcome: pd.Series) -> pd.Series:
    """Return a short text per answer; null where there is no outcome."""
    rows = answers[outcome.notna()].assign(outcome=outcome, is_unit=is_unit(answers))
    cells = zip(*(rows[column].to_numpy(dtype=object, na_value="") for column in _READ), strict=True)
    texts = [_sentence(dict(zip(_READ, row, strict=True))) for row in cells]
    return pd.Series(texts, index=rows.index, dtype=TEXT).reindex(answers.index).astype(TEXT)


def _sentence(row: dict[str, Any]) -> str:
    """Word one answer; cells that are missing are empty."""
    outcome = row["outcome"]
    said = _negative(row) if outcome in _NEGATIVE else _positive(row)
    if outcome not in _NEGATIVE and row["record_line"]:
        if not row["plus4"]:
            said = f"{said} {_UNDETERMINED}"
        if row["record_lacs"] == "L":
            said = f"{said} {_OLD}"
    return said


_NEGATIVE: Final = frozenset({"multiple", "no_delivery", "number_out_of_range", "street_not_found", "zip_invalid"})
_READ: Final = (
    "outcome",
    "line",
    "number",
    "found_zip5",
    "zip_class",
    "near_streets",
    "choices",
    "plus4",
    "is_unit",
    "kind",
    "unit_type",
    "unit",
    "record_line",
    "record_kind",
    "record_low",
    "record_high",
    "record_parity",
    "record_building",
    "record_unit_type",
    "record_unit_low",
    "record_unit_high",
    "record_lacs",
)


def _positive(row: dict[str, Any]) -> str:
    street, outcome = row["record_line"], row["outcome"]
    if not street:
        return f"ZIP {row['found_zip5']} belongs to one organisation, which sorts its mail itself."
    place = _place(row, street)
    if row["record_kind"] == FIRM:
        return f"{row['record_building']} is listed at {place}."
    if row["is_unit"] and outcome != "unit_unconfirmed":
        unit = _span(row["record_unit_low"], row["record_unit_high"])
        return f"{place} lists {' '.join(filter(None, (row['record_unit_type'], unit)))}."
    if outcome == "unit_missing":
        return f"{place} has numbered units, and none is given."
    if outcome == "unit_unconfirmed":
        unit = " ".join(filter(None, (row["unit_type"], row["unit"])))
        return f"{place} is listed, {unit} is not."
    if outcome == "building_default":
        return f"{place} is listed as a building without its units."
    if row["record_kind"] == OTHER_FIRM:
        return f"Only other firms are listed at {place}."
    if not row["record_low"]:
        return f"{street} is listed." if row["kind"] == "general" else f"{street} is listed as a whole."
    if row["record_low"] == row["record_high"]:
        return f"{place} is listed."
    side = _SIDES.get(row["record_parity"], "")
    return f"{place} lies in the range {_span(row['record_low'], row['record_high'])}{side}."


def _place(row: dict[str, Any], street: str) -> str:
    """Return number and street, or route and box, as they are written."""
    number = row["number"]
    if row["kind"] == "street":
        return f"{number} {street}"
    if not number or row["kind"] == "general":
        return street
    return f"PO BOX {number}" if row["kind"] == "box" else f"{street} BOX {number}"


def _negative(row: dict[str, Any]) -> str:
    outcome, zip5 = row["outcome"], row["found_zip5"]
    if outcome == "zip_invalid":
        return f"There is no ZIP {zip5}."
    if outcome == "multiple":
        return f"Several records fit equally well, none was picked: {row['choices']}."
    if outcome == "no_delivery":
        return f"Nothing is delivered in the range of {row['number']} {row['record_line']}."
    if outcome == "number_out_of_range":
        number = f"number {row['number']} is not" if row["number"] else "the number is missing"
        return f"{row['line']} is known in {zip5}, {number}{_near(row)}."
    if row["zip_class"] == BOXES_ONLY and row["kind"] == "street":
        return f"ZIP {zip5} serves post office boxes only."
    return f"{row['line']} is not known in {zip5}{_near(row)}."


def _near(row: dict[str, Any]) -> str:
    return f"; others of that name: {row['near_streets']}" if row["near_streets"] else ""


def _span(low: str, high: str) -> str:
    return low if low == high or not high else f"{low}-{high}"
