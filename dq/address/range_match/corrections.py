"""What an answer of a street file corrects in an address: what evidence from one side allows, each with its reason.

A line is never built anew: one piece of it is replaced, so that nothing else on it can be lost.
"""

import json
from typing import Any, Final

import pandas as pd

from dq.address.publication28 import write_case
from dq.address.range_match.candidates import UNIT
from dq.address.range_match.questions import PARTS
from dq.address.range_match.streets import ALIAS, COMPONENT, EXACT, MISSPELT, PREFERRED, SPELLING
from dq.address.words import Words
from dq.model import TEXT
from dq.standards.style import Style

REASONS: Final = {SPELLING: "street_spelling", ALIAS: "street_alias", MISSPELT: "street_misspelt"}
_COMPONENT_REASONS: Final = {
    "predirectional": "street_directional",
    "postdirectional": "street_directional",
    "suffix": "street_suffix",
}


def corrections(answers: pd.DataFrame, words: Words, style: Style) -> pd.Series:
    """Return JSON lists of [field, before, after, why]; null where nothing is corrected.

    Args:
        answers: Answers that found one record, with `is_moved, found_zip5, preferred_city`.
        words: For spelling components in the style.
        style: House style of the address.
    """
    other_type = answers["record_kind"].isin([UNIT + 1, UNIT + 3]) & answers["record_unit_type"].ne("#")
    other_street = (answers["level"] > EXACT) & (answers["level"] != PREFERRED)
    is_changed = answers["is_moved"] | answers["preferred_city"].notna() | other_type | other_street
    found = answers["level"].notna() & answers["choices"].isna()
    rows = answers[is_changed & found]
    texts = [_corrected(row, words, style) for row in rows.to_dict("records")]
    return pd.Series(texts, index=rows.index, dtype=TEXT).reindex(answers.index).astype(TEXT)


def _corrected(row: dict[Any, Any], words: Words, style: Style) -> str | None:
    made: list[tuple[str, str | None, str, str]] = []
    before = row["address_line1"]
    line, why = before, ""
    if row["level"] not in (EXACT, PREFERRED):
        old, new = _street_in_line(row), write_case(_written(row, words, style), style)
        line, why = _replaced(line, old, new), _street_reason(row)
    if row["record_kind"] in (UNIT + 1, UNIT + 3) and row["record_unit_type"] not in (None, "#"):
        at = -1 if row["record_kind"] == UNIT + 1 else -2
        number = row["unit"] if at == -1 else row["outer_unit"]
        old_type = row["addr_unit_type"].split()[at]
        new_type = write_case(_in_style(row["record_unit_type"], words.unit_names, style), style)
        line = _replaced(line, f"{old_type} {number}", f"{new_type} {number}")
        why = why or "unit_designator"
    if line != before:
        made.append(("address_line1", before, line, why))
    if _is_text(row["preferred_city"]):
        made.append(("city", row["city"], write_case(row["preferred_city"].upper(), style), "city_preferred"))
    if row["is_moved"]:
        made.append(("zip5", row["zip5"] if _is_text(row["zip5"]) else None, row["found_zip5"], "zip_of_street"))
    return json.dumps(made, ensure_ascii=False) if made else None


def _street_reason(row: dict[Any, Any]) -> str:
    if row["level"] != COMPONENT:
        return REASONS[int(row["level"])]
    differs = [part for part in PARTS if _text(row[part]) != _text(row[f"record_{part}"])]
    return _COMPONENT_REASONS[differs[0]]


def _street_in_line(row: dict[Any, Any]) -> str:
    """Return the street as it stands on the line, in the words of its style."""
    columns = ("addr_predirectional", "addr_street", "addr_suffix", "addr_postdirectional")
    return " ".join(filter(None, (_text(row[column]) for column in columns)))


def _written(row: dict[Any, Any], words: Words, style: Style) -> str:
    parts = (
        _in_style(_text(row["record_predirectional"]), words.directional_names, style),
        _text(row["record_street"]),
        _in_style(_text(row["record_suffix"]), words.suffix_names, style),
        _in_style(_text(row["record_postdirectional"]), words.directional_names, style),
    )
    return " ".join(filter(None, parts))


def _in_style(short: str, names: Any, style: Style) -> str:
    return str(names.get(short, short)) if style.address_words == "expand" else short


def _replaced(line: str, old: str, new: str) -> str:
    """Replace one run of words of a line by another; the line stays as it is where it has no such run or two."""
    padded = f" {line} "
    return padded.replace(f" {old} ", f" {new} ").strip() if old and padded.count(f" {old} ") == 1 else line


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
