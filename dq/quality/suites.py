"""The door to Great Expectations: checks in, verdicts out. The only module that imports it, and only when asked."""

import logging
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dq.quality.checks import Check

_SEVERITIES = {"stop": "critical", "warn": "warning", "info": "info"}
_BASIC = {"result_format": "BASIC"}

Positions = np.ndarray[tuple[int], np.dtype[np.intp]]


class SuiteError(RuntimeError):
    """Great Expectations could not evaluate a rule: a mistake in dq, never in the data."""


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations says about one check.

    Attributes:
        total: Rows it looked at (element count).
        failed: Failing rows (unexpected count).
        evaluated_at: Positions of the rows that were judged; rows without a value are not.
        failed_at: Positions of the failing rows, from the condition metric.
    """

    total: int
    failed: int
    evaluated_at: Positions
    failed_at: Positions


def judge(view: pd.DataFrame, checks: Sequence[Check]) -> list[Verdict]:
    """Run the checks on a view as one suite and return a verdict per check, in their order.

    Counts come from the suite (`BASIC`), failing rows from the condition metric of the same expectation.

    Raises:
        SuiteError: An expectation could not be evaluated, or the two ways of counting disagree.
    """
    if not checks or view.empty:
        nothing = np.empty(0, dtype=np.intp)
        return [Verdict(0, 0, nothing, nothing) for _ in checks]
    gx = _great_expectations()
    # A context of its own per view: a context keeps every batch it has seen.
    context = gx.get_context(mode="ephemeral", project_config=_settings())
    asset = context.data_sources.add_pandas("view").add_dataframe_asset("rows")
    with warnings.catch_warnings():
        # A rule may group alternatives: pandas warns that groups are not extracted.
        warnings.filterwarnings("ignore", message="This pattern is interpreted", category=UserWarning)
        return _judged(context, asset, view, checks, gx)


def _judged(context: Any, asset: Any, view: pd.DataFrame, checks: Sequence[Check], gx: Any) -> list[Verdict]:
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": view})
    expectations = [_expectation(check, number) for number, check in enumerate(checks)]
    results = batch.validate(gx.ExpectationSuite("rules", expectations=expectations), result_format="BASIC").results
    by_number = {result.expectation_config.meta["check"]: result for result in results}
    conditions = _conditions(context.get_validator(batch_list=[batch]), expectations)
    return [_verdict(check, by_number[number], conditions[number]) for number, check in enumerate(checks)]


def _great_expectations() -> Any:
    """Import Great Expectations without its telemetry, chatter and capture of all warnings."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    from dq.quality import own_expectations  # noqa: F401 (defining an expectation registers it)

    logging.captureWarnings(False)
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    return great_expectations


def _settings() -> Any:
    """Return settings of a context that keeps everything in memory, Data Docs (which load scripts) left out."""
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    return DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars={"globally": False, "metric_calculations": False},
    )


def _expectation(check: Check, number: int) -> Any:
    from great_expectations.expectations.registry import get_expectation_impl
    from great_expectations.expectations.row_conditions import Column

    options: dict[str, object] = dict(check.arguments)
    if check.condition is not None:
        options["row_condition"] = Column(check.condition) == True  # noqa: E712 (builds a condition)
    return get_expectation_impl(check.rule.expectation)(
        **options, severity=_SEVERITIES[check.rule.severity], meta={"rule_id": check.rule.rule_id, "check": number}
    )


def _conditions(validator: Any, expectations: Sequence[Any]) -> list[pd.Series]:
    """Return per expectation its condition: True where unexpected, indexed by the judged rows."""
    from great_expectations.validator.metric_configuration import MetricConfiguration

    wanted = []
    for expectation in expectations:
        needs = expectation.get_validation_dependencies(
            execution_engine=validator.execution_engine, runtime_configuration=_BASIC
        )
        counted = needs.get_metric_configuration(f"{expectation.map_metric}.unexpected_count")
        wanted.append(
            MetricConfiguration(
                f"{expectation.map_metric}.condition", counted.metric_domain_kwargs, counted.metric_value_kwargs
            )
        )
    resolved, aborted = validator.metrics_calculator.compute_metrics(wanted)
    if aborted:
        told = sorted(f"{metric}: {info['exception_info']}" for metric, info in aborted.items())
        raise SuiteError("conditions could not be computed: " + "; ".join(told))
    return [resolved[metric.id][0] for metric in wanted]


def _verdict(check: Check, result: Any, condition: pd.Series) -> Verdict:
    if result.exception_info.get("raised_exception", False) or "unexpected_count" not in result.result:
        raise SuiteError(f"rule {check.rule.rule_id}: {result.exception_info}")
    evaluated_at = condition.index.to_numpy(dtype=np.intp)
    failed_at = evaluated_at[condition.to_numpy(dtype=np.bool_)]
    failed = int(result.result["unexpected_count"])
    if failed != len(failed_at):
        raise SuiteError(f"rule {check.rule.rule_id}: {failed} failures counted, {len(failed_at)} found")
    return Verdict(int(result.result["element_count"]), failed, evaluated_at, failed_at)
