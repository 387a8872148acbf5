"""Which values differ from what came in, and the one word that says why."""

import re
from collections import Counter
from typing import Final

import pandas as pd

from dq import model
from dq.address.publication28 import StandardLine
from dq.address.tokens import fold, segments

UNKNOWN: Final = "reformatted"
_DIGITS = re.compile(r"\d")
_STATE: Final = "state_code"


def line_reasons(text: str, line: StandardLine) -> tuple[str, str]:
    """Return why `address_line1` and `address_line2` look as they do, should they differ from the source.

    The most telling reason wins: a number in words, a part that moved, a word in its standard form, punctuation, case.
    """
    first, _, second = text.partition("\n")
    plain = [" ".join(segments(part)) for part in (first, second)]
    written = (fold(line.line1), fold(line.line2))
    return _line_reason(first, plain[0], plain[1], written[0], line), _line_reason(
        second, plain[1], plain[0], written[1], line
    )


def _line_reason(source: str, plain: str, other: str, written: str, line: StandardLine) -> str:
    if " ".join(fold(source).split()) == written:
        return "case"
    if plain == written:
        return "punctuation"
    if Counter(_DIGITS.findall(written)) - Counter(_DIGITS.findall(f"{plain} {other}")):
        return "number_word"
    before, after, elsewhere = plain.split(), written.split(), other.split()
    if not plain or not written or any(token in elsewhere and token not in before for token in after):
        return "moved_to_line2" if line.line2 and not source else "moved"
    if len(before) > len(after) and line.line2:
        return "moved_to_line2"
    if line.parts.route or (line.parts.box and not line.parts.street.name):
        return "delivery_form"
    if sorted(before) == sorted(after):
        return "unit"
    if len(before) != len(after) and line.parts.units:
        return "unit"
    return "abbreviated" if len(written) < len(plain) else "expanded"


def list_changes(given: pd.DataFrame, result: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Return one row per address column whose value differs from what came in.

    Args:
        given: Rows as they came; combined cells stand in for the columns they fed.
        result: The same rows standardised.
        reasons: The same index; per column the reason, `""` where only the form differs.
    """
    frames: list[pd.DataFrame] = []
    combined = given["address_text"].where(given["address_text"].notna(), given["last_line"])
    for column in model.ADDRESS_COLUMNS:
        before, after = given[column], result[column]
        if column in {"address_line1", "city", "state", "zip5"}:
            source = given["address_text"] if column == "address_line1" else combined
            before = before.where(before.notna() | after.isna(), source)
        differs = (before.fillna("\0") != after.fillna("\0")).to_numpy()
        if not differs.any():
            continue
        reason = reasons.loc[differs, column].where(reasons.loc[differs, column].fillna("") != "", _plain(column))
        is_case = before[differs].str.upper().fillna("\0") == after[differs].str.upper().fillna("\0")
        frames.append(
            pd.DataFrame(
                {
                    "record_id": given.loc[differs, "record_id"],
                    "contact_point_id": given.loc[differs, "contact_point_id"],
                    "column": column,
                    "before": before[differs],
                    "after": after[differs],
                    "reason": reason.mask(is_case, "case"),
                }
            )
        )
    names = list(model.CHANGES.columns)
    changes = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)
    return changes.astype(dict.fromkeys(names, model.TEXT))


def _plain(column: str) -> str:
    return {"state": _STATE, "city": "punctuation", "zip5": "zip_split", "zip4": "zip_split"}.get(column, UNKNOWN)
