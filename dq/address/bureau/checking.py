"""A processed file held against what was sent: rows that cannot be what they claim are refused, each with a reason."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from dq.address.bureau.codes import NEW_ADDRESS, NO_ADDRESS
from dq.address.bureau.columns import KEY
from dq.address.bureau.dates import is_after, read_day
from dq.address.bureau.relating import is_other_address
from dq.address.words import Words
from dq.model import TEXT
from dq.text.distinct import map_distinct

REASON: Final = "reason"
MIXED_UP: Final = "other_address"
REASONS: Final = {
    "no_key": "the row has no key",
    "unknown_key": "the key was never sent",
    "returned_twice": "the same row came again",
    "contradictory": "several rows of this key say different things",
    MIXED_UP: "the address is not the one that was sent under this key",
    "date_in_future": "the day of processing lies in the future",
    "move_of_other_party": "a business move of a person, or a person's move of an organisation",
}
"""Why a row is refused: reason → the sentence that is true of it."""

MOST_MIXED_UP: Final = 0.5
"""Share of other addresses from which on the keys of the whole file stand in the wrong rows: strays are far below it,
and of rows that were shuffled hardly one in a hundred keeps its house number."""
_LEAST_MIXED_UP: Final = 10
"""Rows below which a share says nothing about the file."""


@dataclass(frozen=True)
class Checked:
    """Rows beside what was sent.

    Attributes:
        rows: Every row of the answer; `reason` is null where it may be believed, the columns of SENT stand under
            `sent_<column>`, `evidence_on` is the ISO day or month of processing.
        unchecked: Rows that bring no address to compare with.
        undated: Rows that took the date of their file.
    """

    rows: pd.DataFrame
    unchecked: int
    undated: int

    @property
    def is_mixed_up(self) -> bool:
        """Tell whether the keys of the file stand in the wrong rows."""
        wrong = int((self.rows[REASON] == MIXED_UP).sum())
        checked = int(self.rows["is_checked"].sum())
        return wrong >= _LEAST_MIXED_UP and wrong > MOST_MIXED_UP * checked


def beside_sent(rows: pd.DataFrame, sent: pd.DataFrame) -> pd.DataFrame:
    """Put what was sent beside each row, under `sent_<column>`; null where the key was never sent.

    Args:
        rows: Of `read_answer`.
        sent: Columns of SENT, one row per key.
    """
    asked = sent.set_index(KEY).rename(columns=lambda column: f"sent_{column}")
    return rows.join(asked.reindex(rows[KEY]).set_axis(rows.index))


def check_rows(rows: pd.DataFrame, as_of: date, processed_on: date | None, words: Words) -> Checked:
    """Refuse rows that cannot be what they claim.

    Args:
        rows: Of `beside_sent`, with `is_applied` (the standard address is the one moved to) and `is_converted`.
        as_of: Day of loading; later days of processing are refused.
        processed_on: Day of processing where the file has none; without it undated rows take the earliest of the file.
        words: Suffixes, directionals and units, which make no two addresses alike.
    """
    days = _column(rows, "cass_on")
    evidence = map_distinct(days, read_day)
    fallback = processed_on.isoformat() if processed_on else evidence.min() if evidence.notna().any() else None
    undated = evidence.isna()
    evidence = evidence.fillna(fallback) if fallback else evidence
    is_known = rows["sent_address_key"].notna()
    echo, given = _address(rows, "echo"), _address(rows, "std")
    # What the mail house says it was given is the better witness; where a move was applied it is the only one.
    has_echo = echo["line1"].notna() | echo["line2"].notna()
    witness = pd.DataFrame(
        {part: echo[part].where(has_echo, given[part].mask(rows["is_applied"])) for part in echo.columns}
    )
    is_checked = is_known & (witness["line1"].notna() | witness["line2"].notna())
    is_other = pd.Series(False, index=rows.index)
    is_other[is_checked] = is_other_address(
        witness[is_checked], _sent_address(rows[is_checked]), rows.loc[is_checked, "is_converted"], words
    )
    future = map_distinct(evidence, lambda day: "Y" if is_after(day, as_of) else None).notna()
    reason = pd.Series(pd.NA, index=rows.index, dtype=TEXT)
    for name, holds in (
        ("no_key", rows[KEY].isna()),
        ("unknown_key", ~is_known),
        (MIXED_UP, is_other),
        ("date_in_future", future),
        ("move_of_other_party", _is_of_other_party(rows)),
    ):
        reason = reason.mask(reason.isna() & holds, name)
    repeated = _repeated(rows[reason.isna()])
    reason = reason.fillna(repeated.reindex(rows.index))
    checked = rows.assign(**{REASON: reason.astype(TEXT), "evidence_on": evidence, "is_checked": is_checked})
    is_undated = undated & checked[REASON].isna()
    return Checked(checked, int((is_known & ~is_checked).sum()), int(is_undated.sum()))


def _is_of_other_party(rows: pd.DataFrame) -> pd.Series:
    is_organization = rows["sent_business"].notna()
    is_nobody = rows["sent_name_key"].isna()
    differs = rows["move_type"].notna() & (is_organization != (rows["move_type"] == "business"))
    return rows["move"].isin([NEW_ADDRESS, NO_ADDRESS]) & (is_nobody | differs)


def _repeated(rows: pd.DataFrame) -> pd.Series:
    """Return why rows that share a key are refused: all but the first of equal ones, all of different ones.

    A row that brings a move applied to the address and a row that brings the address itself are two statements.
    """
    statement = [KEY, "is_applied"]
    several = rows[rows.duplicated(statement, keep=False)]
    said = [column for column in rows.columns if column not in _PLACES and not column.startswith("sent_")]
    reason = pd.Series(pd.NA, index=several.index, dtype=TEXT)
    is_again = several.duplicated(said, keep="first")
    different = several[~is_again].duplicated(statement, keep=False)
    contradictory = pd.MultiIndex.from_frame(several[~is_again][different][statement])
    is_contradictory = pd.MultiIndex.from_frame(several[statement]).isin(contradictory)
    reason = reason.mask(is_again, "returned_twice")
    return reason.mask(is_contradictory, "contradictory")


_PLACES: Final = frozenset(("#line", "#file"))


def _column(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].astype(TEXT) if column in rows else pd.Series(pd.NA, index=rows.index, dtype=TEXT)


def _address(rows: pd.DataFrame, role: str) -> pd.DataFrame:
    zips = _column(rows, f"{role}_zip5").fillna(_column(rows, f"{role}_zip")).fillna(_column(rows, f"{role}_zip9"))
    return pd.DataFrame({part: _column(rows, f"{role}_{part}") for part in ("line1", "line2")}).assign(zip5=zips)


def _sent_address(rows: pd.DataFrame) -> pd.DataFrame:
    names = {"line1": "sent_address_line1", "line2": "sent_address_line2", "zip5": "sent_zip5"}
    return pd.DataFrame({part: rows[column] for part, column in names.items()})
