"""Computes what a target field is made of, a column at a time. Knows the language, not what fields mean."""

from collections.abc import Mapping

import pandas as pd

from dq.model import TEXT
from dq.standards.expressions import Call, Column, Expression, Text, date_pattern

_WORDS = {True: "true", False: "false"}


def evaluate(tree: Expression, customers: pd.DataFrame, maps: Mapping[str, Mapping[str, str]]) -> pd.Series:
    """Return the values of an expression for every customer.

    Args:
        tree: The expression.
        customers: Columns by name; one that is not there is empty.
        maps: Tables of `map(…)`; a value a table does not have stays as it is, so that the target can refuse it.

    Returns:
        Text with the index of `customers`; null where nothing is filled.
    """
    if isinstance(tree, Text):
        return pd.Series(tree.value, index=customers.index, dtype=TEXT)
    if isinstance(tree, Column):
        return _column(customers, tree.name)
    return _call(tree, customers, maps)


def _column(customers: pd.DataFrame, name: str) -> pd.Series:
    if name not in customers.columns:
        return pd.Series(None, index=customers.index, dtype=TEXT)
    values = customers[name]
    if values.dtype == TEXT:
        return values.where(values != "")
    # Yes and no come as Python or Arrow booleans with nulls between them.
    return values.map(_WORDS, na_action="ignore").astype(TEXT)


def _call(call: Call, customers: pd.DataFrame, maps: Mapping[str, Mapping[str, str]]) -> pd.Series:
    arguments = [evaluate(argument, customers, maps) for argument in call.arguments]
    texts = [argument.value for argument in call.arguments if isinstance(argument, Text)]
    match call.function:
        case "join":
            return _joined(arguments[1:], texts[0])
        case "lines":
            return _joined(arguments, "\n")
        case "first":
            return _first(arguments)
        case "map":
            table = dict(maps.get(texts[-1], {}))
            return arguments[0].map(table, na_action="ignore").astype(TEXT).fillna(arguments[0])
        case "date":
            return _dated(arguments[0], date_pattern(texts[-1]))
        case "upper":
            return arguments[0].str.upper()
        case "lower":
            return arguments[0].str.lower()
        case _:
            assert call.function == "domain", "the parser lets no other function through"
            bare = arguments[0].str.lower().str.replace(r"^[a-z]+://", "", regex=True)
            return bare.str.replace(r"^www\.", "", regex=True).str.replace(r"[/?#:].*$", "", regex=True)


def _joined(parts: list[pd.Series], separator: str) -> pd.Series:
    joined = parts[0]
    for part in parts[1:]:
        both = joined.notna() & part.notna()
        joined = joined.fillna(part).where(~both, joined + separator + part)
    return joined.astype(TEXT)


def _first(parts: list[pd.Series]) -> pd.Series:
    first = parts[0]
    for part in parts[1:]:
        first = first.fillna(part)
    return first


def _dated(values: pd.Series, pattern: str) -> pd.Series:
    """Write ISO dates in another form; what is no ISO date stays, for the target to judge."""
    dates = pd.to_datetime(values, format="%Y-%m-%d", errors="coerce")
    return dates.dt.strftime(pattern).astype(TEXT).fillna(values)
