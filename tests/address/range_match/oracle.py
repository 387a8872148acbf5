"""The choice of a record said one address and one record at a time: slow, and plain enough to be right by reading."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dq.address.range_match.containment import contains

Row = Mapping[str, str | None]


class Asked(NamedTuple):
    """One address of a street that is written as in the file."""

    number: str | None
    unit_type: str | None = None
    unit: str | None = None
    firm: str | None = None


def covers(row: Row, number: str | None) -> bool:
    if row["low"] is None:
        return True
    return number is not None and contains(number, row["low"], row["high"] or "", row["parity"])


def holds_unit(row: Row, asked: Asked) -> bool:
    if row["unit_low"] is None:
        return asked.unit is None and row["unit_type"] == asked.unit_type
    if asked.unit is None or not contains(asked.unit, row["unit_low"], row["unit_high"] or "", row["unit_parity"]):
        return False
    doors = {"APT", "STE", "UNIT", "RM"}
    return (
        row["unit_type"] == asked.unit_type
        or "#" in (row["unit_type"], asked.unit_type)
        or {row["unit_type"], asked.unit_type} <= doors
    )


def preference(row: Row, asked: Asked) -> tuple[int, ...]:
    """Smaller is preferred; from 30 on the record names somebody else."""
    has_unit = row["unit_type"] is not None or row["unit_low"] is not None
    if row["record_type"] == "F":
        in_other = has_unit and asked.unit is not None and not holds_unit(row, asked)
        return (0, 0) if row["building"] == asked.firm and asked.firm and not in_other else (31, 0)
    if has_unit:
        if not holds_unit(row, asked):
            return (30, 0)
        return (1 if row["unit_type"] == asked.unit_type else 2, row["unit_low"] != row["unit_high"])
    kind = 12 if row["low"] is None else 10 if row["record_type"] == "H" else 11
    return (kind + 10 * (row["base_alternate"] == "A"), row["low"] is None or row["low"] != row["high"])


def plus4(row: Row, number: str | None) -> str | None:
    low, high = row["plus4_low"], row["plus4_high"]
    if low == high or low is None or high is None:
        return low
    ends = row["low"], row["high"]
    if row["record_type"] != "P" or not all(text and text.isdigit() for text in (number, *ends)):
        return None
    first, last, box = (int(text or 0) for text in (*ends, number))
    return f"{int(low) + box - first:04d}" if last - first == int(high) - int(low) else None


def judge(asked: Asked, rows: Sequence[Row]) -> tuple[str, str | None]:
    """Return outcome and +4."""
    there = [row for row in rows if covers(row, asked.number)]
    if not there:
        return "number_out_of_range", None
    best = min(preference(row, asked) for row in there)
    chosen = [row for row in there if preference(row, asked) == best]
    is_other = best[0] >= 30
    answers = {
        (plus4(row, asked.number) or (row["plus4_low"], row["plus4_high"]), row["no_delivery"]) for row in chosen
    }
    if len(answers) > 1 and not is_other:
        return "multiple", None
    row = chosen[0]
    if row["no_delivery"] and not is_other:
        return "no_delivery", None
    return outcome(row, best[0], asked, there), None if is_other else plus4(row, asked.number)


def outcome(row: Row, kind: int, asked: Asked, there: Sequence[Row]) -> str:
    has_unit = asked.unit is not None or asked.unit_type is not None
    has_list = any(other["record_type"] != "F" and other["unit_type"] is not None for other in there)
    is_one = row["low"] is not None and row["low"] == row["high"]
    if kind == 0:
        return "confirmed"
    if kind in (1, 2):
        return "confirmed" if is_one else "range_only"
    if kind == 31:
        return "range_only"
    if row["record_type"] in ("P", "G"):
        return "confirmed"
    if has_list:
        return "unit_unconfirmed" if has_unit else "unit_missing"
    if row["record_type"] == "H":
        return "building_default"
    if is_one:
        return "unit_unconfirmed" if has_unit else "confirmed"
    return "range_only"
