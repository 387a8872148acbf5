"""How far each rule can be trusted: what people said about its findings, and whether it has earned its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dq.errors import NotFoundError, SettingsError, TransitionError
from dq.quality.match_estimates import exact_interval
from dq.standards.load import Standards, load_standards
from dq.standards.reader import read_section
from dq.standards.rules import Rule
from dq.standards.trials import FILE, State, Trials, as_text
from dq.stewardship.actor import Actor
from dq.stewardship.house import House, acting
from dq.store import rows
from dq.store.schema import RULE_OPINIONS
from dq.tables.writing import atomic

ORDER: Final = {"on_trial": 0, "in_force": 1}


@dataclass(frozen=True)
class RuleTrust:
    """What is known of one rule.

    Attributes:
        rule_id: The rule.
        state: `on_trial` or `in_force`.
        right: Findings that people called right.
        wrong: Findings that people called wrong: false alarms.
        false_alarms: Their share, 0–1; None where nobody said anything.
        low: Least share that is likely (95 %, exact binomial).
        high: Largest share that is likely.
        missing: Opinions still needed before a rule on trial can be put in force.
        is_earned: It may be put in force: enough opinions, few enough false alarms.
    """

    rule_id: str
    state: State
    right: int
    wrong: int
    false_alarms: float | None
    low: float
    high: float
    missing: int
    is_earned: bool

    @property
    def opinions(self) -> int:
        """How many findings people said something about."""
        return self.right + self.wrong


def rules_trusted(house: House, actor: Actor) -> list[RuleTrust]:
    """Return every rule of the house: those on trial first, then those with the most false alarms."""
    actor.needs("viewer", "see rules", "read")
    said = _said(house)
    found = [_trust(house, rule, said.get(rule.rule_id, {})) for rule in house.standards.rules]
    return sorted(found, key=lambda one: (ORDER[one.state], -one.wrong, -one.opinions, one.rule_id))


def rule_trusted(house: House, actor: Actor, rule_id: str) -> RuleTrust:
    """Return one rule.

    Raises:
        NotFoundError: There is no such rule.
    """
    actor.needs("viewer", "see rules", "read")
    return _trust(house, _rule(house, rule_id), _said(house).get(rule_id, {}))


def put_in_force(house: House, actor: Actor, rule_id: str, *, at: datetime) -> RuleTrust:
    """Give a rule on trial the severity and weight of its file, from the next run on.

    Raises:
        TransitionError: It is in force, or too few of its findings were confirmed.
        SettingsError: The home has no standards of its own that could say so.
    """
    actor.needs("lead", "put rules in force")
    now = rule_trusted(house, actor, rule_id)
    if now.state == "in_force":
        raise TransitionError(f"{rule_id} is in force", "only what is on trial can be put in force")
    if not now.is_earned:
        wanted = house.policy.trial
        raise TransitionError(
            f"{now.right} of {now.opinions} findings of {rule_id} were confirmed",
            f"it takes {wanted.sample} answers and at most {wanted.most_wrong:.0%} false alarms",
        )
    return _settle(house, actor, now, "in_force", at)


def put_on_trial(house: House, actor: Actor, rule_id: str, *, at: datetime) -> RuleTrust:
    """Take a rule's weight and severity away until it has earned them, from the next run on.

    Raises:
        TransitionError: It is on trial already.
    """
    actor.needs("lead", "put rules on trial")
    now = rule_trusted(house, actor, rule_id)
    if now.state == "on_trial":
        raise TransitionError(f"{rule_id} is on trial", "it is put in force once its findings are confirmed")
    return _settle(house, actor, now, "on_trial", at)


def _settle(house: House, actor: Actor, now: RuleTrust, state: State, at: datetime) -> RuleTrust:
    standards = house.standards
    if house.folder.resolve() not in standards.folder.resolve().parents:
        raise SettingsError(
            "this home uses the standards of the package", "copy `standards` into the home to change them"
        )
    place = standards.folder / FILE
    known = read_section(place, Trials, []) if place.is_file() else None
    trials = Trials(rules={**(known.rules if known else {}), now.rule_id: state})
    with acting(house, actor, f"put_{state}", at) as act:
        act.record("rule", now.rule_id, right=now.right, wrong=now.wrong)
        with atomic(place) as half:  # last: what cannot be written leaves no row in the audit
            half.write_text(as_text(trials), encoding="utf-8")
    house.standards = _again(standards)
    return rule_trusted(house, actor, now.rule_id)


def _again(standards: Standards) -> Standards:
    return load_standards(standards.folder, standards.expectations)


def _rule(house: House, rule_id: str) -> Rule:
    found = next((rule for rule in house.standards.rules if rule.rule_id == rule_id), None)
    if found is None:
        raise NotFoundError(f"there is no rule {rule_id!r}", "the list of rules has their names")
    return found


def _said(house: House) -> dict[str, dict[str, int]]:
    with house.store.read() as connection:
        opinions = rows.count_by(connection, RULE_OPINIONS, ("rule_id", "opinion"))
    said: dict[str, dict[str, int]] = {}
    for rule_id, opinion, count in opinions:
        said.setdefault(rule_id, {})[opinion] = count
    return said


def _trust(house: House, rule: Rule, counts: Mapping[str, Any]) -> RuleTrust:
    wanted = house.policy.trial
    right, wrong = int(counts.get("right", 0)), int(counts.get("wrong", 0))
    said = right + wrong
    low, high = exact_interval(wrong, said) if said else (0.0, 1.0)
    return RuleTrust(
        rule_id=rule.rule_id,
        state="on_trial" if rule.trial else "in_force",
        right=right,
        wrong=wrong,
        false_alarms=wrong / said if said else None,
        low=low,
        high=high,
        missing=max(0, wanted.sample - said),
        is_earned=said >= wanted.sample and wrong <= wanted.most_wrong * said,
    )
