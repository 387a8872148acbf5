"""Rules that have to earn their place: on trial they are findings for information, without weight and without work.

`trials.yml` is written by the stewards' app when a lead puts a rule on trial or in force; it may be missing.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field

from dq.errors import Problem
from dq.standards.reader import Policy, read_section
from dq.standards.rules import Rule

FILE = "trials.yml"
State = Literal["in_force", "on_trial"]


class Trials(Policy):
    """Content of `standards/trials.yml`.

    Attributes:
        rules: `rule_id` → `in_force` or `on_trial`; it stands above `trial` of the rule. A rule that is gone is no
            mistake: the file outlives it.
    """

    rules: dict[str, State] = Field(default_factory=dict)


def read_trials(folder: Path, problems: list[Problem]) -> Trials:
    """Read the file of a standards folder, nothing where there is none."""
    path = folder / FILE
    found = read_section(path, Trials, problems) if path.is_file() else None
    return found or Trials()


def settled(rules: Iterable[Rule], trials: Trials) -> tuple[Rule, ...]:
    """Return rules as they act: one on trial has severity `info` and weight 0, whatever its file promises."""
    found = []
    for rule in rules:
        state = trials.rules.get(rule.rule_id, "on_trial" if rule.trial else "in_force")
        acts = {"trial": True, "severity": "info", "weight": 0.0} if state == "on_trial" else {"trial": False}
        found.append(rule.model_copy(update=acts))
    return tuple(found)


def as_text(trials: Trials) -> str:
    """Return the file that says it, rules by name."""
    lines = [f"  {name}: {state}" for name, state in sorted(trials.rules.items())]
    head = "# Rules that leads put on trial or in force; written by the stewards' app, which keeps who and why.\n"
    return head + ("rules:\n" + "\n".join(lines) + "\n" if lines else "rules: {}\n")
