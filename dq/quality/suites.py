"""The door to Great Expectations: checks in, verdicts out. The only module that imports it, and only when asked."""

import logging
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
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
    """Run the checks on a view and return a verdict per check, in their order.

    Checks that look at the same rows are one suite: Great Expectations filters by a row condition again for every
    metric of every expectation, which costs more than all the rest. Counts are those of the `BASIC` result; failing
    rows come from the condition metric of the same expectation, computed once in the same graph.

    Raises:
        SuiteError: An expectation could not be evaluated, or the two ways of counting disagree.
    """
    groups: dict[str | None, list[int]] = {}
    for number, check in enumerate(checks):
        groups.setdefault(check.condition, []).append(number)
    verdicts: dict[int, Verdict] = {}
    for condition, numbers in groups.items():
        rows = view if condition is None else view.loc[view[condition].to_numpy(dtype=np.bool_)]
        chosen = [checks[number] for number in numbers]
        narrow = rows[list(dict.fromkeys(name for check in chosen for name in check.inputs))]
        verdicts.update(zip(numbers, _judge_suite(narrow, chosen), strict=True))
    return [verdicts[number] for number in range(len(checks))]


def _judge_suite(rows: pd.DataFrame, checks: Sequence[Check]) -> list[Verdict]:
    if rows.empty:
        nothing = np.empty(0, dtype=np.intp)
        return [Verdict(0, 0, nothing, nothing) for _ in checks]
    expectations = suite_of(checks).expectations
    validator = _context().get_validator(batch_list=[batch_of(rows)])
    needs = [_needs(expectation, validator.execution_engine) for expectation in expectations]
    with warnings.catch_warnings():
        # A rule may group alternatives: pandas warns that groups are not extracted.
        warnings.filterwarnings("ignore", message="This pattern is interpreted", category=UserWarning)
        resolved, aborted = validator.metrics_calculator.compute_metrics([metric for some in needs for metric in some])
    if aborted:
        told = sorted(f"{metric.metric_name}: {info['exception_info']}" for metric, info in aborted.items())
        raise SuiteError("metrics could not be computed: " + "; ".join(told))
    return [
        _verdict(check, expectation, resolved, condition.id)
        for check, expectation, (condition, *_) in zip(checks, expectations, needs, strict=True)
    ]


def suite_of(checks: Sequence[Check]) -> Any:
    """Return the checks as a suite of Great Expectations, in their order."""
    gx = _great_expectations()
    return gx.ExpectationSuite(
        "rules", expectations=[_expectation(check, number) for number, check in enumerate(checks)]
    )


def batch_of(rows: pd.DataFrame) -> Any:
    """Return the rows as a batch; it takes the place of the batch before."""
    return _definition().get_batch({"dataframe": rows})


@lru_cache(maxsize=1)
def _context() -> Any:
    """Return the process's context. All batches have one id, so it keeps one batch, not all it has seen."""
    return _great_expectations().get_context(mode="ephemeral", project_config=_settings())


@lru_cache(maxsize=1)
def _definition() -> Any:
    asset = _context().data_sources.add_pandas("view").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("all")


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

    return get_expectation_impl(check.rule.expectation)(
        **check.arguments,
        severity=_SEVERITIES[check.rule.severity],
        meta={"rule_id": check.rule.rule_id, "check": number},
    )


def _needs(expectation: Any, engine: Any) -> list[Any]:
    """Return the metrics of an expectation; first its condition: True where unexpected, indexed by the judged rows."""
    from great_expectations.validator.metric_configuration import MetricConfiguration

    needs = expectation.get_validation_dependencies(execution_engine=engine, runtime_configuration=dict(_BASIC))
    counted = needs.get_metric_configuration(f"{expectation.map_metric}.unexpected_count")
    condition = MetricConfiguration(
        f"{expectation.map_metric}.condition", counted.metric_domain_kwargs, counted.metric_value_kwargs
    )
    return [condition, *needs.get_metric_configurations()]


def _verdict(check: Check, expectation: Any, resolved: Any, condition_id: Any) -> Verdict:
    result = expectation.metrics_validate(resolved, runtime_configuration=dict(_BASIC)).result
    condition = resolved[condition_id][0]
    evaluated_at = condition.index.to_numpy(dtype=np.intp)
    failed_at = evaluated_at[condition.to_numpy(dtype=np.bool_)]
    failed = int(result["unexpected_count"])
    if failed != len(failed_at):
        raise SuiteError(f"rule {check.rule.rule_id}: {failed} failures counted, {len(failed_at)} found")
    return Verdict(int(result["element_count"]), failed, evaluated_at, failed_at)
