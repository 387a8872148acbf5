"""Rules as checks on one column, pair or set of columns, and the narrow view of a table they are judged on."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from dq.model import FLAGS, TEXT, raw
from dq.standards.rule_arguments import DAY_COLUMNS, EXPECTATIONS, parse_argument, resolve_limit
from dq.standards.rules import Rule

_ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")
_DAY, _DOUBTS, _FILLED, _WHEN = "@day", "?", "!", "when_"
_ASK_ONLY_WHETHER_FILLED = ("expect_column_values_to_not_be_null", "expect_column_values_to_be_null")
_WRONG_DAYS = ("default", "impossible", "future", "unreadable")
_COMPARED_AS_DAYS = ("expect_column_values_to_be_between", "expect_column_pair_values_a_to_be_greater_than_b")


@dataclass(frozen=True)
class Check:
    """One expectation of a rule.

    Attributes:
        rule: The rule it belongs to; a rule over several columns has a check per column.
        column: Column a violation names.
        shows: Columns whose source text is the value of a violation.
        arguments: Arguments of the expectation; its columns are columns of the view.
        inputs: Columns of the view it reads.
        condition: Column of the view that is true for the rows it looks at; None means all rows.
    """

    rule: Rule
    column: str
    shows: tuple[str, ...]
    arguments: Mapping[str, object]
    inputs: tuple[str, ...]
    condition: str | None


def checks_of(rules: Iterable[Rule], as_of: date) -> list[Check]:
    """Return the checks of rules on one table, in the order of the rules."""
    return [check for rule in rules for check in _checks_of(rule, as_of)]


def _checks_of(rule: Rule, as_of: date) -> list[Check]:
    kinds = EXPECTATIONS[rule.expectation]
    given = {name: parse_argument(kinds[name].kind, value) for name, value in rule.arguments.items()}
    plain = {
        name: _limit(resolve_limit(value, as_of))
        for name, value in given.items()
        if kinds[name].kind not in ("column", "columns") and name != "flag"
    }
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
    condition = _WHEN + repr(sorted(rule.when.items())) if rule.when else None
    if "column_list" in given:
        columns = _texts(given["column_list"])
        filled = tuple(column + _FILLED for column in columns)
        return [Check(rule, *_blame(rule, columns), {**plain, "column_list": list(filled)}, filled, condition)]
    if "column_A" in given:
        (first,), (second,) = _texts(given["column_A"]), _texts(given["column_B"])
        inputs = (_view_column(rule, first), _view_column(rule, second))
        arguments = {**plain, "column_A": inputs[0], "column_B": inputs[1]}
        return [Check(rule, *_blame(rule, (first, second)), arguments, inputs, condition)]
    checks = []
    for column in _texts(given["column"]):
        flags = _texts(given["flag"]) if "flag" in given else (column,)
        seen = _doubts_column(column, flags) if "doubts" in given else _view_column(rule, column)
        named, shows = _blame(rule, (column,))
        if "flag" in given and not rule.shows:
            named = flags[0]
        checks.append(Check(rule, named, shows, {**plain, "column": seen}, (seen,), condition))
    return checks


def _limit(value: object) -> object:
    return _day_number(value) if isinstance(value, str) and _ISO_DAY.match(value) else value


def _texts(value: object) -> tuple[str, ...]:
    assert isinstance(value, tuple)
    return value


def _blame(rule: Rule, tested: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the column a violation names and the columns its value is taken from."""
    shows = rule.shows or tested
    return shows[0], shows


def _view_column(rule: Rule, column: str) -> str:
    if rule.expectation in _ASK_ONLY_WHETHER_FILLED:
        return column + _FILLED
    is_day = column in DAY_COLUMNS and rule.expectation in _COMPARED_AS_DAYS
    return column + _DAY if is_day else column


def _doubts_column(column: str, flags: tuple[str, ...]) -> str:
    return column + _DOUBTS + "+".join(flags)


# ---- the view -----------------------------------------------------------------------------------------------------
def view_of(rows: pd.DataFrame, checks: list[Check]) -> pd.DataFrame:
    """Return the columns the checks read, numbered from 0 as the rows are.

    Great Expectations copies the whole frame for each expectation, so the view is narrow and texts are categories: a
    copy then moves integers. Columns are made: `<column>!` is 1 where there is a value, else null; `<column>@day` is a
    day number or null; `<column>?<flag>` holds the doubts about the value (empty text where there are none, null
    where there is no value); `when_…` says which rows a rule looks at. A column the rows lack is null throughout.
    """
    columns: dict[str, object] = {}
    for check in checks:
        for name in check.inputs:
            if name not in columns:
                columns[name] = _column(rows, name)
        if check.condition is not None and check.condition not in columns:
            columns[check.condition] = _condition_mask(rows, check.rule)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


def _condition_mask(rows: pd.DataFrame, rule: Rule) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Return which rows the rule looks at."""
    mask = np.ones(len(rows), dtype=np.bool_)
    for column, values in rule.when.items():
        mask &= _plain(rows, column).isin(values).to_numpy(dtype=np.bool_)
    return mask


def _column(rows: pd.DataFrame, name: str) -> object:
    if name.endswith(_FILLED):
        return np.where(_plain(rows, name.removesuffix(_FILLED)).notna(), 1.0, np.nan)
    if name.endswith(_DAY):
        return _days(rows, name.removesuffix(_DAY))
    if _DOUBTS in name:
        column, _, flags = name.rpartition(_DOUBTS)
        return _doubts(rows, column, tuple(flags.split("+")))
    values = _plain(rows, name)
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map({True: "true", False: "false"}).astype("category").to_numpy()
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype="float64", na_value=np.nan)
    return _categories(values.astype(TEXT))


def _plain(rows: pd.DataFrame, column: str) -> pd.Series:
    if column in rows.columns:
        return rows[column]
    return pd.Series(np.nan, index=rows.index, dtype=TEXT)


def _categories(texts: pd.Series) -> pd.Categorical:
    codes, distinct = pd.factorize(texts)
    return pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype=TEXT))


def _days(rows: pd.DataFrame, column: str) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return ISO days as day numbers; null where a rule on doubts reports that the cell is no day, or a wrong one.

    Numbers, because Great Expectations turns a text limit into a `date`, which pandas compares with nothing.
    """
    codes, distinct = pd.factorize(_plain(rows, column))
    numbers = np.fromiter((_day_number(text) for text in distinct), dtype=np.float64, count=len(distinct))
    days = np.append(numbers, np.nan)[codes]
    found = _doubts(rows, column, (column,))
    wrong = [any(code_of(doubt) in _WRONG_DAYS for doubt in doubts.split()) for doubts in found.categories]
    return np.where(np.array([*wrong, False])[found.codes], np.nan, days)


def _day_number(text: str) -> float:
    try:
        return float(date.fromisoformat(text[:10]).toordinal()) if _ISO_DAY.match(text) else np.nan
    except ValueError:
        return np.nan


def _doubts(rows: pd.DataFrame, column: str, flags: tuple[str, ...]) -> pd.Categorical:
    """Return, per row, the doubts about the flags' columns (`email:invalid email:domain_typo=gmail.com`)."""
    codes, distinct = pd.factorize(_plain(rows, FLAGS))
    words = [doubt_words(text, flags) for text in distinct]
    names = ["", *sorted({*words} - {""})]
    position = {name: number for number, name in enumerate(names)}
    # The last one stands for rows without any flag, whose code is -1.
    found = np.array([*(position[word] for word in words), 0], dtype=np.intp)[codes]
    has_value = _plain(rows, column).notna().to_numpy() | _plain(rows, raw(column)).notna().to_numpy() | (found > 0)
    return pd.Categorical.from_codes(np.where(has_value, found, -1), categories=pd.Index(names, dtype=TEXT))


def doubt_words(flags: str, wanted: tuple[str, ...]) -> str:
    """Return the doubts about the wanted columns, parted by blanks.

    >>> doubt_words("email:domain_typo=gmail.com phone:fictitious", ("email",))
    'email:domain_typo=gmail.com'
    """
    return " ".join(word for word in flags.split() if word.partition(":")[0] in wanted)


def code_of(doubt: str) -> str:
    """Return what is doubted, without the column and without a proposal.

    >>> code_of("email:domain_typo=gmail.com")
    'domain_typo'
    """
    return doubt.partition(":")[2].partition("=")[0]
