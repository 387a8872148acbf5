"""Cells as they are understood: trimmed, composed, one blank between words, null tokens gone, mojibake mended.

Every alteration beyond blanks is a change. Interprets no cell.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.model import NAME_COLUMNS, ORGANIZATION_COLUMNS, TEXT
from dq.tables.mapping.policy import MappingPolicy
from dq.tables.recognition.targets import CHANNELS, CONSENT_COLUMNS, KEY_COLUMNS, Target

_NAMES: Final = frozenset((*NAME_COLUMNS, "full_name"))
_KEPT: Final = frozenset((*CONSENT_COLUMNS, *KEY_COLUMNS))
"""An `x` in a tick box is a yes, and a key is a key whatever it reads like."""
_LINES: Final = frozenset(("address_line1", "address_line2", "address_line3", "address_text", "last_line"))

_UNCLEAN: Final = r"[^ -~]|  "  # the RE2 that finds cells worth a second look: control, non-ASCII, double blanks
_BREAK: Final = re.compile(r"\s*[\r\n\v\f\u2028\u2029]+\s*")
_BLANKS: Final = re.compile(r"[\s\u00a0\u200b\ufeff\u2000-\u200a\x00-\x1f\x7f]+")
_MOJIBAKE: Final = re.compile(
    "[ÂÃÄÅÐÑâãð][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)


@dataclass(frozen=True)
class Cells:
    """One column, understood.

    Attributes:
        values: The cell as understood, null where empty.
        raw: The cell as typed, null where it holds nothing but blanks.
        changes: `position`, `before`, `after`, `reason` of alterations beyond blanks.
        doubtful: Positions of cells that look like mojibake which cannot be mended exactly.
    """

    values: pd.Series
    raw: pd.Series
    changes: pd.DataFrame
    doubtful: pd.Series


def read_cells(typed: pd.Series, target: Target, policy: MappingPolicy) -> Cells:
    """Understand the cells of one column.

    Args:
        typed: Text as in the source, index 0 … n-1.
        target: Where the column goes; decides which null tokens apply and what a line break is.
        policy: Null tokens.
    """
    trimmed = typed.astype(TEXT).str.strip()
    raw = typed.astype(TEXT).where(trimmed.fillna("") != "")
    values = trimmed.where(raw.notna())
    suspects = values.str.contains(_UNCLEAN, regex=True)
    changes: list[pd.DataFrame] = []
    doubtful = pd.Series(False, index=typed.index)
    if suspects.any():
        values, changes, doubtful = _clean(values, suspects, target)
    tokens = _null_tokens(target, policy)
    if tokens:
        is_token = values.str.lower().isin(tokens)
        if is_token.any():
            changes.append(_changes(values[is_token], None, "null_token"))
            values = values.mask(is_token)
    joined = pd.concat(changes, ignore_index=True) if changes else _changes(values[:0], None, "")
    return Cells(values, raw, joined, doubtful)


def _null_tokens(target: Target, policy: MappingPolicy) -> tuple[str, ...]:
    """Return the cells that mean "no value" in a column of this kind."""
    if target.column in _KEPT:
        return ()
    if target.column in ORGANIZATION_COLUMNS:
        return policy.organization_null_tokens
    return policy.name_null_tokens if target.column in _NAMES else policy.null_tokens


def _clean(values: pd.Series, suspects: pd.Series, target: Target) -> tuple[pd.Series, list[pd.DataFrame], pd.Series]:
    codes, uniques = pd.factorize(values[suspects])
    cleaned, mended, doubted = [], [], []
    for value in uniques.tolist():
        repaired, doubt = mend_mojibake(value)
        mended.append(repaired != value)
        doubted.append(doubt)
        cleaned.append(clean_cell(repaired, target))
    after = pd.Series(pd.array(cleaned, dtype=TEXT).take(codes), index=values[suspects].index)
    is_mended = pd.Series(mended, dtype=bool).to_numpy()[codes]
    before = values[suspects]
    changes = [_changes(before[is_mended], after[is_mended], "mojibake")] if is_mended.any() else []
    result = values.copy()
    result[suspects] = after
    doubtful = pd.Series(False, index=values.index)
    doubtful[suspects] = pd.Series(doubted, dtype=bool).to_numpy()[codes]
    return result, changes, doubtful


def clean_cell(value: str, target: Target) -> str | None:
    """Compose the text and collapse its blanks; line breaks part the lines of an address and the values of a channel.

    >>> clean_cell("12 Oak St\\nSpringfield,  IL", Target("address_text"))
    '12 Oak St, Springfield, IL'
    """
    text = unicodedata.normalize("NFC", value)
    if target.column in _LINES:
        text = _BREAK.sub(lambda found: " " if text[: found.start()].rstrip().endswith(",") else ", ", text)
    elif target.column in CHANNELS:
        text = _BREAK.sub("; ", text)
    return _BLANKS.sub(" ", text).strip() or None


def mend_mojibake(value: str) -> tuple[str, bool]:
    """Undo UTF-8 read as Windows-1252, where the way back is exact and gives letters or quotes.

    Returns:
        The text, and whether it still looks broken.

    >>> mend_mojibake("JosÃ© PeÃ±a"), mend_mojibake("Ã© and €Ã"), mend_mojibake("José")
    (('José Peña', False), ('Ã© and €Ã', True), ('José', False))
    """
    text = value
    for _ in range(2):  # some files were broken twice
        if not _MOJIBAKE.search(text):
            break
        try:
            back = text.encode("cp1252").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            return text, True
        fresh = [character for character in back if ord(character) > 127]
        if not fresh or not all(character.isalpha() or character in "’‘“”–—…©®™°º« »·\u00a0" for character in fresh):
            return text, True
        text = back
    return text, False


def _changes(before: pd.Series, after: pd.Series | None, reason: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "position": before.index.to_numpy(dtype="int64"),
            "before": before.array,
            "after": after.array if after is not None else pd.array([None] * len(before), dtype=TEXT),
            "reason": pd.array([reason] * len(before), dtype=TEXT),
        }
    )


def join_text(pieces: list[pd.Series], separator: str = " ") -> pd.Series:
    """Join the filled cells of each row; null where all are empty."""
    if len(pieces) == 1:
        return pieces[0]
    joined = pieces[0].fillna("")
    for piece in pieces[1:]:
        filled = piece.fillna("")
        both = (joined != "") & (filled != "")
        joined = joined.str.cat(filled.where(~both, separator + filled))
    return joined.where(joined != "")
