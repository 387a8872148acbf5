"""Great Expectations as dq uses it: what it counts, and that its two ways of counting agree for every shipped rule."""

import inspect
from datetime import date

import numpy as np
import pandas as pd
import pytest

from dq.model import ADDRESS_OUTCOMES, CONTACT_KINDS, PARTY_TYPES, TEXT, Frames
from dq.quality.checks import checks_of, view_of
from dq.quality.suites import batch_of, judge, suite_of
from dq.quality.validate import ValidatePolicy, _prepared, validate_part
from dq.standards import Standards
from dq.standards.rule_arguments import EXPECTATIONS, TABLES
from dq.standards.rules import Rule

AS_OF = date(2026, 11, 21)
ROWS = 400


def _rule(**given: object) -> Rule:
    told = {
        "rule_id": "r",
        "layer": "standardized",
        "table": "records",
        "dimension": "validity",
        "reason": "r",
        "why": "w",
    }
    return Rule.model_validate({**told, **given})


def _dirty(rng: np.random.Generator, column: str, flags: list[str]) -> list[object]:
    """Return values of every kind a column may hold, a third of them missing."""
    choices: dict[str, list[object]] = {
        "party_type": [*PARTY_TYPES],
        "kind": [*CONTACT_KINDS],
        "country": ["US", "CA", "Freedonia"],
        "address_outcome": [*ADDRESS_OUTCOMES],
        "consent": ["opt_in", "opt_out", "unknown"],
        "state": ["NY", "ZZ", "PR"],
        "act": ["opt_in", "opt_out"],
        "is_closed": ["true", "false"],
        "flags": [" ".join(rng.choice(flags, 2)) for _ in range(30)],
        "text": [
            "José",
            "JosÃ©",
            "4111 1111 1111 1111",
            "SSN 219-09-9999",
            "=1+1",
            "a\x00b",
            "1.234E+11",
            "02139",
            "a@b.com",
        ],
        "null_token": ["", "n/a"],
        "column": ["city", "first_name", "extra.note"],
    }
    choices["extra.note"] = choices["text"]
    counted = {
        "rows_with_key",
        "records_found",
        "accounts_found",
        "ends_found",
        "golden_records",
        "golden_rows",
        "place",
        "rows_with_id",
    }
    if column in counted | {"members_missing", "tax_ids", "birth_days"}:
        return list(rng.choice([0.0, 1.0, 2.0, np.nan], ROWS))
    words = choices.get(
        column, ["2020-01-01", "2026-02-03T10:00:00Z", "12345", "Ann", "ann@b.com", "+12125550148", "1.2E+11"]
    )
    return [
        None if missing else words[index]
        for missing, index in zip(rng.random(ROWS) < 1 / 3, rng.integers(0, len(words), ROWS), strict=True)
    ]


def _layer(standards: Standards, layer: str) -> Frames:
    rng = np.random.default_rng(7)
    flags = [*standards.table("flags")["flag"], "name:placeholder", "name:two_people", "email:domain_typo=gmail.com"]
    frames = {}
    for name, table in TABLES[layer].items():
        columns = (*table.columns, "extra.note") if table.has_extras else table.columns
        rows = pd.DataFrame({column: pd.Series(_dirty(rng, column, flags)) for column in columns})
        texts = [column for column in rows if not pd.api.types.is_float_dtype(rows[column])]
        frames[name] = rows.astype(dict.fromkeys(texts, TEXT)).assign(
            source=pd.Series(["crm", "web"] * (ROWS // 2), dtype=TEXT)
        )
    return frames


@pytest.mark.filterwarnings("ignore:This pattern is interpreted:UserWarning")
@pytest.mark.parametrize("layer", [*TABLES])
def test_counts_of_the_suite_are_the_keys_of_the_condition_for_every_rule(layer: str, standards: Standards) -> None:
    policy = ValidatePolicy(standards, layer, AS_OF)  # type: ignore[arg-type]
    frames = {name: rows for name, rows in _layer(standards, layer).items() if name not in ("cells", "notes")}
    tables = _prepared(frames, policy)
    judged = validate_part(frames, policy)
    counted = judged["rule_counts"].groupby("rule_id")[["evaluated", "failed", "nulls", "total"]].sum()
    violations = judged["violations"].groupby("rule_id").size()
    rules = [rule for rule in standards.rules if rule.layer == layer]
    assert {*counted.index} == {rule.rule_id for rule in rules}
    failing = 0
    for rule in rules:
        checks = checks_of([rule], AS_OF)
        view = view_of(tables[rule.table], checks)
        verdicts = judge(view, checks)
        looked_at = view if checks[0].condition is None else view[view[checks[0].condition]]
        official = batch_of(looked_at).validate(suite_of(checks), result_format="BASIC")
        told = {result.expectation_config.meta["check"]: result.result for result in official.results}
        for number, verdict in enumerate(verdicts):
            assert verdict.failed == told[number]["unexpected_count"], rule.rule_id
            assert verdict.total == told[number]["element_count"], rule.rule_id
            assert verdict.total - len(verdict.evaluated_at) == told[number].get("missing_count", 0), rule.rule_id
        assert counted.loc[rule.rule_id, "failed"] == sum(verdict.failed for verdict in verdicts), rule.rule_id
        assert counted.loc[rule.rule_id, "failed"] == sum(len(verdict.failed_at) for verdict in verdicts)
        assert counted.loc[rule.rule_id, "failed"] == violations.get(rule.rule_id, 0)
        assert counted.loc[rule.rule_id, "total"] == sum(verdict.total for verdict in verdicts)
        assert (counted["evaluated"] + counted["nulls"] == counted["total"]).all()
        failing += bool(counted.loc[rule.rule_id, "failed"])
    assert failing >= 0.6 * len(rules)


def test_every_expectation_of_the_table_exists_with_its_arguments() -> None:
    from great_expectations.expectations.registry import get_expectation_impl

    from dq.quality import own_expectations

    assert inspect.getmodule(own_expectations.ExpectColumnValuesToLackDoubts) is own_expectations
    for name, arguments in EXPECTATIONS.items():
        fields = {*get_expectation_impl(name).__fields__}
        assert {argument for argument in arguments if argument != "flag"} <= fields, name


NULLS = pd.DataFrame({"email": ["a@b.com", None, "bad", None]}, dtype=TEXT)
NULL_CASES = [
    # expectation, arguments, rows looked at, judged, failing positions
    ("expect_column_values_to_match_regex", {"column": "email", "regex": "@"}, 4, [0, 2], [2]),
    ("expect_column_values_to_not_match_regex", {"column": "email", "regex": "(bad)"}, 4, [0, 2], [2]),
    ("expect_column_values_to_be_in_set", {"column": "email", "value_set": ["bad"]}, 4, [0, 2], [0]),
    ("expect_column_values_to_not_be_in_set", {"column": "email", "value_set": ["bad"]}, 4, [0, 2], [2]),
    ("expect_column_values_to_not_be_null", {"column": "email"}, 4, [0, 1, 2, 3], [1, 3]),
    ("expect_column_values_to_be_null", {"column": "email"}, 4, [0, 1, 2, 3], [0, 2]),
    ("expect_column_values_to_not_be_null", {"column": "phone"}, 4, [0, 1, 2, 3], [0, 1, 2, 3]),
    ("expect_column_value_lengths_to_be_between", {"column": "email", "max_value": "3"}, 4, [0, 2], [0]),
    ("expect_any_of_columns_to_be_filled", {"column_list": ["email", "phone"]}, 4, [0, 1, 2, 3], [1, 3]),
]


@pytest.mark.parametrize(("expectation", "arguments", "total", "judged", "failing"), NULL_CASES)
def test_a_missing_value_is_not_judged(
    expectation: str, arguments: dict[str, object], total: int, judged: list[int], failing: list[int]
) -> None:
    checks = checks_of([_rule(expectation=expectation, arguments=arguments)], AS_OF)
    (verdict,) = judge(view_of(NULLS, checks), checks)
    assert (verdict.total, verdict.evaluated_at.tolist(), verdict.failed_at.tolist()) == (total, judged, failing)


def test_a_condition_of_a_rule_may_hold_any_text() -> None:
    rows = pd.DataFrame({"email": ["a", "b", None], "extra.It's `odd`": ["x' or 1", "y", "x' or 1"]}, dtype=TEXT)
    rule = _rule(
        expectation="expect_column_values_to_be_in_set",
        arguments={"column": "email", "value_set": ["b"]},
        when={"extra.It's `odd`": "x' or 1"},
    )
    checks = checks_of([rule], AS_OF)
    (verdict,) = judge(view_of(rows, checks), checks)
    assert (verdict.total, verdict.evaluated_at.tolist(), verdict.failed_at.tolist()) == (2, [0], [0])


def test_severities_are_those_of_great_expectations(standards: Standards) -> None:
    checks = [check for rule in standards.rules for check in checks_of([rule], AS_OF)]
    expectations = suite_of(checks).expectations
    told = {
        check.rule.severity: expectation.severity.value for check, expectation in zip(checks, expectations, strict=True)
    }
    assert told == {"stop": "critical", "warn": "warning", "info": "info"}


def test_no_batch_is_kept(standards: Standards) -> None:
    """A worker judges thousands of parts."""
    checks = checks_of([_rule(expectation="expect_column_values_to_not_be_null", arguments={"column": "email"})], AS_OF)
    for _ in range(3):
        judge(view_of(NULLS, checks), checks)
    engine = batch_of(view_of(NULLS, checks)).datasource.get_execution_engine()
    assert len(engine.batch_manager.batch_data_cache) <= 1
