"""What an answer of a street file is worth: the outcome and the footnotes. Promises no delivery.

A range proves that a number can exist, not that it does. `confirmed` is said only where the file names the delivery
point itself: one number, a unit in a building's list, a box of a post office's boxes, a firm, general delivery.
"""

from typing import Final

import numpy as np
import pandas as pd

from dq.address.range_match.candidates import ALTERNATE, BUILDING, DEFAULT, FIRM, OTHER_UNIT, RECORD, UNIT
from dq.address.range_match.number_keys import Flags
from dq.address.range_match.streets import ALIAS, COMPONENT, MISSPELT, PREFERRED, SPELLING
from dq.model import TEXT

BOXES_ONLY, ONE_ORGANIZATION = "P", "U"
"""Classes of a ZIP in the City State file."""
_ARMED_FORCES: Final = ("AA", "AE", "AP")


def is_unit(answers: pd.DataFrame) -> pd.Series:
    """Return where the chosen record is a unit range that holds the unit."""
    return answers["record_kind"].between(UNIT, UNIT + 3)


def is_outer_unit(answers: pd.DataFrame) -> pd.Series:
    """Return where that unit is only the one around the unit asked about: the building of an apartment."""
    return answers["record_kind"].between(UNIT + 2, UNIT + 3)


def has_other_type(answers: pd.DataFrame) -> pd.Series:
    """Return where the unit is listed under another designator: APT 5 as STE 5, or # 5 as APT 5."""
    return answers["record_kind"].isin([UNIT + 1, UNIT + 3]) & answers["record_unit_type"].ne("#")


def outcomes(answers: pd.DataFrame) -> pd.Series:
    """Return one of `dq.model.ADDRESS_OUTCOMES` per answer, null where the file says nothing.

    Args:
        answers: As `answer` gives them, settled with their other ZIPs, with `zip_class` and `is_zip_invalid`.
    """
    kind = answers["record_kind"].where(
        answers["record_kind"] < ALTERNATE, answers["record_kind"] - ALTERNATE + BUILDING
    )
    kind = kind.where(answers["record_kind"] < OTHER_UNIT, answers["record_kind"])
    is_answered, has_unit = answers["level"].notna(), answers["unit_type"].notna() | answers["unit"].notna()
    is_own = is_answered & (kind < OTHER_UNIT)
    has_units, is_explicit = answers["has_units"], answers["is_explicit"]
    is_one_number = (answers["record_low"] == answers["record_high"]).fillna(False)
    is_list = answers["record_record_type"].isin(["P", "G"])
    of_building = kind.isin([BUILDING, OTHER_UNIT]) | (kind.isin([RECORD, DEFAULT]) & has_units & ~is_list)
    has_list = has_units | (kind == OTHER_UNIT)
    cases: list[tuple[pd.Series, str]] = [
        (answers["choices"].notna(), "multiple"),
        (is_own & (answers["record_no_delivery"] == "Y").fillna(False), "no_delivery"),
        (is_answered & (kind == FIRM), "confirmed"),
        (is_answered & is_outer_unit(answers), "unit_unconfirmed"),
        (is_answered & is_unit(answers) & is_one_number, "confirmed"),
        (is_answered & is_unit(answers), "range_only"),
        (is_answered & of_building & has_list & has_unit, "unit_unconfirmed"),
        (is_answered & of_building & has_list, "unit_missing"),
        (is_answered & of_building, "building_default"),
        (is_answered & (kind == RECORD) & is_explicit & ~is_list & has_unit, "unit_unconfirmed"),
        (is_answered & kind.isin([RECORD, DEFAULT]) & (is_list | is_explicit), "confirmed"),
        (is_answered, "range_only"),
        (answers["kind"].isna(), ""),
        (answers["is_zip_invalid"], "zip_invalid"),
        (answers["zip_class"] == ONE_ORGANIZATION, "range_only"),
        (~answers["is_zip_known"], ""),
        (answers["is_street_known"], "number_out_of_range"),
    ]
    conditions = [case.fillna(False).to_numpy(dtype=bool) for case, _ in cases]
    found = np.select(conditions, [outcome for _, outcome in cases], "street_not_found")
    return pd.Series(found, index=answers.index, dtype=TEXT).mask(found == "").astype(TEXT)


def _base_kind(answers: pd.DataFrame) -> pd.Series:
    """Return the kind of the chosen record with an alternate counted as what it is the alternate of."""
    kind = answers["record_kind"]
    is_alternate = (kind >= ALTERNATE) & (kind < OTHER_UNIT)
    return kind.mask(is_alternate, kind - ALTERNATE + BUILDING)


def footnotes(answers: pd.DataFrame, outcome: pd.Series, city: pd.Series) -> pd.Series:
    """Return AMS/CASS letters in order; null where there is none.

    Args:
        answers: As in `outcomes`, with `is_moved`.
        outcome: Their outcomes.
        city: `U` or `V` where the city is no name for mail or unknown in the ZIP.
    """
    is_found = answers["level"].notna() & answers["choices"].isna()
    level = answers["level"].where(is_found)
    is_missing = ~is_found & answers["choices"].isna()
    has_units = answers["has_units"] | (answers["record_kind"] == OTHER_UNIT)
    is_street = answers["kind"] == "street"
    letters: dict[str, pd.Series] = {
        "A": is_found & answers["is_moved"],
        "C": outcome == "zip_invalid",
        "D": outcome == "no_delivery",
        "E": (outcome == "multiple") & ~answers["is_moved"],
        "F": outcome.isin(["street_not_found", "number_out_of_range"]),
        "H": outcome == "unit_missing",
        "I": outcome == "multiple",
        "J": is_street & answers["addr_box"].notna(),
        "K": is_missing & answers["is_turned"].fillna(False).astype(bool),
        "L": level == COMPONENT,
        "M": level == MISSPELT,
        "N": (level == SPELLING) | (is_found & has_other_type(answers)),
        "P": level.isin([PREFERRED, ALIAS]),
        "S": (outcome == "unit_unconfirmed") & has_units,
        "U": city == "U",
        "V": city == "V",
        "W": is_missing & is_street & (answers["zip_class"] == BOXES_ONLY),
        "X": is_missing & (answers["zip_class"] == ONE_ORGANIZATION),
        "Y": answers["state"].str.upper().isin(_ARMED_FORCES),
    }
    written = pd.Series("", index=answers.index, dtype=TEXT)
    for letter, applies in letters.items():
        marked: Flags = (applies.fillna(False) & outcome.notna()).to_numpy(dtype=bool)
        written = written.where(~marked, written + letter)
    return written.mask(written == "").astype(TEXT)


def point_numbers(answers: pd.DataFrame) -> pd.Series:
    """Return the number a delivery point is taken from: of the unit, the house or the box; null where unknown.

    A default stands for many delivery points, and where firms take theirs from is not published with the file.
    """
    kind = answers["record_kind"]
    unit = answers["unit"].where(is_unit(answers) & ~is_outer_unit(answers))
    is_record = (_base_kind(answers) == RECORD) & ~answers["has_units"]
    number = answers["number"].where(is_record)
    is_general = kind.notna() & (answers["record_record_type"] == "G").fillna(False)
    return unit.fillna(number).mask(is_general, "99").astype(TEXT)
