"""Conditions of a person on rows of a run, as the database asks them; what was typed becomes a parameter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Operator = Literal["=", "!=", "in", "contains", "starts", ">=", "<=", "empty", "filled"]
Value = str | int | float | bool | None
Parameter = Value | list[str]

FEW_KEYS: Final = 50
"""Up to here keys are compared with the ranges of row groups, so that most of a sorted file is never read; beyond, one
parameter holds them all, since marks take longer to parse than to answer."""


@dataclass(frozen=True)
class Filter:
    """One condition on a column; several hold together. Text compares byte by byte, `contains` ignores case."""

    column: str
    operator: Operator = "="
    value: Value | tuple[str, ...] = None


def condition_of(column: str, given: Filter) -> tuple[str, list[Parameter]]:
    """Return a filter as SQL and its parameters; `column` is quoted already."""
    match given.operator:
        case "empty":
            return f"{column} IS NULL", []
        case "filled":
            return f"{column} IS NOT NULL", []
        case "in":
            values = given.value if isinstance(given.value, tuple) else ()
            if len(values) <= FEW_KEYS:
                return f"{column} IN ({', '.join('?' * len(values)) or 'NULL'})", [*values]
            return f"{column} IN (SELECT unnest(?::VARCHAR[]))", [list(values)]
        case "contains":
            return f"contains(lower({column}), lower(?))", [_scalar(given)]
        case "starts":
            return f"starts_with({column}, ?)", [_scalar(given)]
        case "!=":
            return f"{column} IS DISTINCT FROM ?", [_scalar(given)]
        case "=":
            return (f"{column} = ?", [_scalar(given)]) if given.value not in (None, "") else (f"{column} IS NULL", [])
        case operator:
            return f"{column} {operator} ?", [_scalar(given)]


def near(column: str, filters: Sequence[Filter], *, is_crosswalk: bool) -> tuple[str, list[Parameter]]:
    """Return what filters say of `column` as a condition on `identities`: a few ids, not all of a department.

    Args:
        column: A column of record ids.
        filters: What holds of the rows.
        is_crosswalk: The rows name the customer of just that record.
    """
    for given in filters:
        is_few = isinstance(given.value, tuple) and 0 < len(given.value) <= FEW_KEYS
        same = given.column == column or (is_crosswalk and given.column == "golden_id")
        if same and ((given.operator == "=" and given.value) or (given.operator == "in" and is_few)):
            keys = list(given.value) if isinstance(given.value, tuple) else [given.value]
            name = "golden_id" if given.column == "golden_id" else "record_id"
            return f" AND {name} IN ({', '.join('?' * len(keys))})", [*keys]
    return "", []


def _scalar(given: Filter) -> Value:
    assert not isinstance(given.value, tuple)
    return given.value


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + re.sub('"', '""', name) + '"'
