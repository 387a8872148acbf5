"""Expectations that Great Expectations lacks. Importing this imports Great Expectations (5 s): do it inside functions.

Each is a metric provider (the condition, implemented once) and an expectation that names it.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation, MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    MulticolumnMapMetricProvider,
    column_condition_partial,
    multicolumn_condition_partial,
)

from dq.model import TEXT
from dq.quality.checks import code_of
from dq.quality.free_text import (
    MAY_BE_CARD,
    MAY_BE_MOJIBAKE,
    MAY_BE_SSN,
    has_mojibake,
    has_payment_card,
    has_social_security_number,
)


def _by_distinct(column: pd.Series, passes: Callable[[str], bool], suspects: str | None = None) -> pd.Series:
    """Judge every distinct value once; with `suspects`, only those that match this cheap pattern can fail."""
    codes, distinct = pd.factorize(column)
    texts = pd.Series(distinct).astype(TEXT)
    verdicts = np.ones(len(texts), dtype=np.bool_)
    asked = np.arange(len(texts)) if suspects is None else np.flatnonzero(texts.str.contains(suspects))
    verdicts[asked] = [passes(text) for text in texts.iloc[asked]]
    return pd.Series(verdicts[codes], index=column.index, dtype=bool)


class ColumnValuesLackDoubts(ColumnMapMetricProvider):  # type: ignore[misc]
    """None of the words of a doubts column (`email:domain_typo=gmail.com`) is about one of `doubts`."""

    condition_metric_name = "column_values.lack_doubts"
    condition_value_keys = ("doubts",)

    @column_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column: pd.Series, doubts: list[str], **_: object) -> pd.Series:  # noqa: N805 (GX binds the class)
        return _by_distinct(column, lambda found: not {code_of(doubt) for doubt in found.split()} & {*doubts})


class ColumnValuesLackPaymentCards(ColumnMapMetricProvider):  # type: ignore[misc]
    """No payment card number stands in the text."""

    condition_metric_name = "column_values.lack_payment_cards"

    @column_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column: pd.Series, **_: object) -> pd.Series:  # noqa: N805
        return _by_distinct(column, lambda text: not has_payment_card(text), MAY_BE_CARD)


class ColumnValuesLackSocialSecurityNumbers(ColumnMapMetricProvider):  # type: ignore[misc]
    """No social security number stands in the text."""

    condition_metric_name = "column_values.lack_social_security_numbers"

    @column_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column: pd.Series, **_: object) -> pd.Series:  # noqa: N805
        return _by_distinct(column, lambda text: not has_social_security_number(text), MAY_BE_SSN)


class ColumnValuesLackMojibake(ColumnMapMetricProvider):  # type: ignore[misc]
    """The text was not decoded with the wrong encoding."""

    condition_metric_name = "column_values.lack_mojibake"

    @column_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column: pd.Series, **_: object) -> pd.Series:  # noqa: N805
        return _by_distinct(column, lambda text: not has_mojibake(text), MAY_BE_MOJIBAKE)


class AnyOfColumnsFilled(MulticolumnMapMetricProvider):  # type: ignore[misc]
    """At least one of the columns has a value."""

    condition_metric_name = "multicolumn_values.any_filled"
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, **_: object) -> pd.Series:  # noqa: N805
        return column_list.notna().any(axis=1)


class ExpectColumnValuesToLackDoubts(ColumnMapExpectation):  # type: ignore[misc]
    """Expect standardising to have left none of the doubts about a value."""

    doubts: list[str]

    map_metric = "column_values.lack_doubts"
    success_keys = ("doubts", "mostly")
    args_keys = ("column", "doubts")


class ExpectColumnValuesToLackPaymentCards(ColumnMapExpectation):  # type: ignore[misc]
    """Expect no payment card number in a text."""

    map_metric = "column_values.lack_payment_cards"
    args_keys = ("column",)


class ExpectColumnValuesToLackSocialSecurityNumbers(ColumnMapExpectation):  # type: ignore[misc]
    """Expect no social security number in a text."""

    map_metric = "column_values.lack_social_security_numbers"
    args_keys = ("column",)


class ExpectColumnValuesToLackMojibake(ColumnMapExpectation):  # type: ignore[misc]
    """Expect texts without traces of a wrong encoding."""

    map_metric = "column_values.lack_mojibake"
    args_keys = ("column",)


class ExpectAnyOfColumnsToBeFilled(MulticolumnMapExpectation):  # type: ignore[misc]
    """Expect at least one of several columns to have a value."""

    ignore_row_if: str = "never"

    map_metric = "multicolumn_values.any_filled"
    success_keys = ("column_list", "ignore_row_if", "mostly")
    args_keys = ("column_list",)
