"""What an answer of a street file corrects in an address: what evidence from one side allows, each with its reason.

A line is never built anew: one piece of it is replaced, so that nothing else on it can be lost.
"""

import json
from typing import Any, Final

import pandas as pd

from dq.address.publication28 import write_case
from dq.address.range_match.candidates import UNIT
from dq.address.range_match.grading import has_other_type
from dq.address.range_match.questions import PARTS
from dq.address.range_match.streets import ALIAS, COMPONENT, EXACT, MISSPELT, PREFERRED, SPELLING
from dq.address.words import Words
from dq.model import TEXT
from dq.standards.style import Style

REASONS: Final = {SPELLING: "street_spelling", ALIAS: "street_alias", MISSPELT: "street_misspelt"}

_READ: Final = (
    "address_line1",
    "city",
    "zip5",
    "found_zip5",
    "is_moved",
    "preferred_city",
    "kind",
    "number",
    "level",
    "record_kind",
    "addr_predirectional",
    "addr_street",
    "addr_suffix",
    "addr_postdirectional",
    "addr_unit_type",
    "suffix",
    "unit",
    "outer_unit",
    *(f"record_{part}" for part in PARTS),
    "record_low",
    "record_unit_type",
)


def corrections(answers: pd.DataFrame, words: Words, style: Style) -> pd.Series:
    """Return JSON lists of [field, before, after, why]; null where nothing is corrected.

    Args:
        answers: Answers that found one record, with `is_moved, found_zip5, preferred_city`.
        words: For spelling components in the style.
        style: House style of the address.
    """
    other_street = (answers["level"] > EXACT) & (answers["level"] != PREFERRED)
    lost_zero = (answers["kind"] == "box") & answers["record_low"].str.startswith("0").fillna(False)
    is_changed = (
        lost_zero | answers["is_moved"] | answers["preferred_city"].notna() | has_other_type(answers) | other_street
    )
    found = answers["level"].notna() & answers["choices"].isna()
    rows = answers[is_changed & found]
    rows = rows[list(_READ)]
    cells = zip(*(rows[column].to_numpy(dtype=object, na_value="") for column in _READ), strict=True)
    texts = [_corrected(dict(zip(_READ, row, strict=True)), words, style) for row in cells]
    return pd.Series(texts, index=rows.index, dtype=TEXT).reindex(answers.index).astype(TEXT)


def _corrected(row: dict[Any, Any], words: Words, style: Style) -> str | None:
    made: list[tuple[str, str | None, str, str]] = []
    before = row["address_line1"]
    line, why = before, ""
    if row["level"] not in (EXACT, PREFERRED):
        old, new = _street_in_line(row), write_case(_written(row, words, style), style)
        line, why = _replaced(line, old, new), _street_reason(row)
    if row["record_kind"] in (UNIT + 1, UNIT + 3) and row["record_unit_type"] not in ("", "#"):
        is_outer = row["record_kind"] == UNIT + 3
        number, types = row["outer_unit" if is_outer else "unit"], row["addr_unit_type"].split()
        old_type = "".join(types[-2:-1] if is_outer else types[-1:])
        new_type = write_case(_in_style(row["record_unit_type"], words.unit_names, style), style)
        line = _replaced(line, f"{old_type} {number}", f"{new_type} {number}")
        why = why or "unit_designator"
    if row["kind"] == "box" and row["record_low"].startswith("0") and not row["number"].startswith("0"):
        line, why = _replaced(line, row["number"], f"0{row['number']}"), "box_zero"
    if line != before:
        made.append(("address_line1", before, line, why))
    if row["preferred_city"]:
        made.append(("city", row["city"], write_case(row["preferred_city"].upper(), style), "city_preferred"))
    if row["is_moved"]:
        made.append(("zip5", row["zip5"] or None, row["found_zip5"], "zip_of_street"))
    return json.dumps(made, ensure_ascii=False) if made else None


def _street_reason(row: dict[Any, Any]) -> str:
    if row["level"] != COMPONENT:
        return REASONS[int(row["level"])]
    has_other_suffix = row["suffix"] != row["record_suffix"]
    return "street_suffix" if has_other_suffix else "street_directional"


def _street_in_line(row: dict[Any, Any]) -> str:
    """Return the street as it stands on the line, in the words of its style."""
    columns = ("addr_predirectional", "addr_street", "addr_suffix", "addr_postdirectional")
    return " ".join(filter(None, (row[column] for column in columns)))


def _written(row: dict[Any, Any], words: Words, style: Style) -> str:
    parts = (
        _in_style(row["record_predirectional"], words.directional_names, style),
        row["record_street"],
        _in_style(row["record_suffix"], words.suffix_names, style),
        _in_style(row["record_postdirectional"], words.directional_names, style),
    )
    return " ".join(filter(None, parts))


def _in_style(short: str, names: Any, style: Style) -> str:
    return str(names.get(short, short)) if style.address_words == "expand" else short


def _replaced(line: str, old: str, new: str) -> str:
    """Replace one run of words of a line by another; the line stays as it is where it has no such run or two."""
    padded = f" {line} "
    return padded.replace(f" {old} ", f" {new} ").strip() if old and padded.count(f" {old} ") == 1 else line
