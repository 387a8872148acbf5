"""Rules in a part of the house, as pages show them: how often they fail, whom to ask, the way to the records."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dq.errors import NotFoundError
from dq.stewardship.house import House
from dq.stewardship.scores import RuleCount, rules_in
from dq.web.asking import Asked

SCORECARD: Final = "scorecard.json"


@dataclass(frozen=True)
class RuleLine:
    """A rule in a part of the house; `tested` and `rate` are None where only failures are counted."""

    rule_id: str
    dimension: str
    severity: str
    why: str
    owner: str
    failed: int
    tested: int | None
    rate: float | None
    passes: bool
    url: str
    records_url: str


def rule_lines(house: House, asked: Asked, dimension: str = "") -> list[RuleLine]:
    """Return the rules that judged something in a part of the house, the one that fails most first."""
    facts = rule_facts(house, asked.run_id)
    found = [
        rule_line(asked, count, facts.get(count.rule_id, {}))
        for count in rules_in(house, asked.run_id, asked.scope)
        if count.tested or count.failed
    ]
    lines = [line for line in found if not dimension or line.dimension == dimension]
    return sorted(lines, key=lambda line: (line.severity == "info", -line.failed, line.rule_id))


def rule_line(asked: Asked, count: RuleCount, facts: Mapping[str, Any]) -> RuleLine:
    """Return a rule as a page shows it."""
    threshold = facts.get("threshold", 1.0)
    return RuleLine(
        rule_id=count.rule_id,
        dimension=str(facts.get("dimension", "")),
        severity=str(facts.get("severity", "")),
        why=str(facts.get("why", "")),
        owner=str(facts.get("owner", "")),
        failed=count.failed,
        tested=count.tested if count.tested >= 0 else None,
        rate=count.rate,
        passes=count.rate is None or count.rate >= threshold,
        url=asked.down(f"/scorecard/rules/{count.rule_id}"),
        records_url=asked.down("/records", rule=count.rule_id),
    )


def rule_facts(house: House, run_id: str) -> dict[str, Mapping[str, Any]]:
    """Return what is known of rules: as the standards say today, else as the run said (a target's own rules)."""
    try:
        said = {one["rule_id"]: one for one in read_scorecard(house.runs_folder / run_id / SCORECARD)["rules"]}
    except NotFoundError:
        said = {}
    today = {rule.rule_id: rule.model_dump() for rule in house.standards.rules}
    return {**said, **today}


def read_scorecard(path: Path) -> dict[str, Any]:
    """Return what a run wrote about its quality.

    Raises:
        NotFoundError: Nothing is there.
    """
    if not path.is_file():
        raise NotFoundError("This run has no scorecard any more.", "Choose another run.")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
