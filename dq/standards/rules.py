"""Quality rules as data: one file per table layer in `expectations/`. Reads and checks them, runs none."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from dq.errors import Problem
from dq.model import LAYERS
from dq.standards.reader import Policy, read_document, suggest, validate
from dq.standards.rule_arguments import TABLES, argument_problems, column_problems

Layer = Literal["raw", "standardized", "golden"]
Dimension = Literal["completeness", "validity", "conformity", "uniqueness", "consistency", "accuracy", "timeliness"]
_FILE_KEYS = ("layer", "grain", "rules")
OWN_LAYER: Layer = "standardized"
"""Layer of a file of one's own that names none: its values are clean enough to judge, and every command makes it."""


class Rule(Policy):
    """One assertion about a table; `rule_id` is the sentence that is true when it passes.

    Attributes:
        layer: Layer whose tables the rule reads; given by the file.
        table: Table of that layer (`records`, `contact_points`, `golden`, …; `dq.standards.rule_arguments.TABLES`).
        expectation: Name of a Great Expectations expectation, or of one of dq's own.
        arguments: Its arguments, all text or lists as written. A list of columns where one is expected means: each.
        when: Column → values; the rule looks at rows that have one of the values in each of the columns.
        scope: `row` runs per part, `table` reads a table made by a query over the whole layer.
        threshold: Least acceptable pass rate, 0–1, of the cells that are filled.
        weight: Weight in the score of its dimension; 0 keeps it out.
        trial: The rule is new: until a lead puts it in force it acts with severity `info` and weight 0 (`trials`).
        shows: Columns whose source text is the value of a violation; the first one is its column. Empty means the
            column that was tested.
        reason: The sentence a steward reads beside a failing value.
        why: Why anybody should care.
    """

    rule_id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    layer: Layer
    table: str
    expectation: str
    arguments: dict[str, object] = Field(default_factory=dict)
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    scope: Literal["row", "table"] = "row"
    dimension: Dimension
    severity: Literal["stop", "warn", "info"] = "warn"
    threshold: float = Field(default=1.0, ge=0, le=1)
    weight: float = Field(default=1.0, ge=0)
    trial: bool = False
    owner: str = "data stewards"
    shows: tuple[str, ...] = ()
    reason: str = Field(min_length=1)
    why: str = Field(min_length=1)

    @field_validator("when", mode="before")
    @classmethod
    def _one_value_is_a_list(cls, when: object) -> object:
        if not isinstance(when, dict):
            return when
        return {column: [values] if isinstance(values, str) else values for column, values in when.items()}


def read_rules(folder: Path, problems: list[Problem]) -> tuple[Rule, ...]:
    """Read every `*.yml` of the folder: `layer`, `grain`, a list of `rules`; sorted by `rule_id`.

    In one file that is named by itself, `layer` (`OWN_LAYER`) and `grain` may be missing, and the list may stand alone.
    """
    rules: list[Rule] = []
    first_seen: dict[str, str] = {}
    is_own = folder.is_file()
    for path in [folder] if is_own else sorted(folder.glob("*.yml")):
        for rule in _read_file(path, problems, is_own=is_own):
            if rule.rule_id in first_seen:
                message = f"stands in {first_seen[rule.rule_id]} already"
                problems.append(Problem(path.name, f"rules[{rule.rule_id}]", message, "give it another id"))
                continue
            first_seen[rule.rule_id] = path.name
            rules.append(rule)
    return tuple(sorted(rules, key=lambda rule: rule.rule_id))


def _read_file(path: Path, problems: list[Problem], *, is_own: bool) -> list[Rule]:
    before = len(problems)
    document = read_document(path, problems)
    if len(problems) > before:
        return []
    if is_own:
        document = {"rules": document} if isinstance(document, list) else document
        document = {"layer": OWN_LAYER, "grain": "one's own", **document} if isinstance(document, dict) else document
    if not isinstance(document, dict) or not isinstance(document.get("rules"), list):
        problems.append(Problem(path.name, "rules", "a list of rules is expected", "see expectations/README.md"))
        return []
    for key in document:
        if key not in _FILE_KEYS:
            problems.append(Problem(path.name, str(key), "unknown key", suggest(str(key), _FILE_KEYS)))
    if not isinstance(document.get("grain"), str) or not document["grain"]:
        problems.append(Problem(path.name, "grain", "the file does not say what one row is", "open it with `grain: …`"))
    layer = document.get("layer")
    if layer not in LAYERS:
        problems.append(Problem(path.name, "layer", f"{layer!r} is not a layer", suggest(str(layer), LAYERS)))
        return []
    rules = (
        _read_rule(path.name, layer, position, entry, problems)
        for position, entry in enumerate(document["rules"], start=1)
    )
    return [rule for rule in rules if rule is not None]


def _read_rule(file: str, layer: str, position: int, entry: object, problems: list[Problem]) -> Rule | None:
    content = {"layer": layer, **entry} if isinstance(entry, dict) else entry
    rule_id = content.get("rule_id", position) if isinstance(content, dict) else position
    key = f"rules[{rule_id}]"
    rule = validate(content, Rule, file, key, problems)
    if isinstance(content, dict):
        # Checked beside the types, so that both kinds of mistakes are told at once.
        found = _problems_of(layer, content)
        problems.extend(Problem(file, f"{key}.{place}", message, hint) for place, message, hint in found)
        return None if found else rule
    return rule


def _problems_of(layer: str, content: dict[str, object]) -> list[tuple[str, str, str]]:
    """Return (place, message, hint) for what a rule names: table, scope, expectation, arguments, columns."""
    table, expectation = content.get("table"), content.get("expectation")
    found: list[tuple[str, str, str]] = []
    if content.get("layer") != layer:
        found.append(("layer", f"the file is about layer {layer}", "move the rule to that layer's file"))
    if not isinstance(table, str) or not isinstance(expectation, str):
        return found
    if table not in TABLES[layer]:
        found.append(("table", f"layer {layer} has no table `{table}`", suggest(table, [*TABLES[layer]])))
    elif content.get("scope", "row") != TABLES[layer][table].scope:
        scope = TABLES[layer][table].scope
        found.append(("scope", f"rules on `{table}` have the scope {scope}", f"write `scope: {scope}`"))
    arguments = content.get("arguments", {})
    if isinstance(arguments, dict):
        found += argument_problems(layer, table, expectation, arguments)
    for place in ("when", "shows"):
        named = content.get(place)
        if isinstance(named, dict | list):
            found += column_problems(layer, table, place, tuple(str(column) for column in named))
    return found
