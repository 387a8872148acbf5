"""Quality rules as data: one file per table layer in `expectations/`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from dq.errors import Problem
from dq.standards.reader import Policy, read_document, suggest, validate

Layer = Literal["raw", "standardized", "golden"]
Dimension = Literal[
    "completeness", "validity", "conformity", "uniqueness", "consistency", "accuracy", "timeliness"
]


class Rule(Policy):
    """One assertion about a table; `rule_id` is the sentence that is true when it passes.

    Attributes:
        layer: Layer whose tables the rule reads; given by the file.
        table: Table of that layer (`records`, `contact_points`, `golden`, …).
        expectation: Name of a Great Expectations expectation, or of one of dq's own.
        arguments: Its arguments, all text, numbers or lists as written.
        scope: `row` runs per part, `table` needs the whole table.
        threshold: Least acceptable pass rate, 0–1.
        weight: Weight in the score of its dimension; 0 keeps it out.
        why: One sentence for the steward.
    """

    rule_id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    layer: Layer
    table: str
    expectation: str
    arguments: dict[str, object] = Field(default_factory=dict)
    scope: Literal["row", "table"] = "row"
    dimension: Dimension
    severity: Literal["stop", "warn", "info"] = "warn"
    threshold: float = Field(default=1.0, ge=0, le=1)
    weight: float = Field(default=1.0, ge=0)
    owner: str = "data stewards"
    why: str = Field(min_length=1)


def read_rules(folder: Path, problems: list[Problem]) -> tuple[Rule, ...]:
    """Read every `*.yml` of the folder: `layer`, `grain`, and a list of `rules`; sorted by `rule_id`."""
    rules: list[Rule] = []
    first_seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        before = len(problems)
        document = read_document(path, problems)
        if len(problems) > before:
            continue
        if not isinstance(document, dict) or not isinstance(document.get("rules"), list):
            problems.append(Problem(path.name, "rules", "a list of rules is expected", "see expectations/README.md"))
            continue
        for key in document:
            if key not in {"layer", "grain", "rules"}:
                problems.append(Problem(path.name, str(key), "unknown key", suggest(str(key), ("layer", "grain", "rules"))))
        for position, entry in enumerate(document["rules"]):
            content = {"layer": document.get("layer"), **entry} if isinstance(entry, dict) else entry
            rule_id = content.get("rule_id", position) if isinstance(content, dict) else position
            rule = validate(content, Rule, path.name, f"rules[{rule_id}]", problems)
            if rule is None:
                continue
            if rule.rule_id in first_seen:
                problems.append(
                    Problem(path.name, rule.rule_id, f"stands in {first_seen[rule.rule_id]} already", "give it another id")
                )
            first_seen.setdefault(rule.rule_id, path.name)
            rules.append(rule)
    return tuple(sorted(rules, key=lambda rule: rule.rule_id))
