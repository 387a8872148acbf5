"""Every shipped rule: what passes, what fails, what it cannot judge."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dq.model import DIMENSIONS, TEXT, Frames
from dq.quality import ValidatePolicy, validate_part
from dq.standards import Standards
from dq.standards.rule_arguments import TABLES

CASES = pd.read_csv(Path(__file__).parents[1] / "cases" / "rules.csv", dtype="str", keep_default_na=False)
AS_OF = date(2026, 11, 21)


def _rows(standards: Standards) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield layer, table and row per case; the source of the row is the number of the case."""
    rules = {rule.rule_id: rule for rule in standards.rules}
    for number, case in CASES.iterrows():
        rule = rules[case["rule_id"]]
        chosen = {column: values[0] for column, values in rule.when.items()}
        yield rule.layer, rule.table, {**chosen, **json.loads(case["row"]), "source": f"case{number}"}


@pytest.fixture(scope="module")
def judged(standards: Standards) -> Frames:
    """All cases of a table as one frame, judged with all rules of the layer."""
    tables: dict[tuple[str, str], list[dict[str, object]]] = {}
    for layer, table, row in _rows(standards):
        tables.setdefault((layer, table), []).append(row)
    results = []
    for (layer, table), rows in tables.items():
        frame = pd.DataFrame(rows)
        texts = [column for column in frame if not pd.api.types.is_numeric_dtype(frame[column])]
        frames = {table: frame.astype(dict.fromkeys(texts, TEXT))}
        results.append(validate_part(frames, ValidatePolicy(standards, layer, AS_OF)))  # type: ignore[arg-type]
    return {name: pd.concat([result[name] for result in results]) for name in ("violations", "rule_counts")}


@pytest.mark.parametrize("number", CASES.index, ids=lambda number: f"{CASES['rule_id'][number]}-{number}")
def test_case(number: int, judged: Frames) -> None:
    case = CASES.loc[number]
    of_case = {
        name: rows.loc[(rows["source"] == f"case{number}") & (rows["rule_id"] == case["rule_id"])]
        for name, rows in judged.items()
    }
    counts = of_case["rule_counts"].iloc[0]
    expected = {"pass": (True, 0), "fail": (True, 1), "null": (False, 0)}[case["verdict"]]
    assert (counts["evaluated"] > 0, counts["failed"]) == expected
    assert len(of_case["violations"]) == counts["failed"]


def test_every_rule_has_a_passing_and_a_failing_case(standards: Standards) -> None:
    shown = {verdict: {*CASES.loc[CASES["verdict"] == verdict, "rule_id"]} for verdict in ("pass", "fail")}
    rules = {rule.rule_id for rule in standards.rules}
    assert shown == {"pass": rules, "fail": rules}


def test_rules_cover_the_dimensions_and_both_scopes(standards: Standards) -> None:
    assert len(standards.rules) >= 25
    assert {rule.dimension for rule in standards.rules} == {*DIMENSIONS}
    assert {rule.scope for rule in standards.rules} == {"row", "table"}
    assert all(rule.table in TABLES[rule.layer] for rule in standards.rules)


def test_every_threshold_has_its_reason_beside_it() -> None:
    for path in (Path(__file__).parents[2] / "expectations").glob("*.yml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "threshold:" not in line or "# " in line, f"{path.name}: {line.strip()}"


def test_every_doubt_of_a_rule_is_left_by_standardising(standards: Standards) -> None:
    """A word that no standardiser writes would make a rule that always holds."""
    known = {flag.partition(":")[2] for flag in standards.table("flags")["flag"]}
    wanted = {str(doubt) for rule in standards.rules for doubt in rule.arguments.get("doubts", ())}  # type: ignore[attr-defined]
    assert wanted - known == set()
