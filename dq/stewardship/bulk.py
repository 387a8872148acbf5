"""One decision for every case of a pattern: looked at first, named, versioned, and applied again by every run."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Final, Literal

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError, TransitionError
from dq.stewardship.actor import Actor
from dq.stewardship.bulk_replay import apply_to, matching
from dq.stewardship.finding import PAIR_KINDS
from dq.stewardship.house import Act, House, acting
from dq.stewardship.moving import move
from dq.stewardship.reasons import checked_reason
from dq.stewardship.undoing import withdraw
from dq.store import dump, load, rows
from dq.store.cases import Case, CaseFilter, find_case
from dq.store.schema import BULK_HITS, BULK_RULES, CASE_EVENTS

SHOWN: Final = 20
"""Cases of a preview: enough to see what the pattern takes in that it should not."""


@dataclass(frozen=True)
class Pattern:
    """Which cases: conditions hold together, values of one are alternatives.

    Of pairs `pattern` is what agrees and what differs, `value` how alike they are (`finding.BANDS`).
    """

    kind: tuple[str, ...] = ()
    rule_id: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    column_name: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()

    @property
    def is_about_pairs(self) -> bool:
        """Whether it means pairs, and nothing but pairs."""
        return bool(self.kind) and set(self.kind) <= set(PAIR_KINDS)

    @property
    def filter(self) -> CaseFilter:
        """The open cases it means."""
        return CaseFilter(status=("open",), **asdict(self))


@dataclass(frozen=True)
class Decision:
    """What happens to each of them.

    Attributes:
        action: `resolve` with a reason, `waive` for some days, `override` a column with a value, or `decide` pairs.
        reason: Reason code.
        days: For `waive`.
        column: For `override`.
        value: For `override`.
        judgement: For `decide`.
    """

    action: Literal["resolve", "waive", "override", "decide"]
    reason: str
    days: int = 0
    column: str = ""
    value: str = ""
    judgement: Literal["", "SAME", "DIFFERENT"] = ""


@dataclass(frozen=True)
class Preview:
    """What a decision would do.

    Attributes:
        count: Cases it takes in now.
        examples: The most valuable of them.
        needs_lead: A steward's decision would wait for a lead.
    """

    count: int
    examples: tuple[Case, ...]
    needs_lead: bool


@dataclass(frozen=True)
class BulkRule:
    """A decision that replays.

    Attributes:
        name: Its name.
        version: Rises with each exclusion.
        pattern: Which cases.
        decision: What happens to them.
        exclusions: Cases it leaves alone.
        by: Who made it.
        at: When.
        state: `active`, `proposed` (waits for a lead) or `retired`.
        hits: Cases it decided so far.
    """

    name: str
    version: int
    pattern: Pattern
    decision: Decision
    exclusions: tuple[str, ...]
    by: str
    at: str
    state: str
    hits: int = field(default=0)


def preview(house: House, actor: Actor, pattern: Pattern) -> Preview:
    """Return what a decision for all of a pattern would take in, of the actor's departments."""
    actor.needs("steward", "decide for many")
    with house.store.read() as connection:
        found = matching(connection, house, actor, pattern.filter, ())
    return Preview(len(found), tuple(found[:SHOWN]), _needs_lead(house, actor, pattern, len(found)))


def decide_all(
    house: House,
    actor: Actor,
    name: str,
    pattern: Pattern,
    decision: Decision,
    *,
    expected: int,
    at: datetime,
    exclusions: Sequence[str] = (),
) -> BulkRule:
    """Decide every open case of a pattern, now and whenever a run brings more.

    Args:
        name: Of the rule; new.
        expected: Cases of the preview: where more or fewer match by now, nothing happens.
        exclusions: Cases to leave alone.

    Raises:
        ConflictError: The name is taken, or other cases match than the preview showed.
        SettingsError: The pattern takes in everything, or the decision is not complete.
    """
    actor.needs("steward", "decide for many")
    _complete(house, pattern, decision)
    with acting(house, actor, "decide_all", at) as act:
        if not name.strip() or rows.find(act.connection, BULK_RULES, name=name):
            raise ConflictError(f"a rule needs a name of its own, not {name!r}", "choose another name")
        found = matching(act.connection, house, actor, pattern.filter, ())
        if len(found) != expected:
            raise ConflictError(f"{len(found)} cases match by now, not {expected}", "look at the preview again")
        state = "proposed" if _needs_lead(house, actor, pattern, len(found)) else "active"
        number = _keep(act, name, 1, pattern, decision, exclusions, state)
        left = [case for case in found if case.case_id not in set(exclusions)]
        hits = apply_to(act, house, number, asdict(decision), left, "") if state == "active" else 0
        act.record("bulk_rule", name, state=state, hits=hits, excluded=len(exclusions), reason=decision.reason)
    return rule_named(house, actor, name)


def approve_rule(house: House, actor: Actor, name: str, *, at: datetime) -> BulkRule:
    """Let a proposed decision for many happen.

    Raises:
        NotAllowedError: One's own, or without being lead.
    """
    actor.needs("lead", "approve decisions for many")
    with acting(house, actor, "approve_rule", at) as act:
        row = _row(act, name)
        if row["state"] != "proposed":
            raise TransitionError(f"{name} is {row['state']}", "only what is proposed can be approved")
        if row["by"] == actor.name:
            raise NotAllowedError("nobody approves what they proposed", "another lead has to")
        rows.change(act.connection, BULK_RULES, {"state": "active"}, id=row["id"])
        rule = _rule(row)
        found = matching(act.connection, house, actor, rule.pattern.filter, rule.exclusions)
        hits = apply_to(act, house, row["id"], load(row["decision"]), found, "")
        act.record("bulk_rule", name, proposed_by=row["by"], hits=hits)
    return rule_named(house, actor, name)


def exclude(house: House, actor: Actor, name: str, case_ids: Sequence[str], *, at: datetime) -> BulkRule:
    """Leave cases alone from now on: a new version of the rule; those it decided are open again."""
    actor.needs("steward", "change decisions for many")
    with acting(house, actor, "exclude", at) as act:
        row = _row(act, name)
        _theirs(actor, row)
        rule = _rule(row)
        rows.change(act.connection, BULK_RULES, {"state": "retired"}, id=row["id"])
        left_out = sorted({*rule.exclusions, *case_ids})
        number = _keep(act, name, rule.version + 1, rule.pattern, rule.decision, left_out, row["state"])
        rows.change(act.connection, BULK_HITS, {"bulk_rule_id": number}, bulk_rule_id=row["id"])
        opened = _take_back(act, house, number, set(case_ids))
        act.record("bulk_rule", name, version=rule.version + 1, case_ids=sorted(case_ids), opened=opened)
    return rule_named(house, actor, name)


def retire(house: House, actor: Actor, name: str, *, at: datetime, reopen: bool = False) -> BulkRule:
    """Stop a decision for many; with `reopen` every case it decided is open again."""
    actor.needs("steward", "retire decisions for many")
    with acting(house, actor, "retire", at) as act:
        row = _row(act, name)
        _theirs(actor, row)
        rows.change(act.connection, BULK_RULES, {"state": "retired"}, id=row["id"])
        opened = _take_back(act, house, row["id"], None) if reopen else 0
        act.record("bulk_rule", name, opened=opened)
    return rule_named(house, actor, name)


def bulk_rules(house: House, actor: Actor) -> list[BulkRule]:
    """Return the newest version of every rule, by name."""
    actor.needs("viewer", "see rules", "read")
    with house.store.read() as connection:
        newest = {row["name"]: row for row in rows.find_all(connection, BULK_RULES, order=("name", "version"))}
        return [_rule(row, rows.count(connection, BULK_HITS, bulk_rule_id=row["id"])) for row in newest.values()]


def rule_named(house: House, actor: Actor, name: str) -> BulkRule:
    """Return the newest version of a rule.

    Raises:
        NotFoundError: There is none.
    """
    found = next((rule for rule in bulk_rules(house, actor) if rule.name == name), None)
    if found is None:
        raise NotFoundError(f"there is no rule {name!r}", "the list of rules has their names")
    return found


def _needs_lead(house: House, actor: Actor, pattern: Pattern, count: int) -> bool:
    """Tell whether policy wants a lead for so many; an approval that names kinds counts for patterns of those only."""
    wanted = (each for each in house.policy.approvals if each.action == "bulk")
    fits = (count >= each.at_least for each in wanted if not each.kinds or set(each.kinds) & set(pattern.kind))
    return not actor.has("lead") and any(fits)


def _complete(house: House, pattern: Pattern, decision: Decision) -> None:
    if not any(getattr(pattern, each.name) for each in fields(Pattern)):
        raise SettingsError("a pattern that takes in every case is none", "choose a rule, a value or a pattern")
    if pattern.is_about_pairs:
        others = (each.name for each in fields(Pattern) if each.name not in ("kind", "department"))
        if not any(getattr(pattern, name) for name in others):
            raise SettingsError("a pattern that takes in every pair is none", "choose what agrees, or how alike")
        if decision.action != "decide" or not decision.judgement:
            raise SettingsError(
                "pairs are the same customer or different ones", "choose one of the two", field="answer"
            )
    elif decision.action == "decide":
        raise SettingsError(
            "only pairs are the same customer or different ones", "narrow the list to pairs", field="answer"
        )
    if decision.reason or decision.action != "decide":
        checked_reason(house, decision.action, decision.reason)
    if decision.action == "waive" and not 0 < decision.days <= house.policy.waive_at_most:
        raise SettingsError(
            f"cases cannot be waived for {decision.days} days", f"1 to {house.policy.waive_at_most} days"
        )
    if decision.action == "override" and not decision.column:
        raise SettingsError("a value needs the column it goes to", "name the column")


def _keep(
    act: Act,
    name: str,
    version: int,
    pattern: Pattern,
    decision: Decision,
    exclusions: Sequence[str],
    state: str,
) -> int:
    row = {"name": name, "version": version, "kind": decision.action, "reason": decision.reason, "state": state}
    row |= {"matches": dump(asdict(pattern)), "decision": dump(asdict(decision))}
    row |= {"exclusions": dump({"case_ids": sorted(exclusions)}), "by": act.actor.name, "at": act.at}
    return rows.add(act.connection, BULK_RULES, row)


def _take_back(act: Act, house: House, number: int, only: set[str] | None) -> int:
    opened = 0
    for hit in rows.find_all(act.connection, BULK_HITS, bulk_rule_id=number):
        if only is not None and hit["case_id"] not in only:
            continue
        rows.remove(act.connection, BULK_HITS, bulk_rule_id=number, case_id=hit["case_id"])
        case = find_case(act.connection, hit["case_id"], house.sees(act.actor), lock=True)
        if case is not None and case.status in ("resolved", "waived"):
            last = rows.find_all(act.connection, CASE_EVENTS, order=("-id",), limit=1, case_id=case.case_id)
            withdraw(act, load(last[0]["after"]))
            move(act, case, {"status": "open", "outcome": "", "closed_at": "", "waived_until": ""})
            opened += 1
    return opened


def _row(act: Act, name: str) -> dict[str, Any]:
    found = rows.find_all(act.connection, BULK_RULES, order=("-version",), limit=1, name=name)
    if not found:
        raise NotFoundError(f"there is no rule {name!r}", "the list of rules has their names")
    return found[0]


def _theirs(actor: Actor, row: Mapping[str, Any]) -> None:
    if row["by"] != actor.name and not actor.has("lead"):
        raise NotAllowedError(f"{row['by']} made this rule", "a lead can change it")


def _rule(row: Mapping[str, Any], hits: int = 0) -> BulkRule:
    matches: dict[str, Any] = load(row["matches"])
    decision: dict[str, Any] = load(row["decision"])
    excluded: dict[str, Any] = load(row["exclusions"])
    return BulkRule(
        name=row["name"],
        version=row["version"],
        pattern=Pattern(**{name: tuple(values) for name, values in matches.items()}),
        decision=Decision(**decision),
        exclusions=tuple(excluded.get("case_ids", ())),
        by=row["by"],
        at=row["at"],
        state=row["state"],
        hits=hits,
    )
