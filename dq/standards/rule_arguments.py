"""What a rule may assert: expectations with their arguments, tables with their columns. Knows no Great Expectations.

The names are those of Great Expectations and of `dq.quality.own_expectations`; a test holds this table against both.
Checking here means that a mistake in a rule file is found in milliseconds, not after a five-second import.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dq.model import (
    CONTACT_POINTS,
    DATE_COLUMNS,
    EXTRA,
    FLAGS,
    GOLDEN,
    GOLDEN_CONTACT_POINTS,
    RECORDS,
    UNSPLIT_POINT_COLUMNS,
    UNSPLIT_RECORD_COLUMNS,
)
from dq.standards.reader import suggest

Kind = Literal["column", "columns", "texts", "regex", "number", "flag", "limit", "ignored_pair"]

DAY_COLUMNS: Final = (*DATE_COLUMNS, "valid_from", "valid_to", "consent_at")
"""Columns compared as days; cells that are not ISO dates count as null there."""

Findings = list[tuple[str, str, str]]
"""(place in the rule, message, hint) per mistake."""

_AS_OF = re.compile(r"^as_of(?:-(\d{1,3})y)?$")
_PAIR_IGNORES = ("both_values_are_missing", "either_value_is_missing", "neither")


@dataclass(frozen=True)
class Argument:
    """One argument of an expectation."""

    kind: Kind
    is_required: bool = True


@dataclass(frozen=True)
class RuleTable:
    """A table rules may read.

    Attributes:
        scope: `row` tables are cut into parts with the records; a `table` one is made by a query over the whole layer.
        columns: Its columns.
        has_extras: Whether `extra.<header>` columns may be named too.
    """

    scope: Literal["row", "table"]
    columns: tuple[str, ...]
    has_extras: bool = False


_COLUMN = {"column": Argument("column")}
EXPECTATIONS: Final[Mapping[str, Mapping[str, Argument]]] = {
    "expect_column_values_to_not_be_null": _COLUMN,
    "expect_column_values_to_be_null": _COLUMN,
    "expect_column_values_to_match_regex": {**_COLUMN, "regex": Argument("regex")},
    "expect_column_values_to_not_match_regex": {**_COLUMN, "regex": Argument("regex")},
    "expect_column_values_to_be_in_set": {**_COLUMN, "value_set": Argument("texts")},
    "expect_column_values_to_not_be_in_set": {**_COLUMN, "value_set": Argument("texts")},
    "expect_column_values_to_be_between": {
        **_COLUMN,
        "min_value": Argument("limit", is_required=False),
        "max_value": Argument("limit", is_required=False),
    },
    "expect_column_value_lengths_to_be_between": {
        **_COLUMN,
        "min_value": Argument("number", is_required=False),
        "max_value": Argument("number", is_required=False),
    },
    "expect_column_pair_values_a_to_be_greater_than_b": {
        "column_A": Argument("column"),
        "column_B": Argument("column"),
        "or_equal": Argument("flag", is_required=False),
        "ignore_row_if": Argument("ignored_pair", is_required=False),
    },
    "expect_column_values_to_lack_doubts": {
        **_COLUMN,
        "flag": Argument("texts", is_required=False),
        "doubts": Argument("texts"),
    },
    "expect_column_values_to_lack_payment_cards": _COLUMN,
    "expect_column_values_to_lack_social_security_numbers": _COLUMN,
    "expect_column_values_to_lack_mojibake": _COLUMN,
    "expect_any_of_columns_to_be_filled": {"column_list": Argument("columns")},
}
"""Expectation → its arguments. Uniqueness is missing on purpose: a row rule sees one part, so a table of counts made by
`dq.quality.facts` carries it. `mostly` is missing too: `threshold` is a rule's only tolerance."""

_SUBJECT = ("record_id", "source", "department")
_CELL = (*_SUBJECT, "contact_point_id", "column", "text", "null_token")
TABLES: Final[Mapping[str, Mapping[str, RuleTable]]] = {
    "raw": {
        "records": RuleTable("row", (*RECORDS.columns, *UNSPLIT_RECORD_COLUMNS, "source_table", FLAGS), True),
        "contact_points": RuleTable("row", (*CONTACT_POINTS.columns, *UNSPLIT_POINT_COLUMNS, "source", FLAGS)),
        "cells": RuleTable("row", _CELL),
        "notes": RuleTable("row", _CELL),
        "keys": RuleTable("table", (*_SUBJECT, "source_key", "rows_with_key")),
        "attachments": RuleTable("table", (*_SUBJECT, "source_table", "row", "owner_id", "records_found")),
        "source_columns": RuleTable("table", ("source", "source_table", "column", "state")),
    },
    "standardized": {
        "records": RuleTable("row", (*RECORDS.columns, "name", FLAGS), True),
        "contact_points": RuleTable("row", (*CONTACT_POINTS.columns, "source", FLAGS)),
        "account_links": RuleTable("table", (*_SUBJECT, "account_key", "accounts_found")),
        "relation_ends": RuleTable("table", (*_SUBJECT, "type", "to_record_id", "ends_found")),
    },
    "golden": {
        "golden": RuleTable("row", tuple(GOLDEN.columns), True),
        "golden_contact_points": RuleTable("row", tuple(GOLDEN_CONTACT_POINTS.columns)),
        "memberships": RuleTable("table", (*_SUBJECT, "golden_records", "golden_rows", "place")),
        "golden_ids": RuleTable("table", ("golden_id", "department", "rows_with_id", "members_missing")),
        "golden_evidence": RuleTable("table", ("golden_id", "department", "tax_ids", "birth_days")),
        "consents": RuleTable("table", ("golden_id", "department", "channel", "act", "is_closed")),
        "golden_relation_ends": RuleTable("table", ("golden_id", "department", "type", "to_golden_id", "ends_found")),
    },
}
"""Layer → table → its columns. `cells` holds one row per filled source cell, `notes` one per filled cell of a column
without canonical home; both are made from the part. Tables of scope `table` are described in `dq.quality.facts`."""


def has_column(layer: str, table: str, column: str) -> bool:
    """Say whether a rule on that table may name the column."""
    known = TABLES[layer][table]
    bare = column.removesuffix("_raw")
    return column in known.columns or bare in known.columns or (known.has_extras and column.startswith(EXTRA))


def parse_argument(kind: Kind, written: object) -> object:
    """Return an argument, all text in YAML, as the value the expectation takes.

    Raises:
        ValueError: It cannot be one; the message ends the sentence "the argument …".

    >>> parse_argument("number", "3")
    3.0
    >>> parse_argument("texts", "email")
    ('email',)
    """
    if kind in ("texts", "columns", "column"):
        texts = written if isinstance(written, list) else [written]
        if not texts or not all(isinstance(text, str) and text for text in texts):
            raise ValueError("needs one word or a list of words")
        if kind == "columns" and len(texts) < 2:
            raise ValueError("needs at least two columns")
        return tuple(texts)
    if not isinstance(written, str):
        raise ValueError("needs a single value, not a list or a mapping")
    return _parse_scalar(kind, written)


def _parse_scalar(kind: Kind, written: str) -> object:
    if kind == "regex":
        return _regex(written)
    if kind == "flag":
        if written not in ("true", "false"):
            raise ValueError("needs `true` or `false`")
        return written == "true"
    if kind == "ignored_pair":
        if written not in _PAIR_IGNORES:
            raise ValueError(f"is not one of {', '.join(_PAIR_IGNORES)}")
        return written
    if kind == "limit" and (_AS_OF.match(written) or _is_day(written)):
        return written
    try:
        return float(written)
    except ValueError:
        allowed = "a number, a day such as 2020-12-31, `as_of` or `as_of-3y`" if kind == "limit" else "a number"
        raise ValueError(f"needs {allowed}, not {written!r}") from None


def resolve_limit(limit: object, as_of: date) -> object:
    """Return a limit with `as_of` replaced by the day of the run, in ISO notation.

    >>> resolve_limit("as_of-3y", date(2024, 2, 29))
    '2021-02-28'
    """
    match = _AS_OF.match(limit) if isinstance(limit, str) else None
    if match is None:
        return limit
    year = as_of.year - int(match[1] or 0)
    try:
        return as_of.replace(year=year).isoformat()
    except ValueError:
        return as_of.replace(year=year, day=28).isoformat()


def argument_problems(layer: str, table: str, expectation: str, arguments: Mapping[str, object]) -> Findings:
    """Return (place, message, hint) for everything wrong with a rule's expectation, arguments and columns."""
    if expectation not in EXPECTATIONS:
        message = f"`{expectation}` is not an expectation rules can use"
        return [("expectation", message, suggest(expectation, [*EXPECTATIONS]))]
    known = EXPECTATIONS[expectation]
    problems = [
        (f"arguments.{name}", f"`{expectation}` has no such argument", suggest(name, [*known]))
        for name in arguments
        if name not in known
    ]
    problems += [
        (f"arguments.{name}", "the argument is missing", "add it")
        for name, argument in known.items()
        if argument.is_required and name not in arguments
    ]
    for name in known.keys() & arguments.keys():
        problems += _value_problems(layer, table, name, known[name], arguments[name])
    if "min_value" in known and not {"min_value", "max_value"} & arguments.keys():
        problems.append(("arguments", "`min_value` or `max_value` is missing", "give at least one of them"))
    return problems


def _value_problems(layer: str, table: str, name: str, argument: Argument, written: object) -> Findings:
    place = f"arguments.{name}"
    try:
        value = parse_argument(argument.kind, written)
    except ValueError as error:
        return [(place, f"the argument {error}", "")]
    if argument.kind not in ("column", "columns"):
        return []
    assert isinstance(value, tuple)
    return column_problems(layer, table, place, value)


def column_problems(layer: str, table: str, place: str, columns: tuple[str, ...]) -> Findings:
    """Return (place, message, hint) per column the table does not have."""
    if table not in TABLES.get(layer, {}):
        return []
    known = TABLES[layer][table].columns
    return [
        (place, f"the table `{table}` of layer {layer} has no column `{column}`", suggest(column, known))
        for column in columns
        if not has_column(layer, table, column)
    ]


def _regex(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is not a regular expression: {error}") from None
    if re.search(r"\(\?(?:[=!]|<[=!]|P=|P>)|\\[1-9]", pattern):
        # Arrow's engine (RE2) has neither; pandas would fall back to a loop in Python, 50 times slower.
        raise ValueError("uses look-around or a back reference")
    return pattern


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
