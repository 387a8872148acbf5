"""Everything about one customer decided at once: all of it happens, or none of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from dq.errors import SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.deciding import Judgement, decide_in
from dq.stewardship.house import Act, House, acting
from dq.stewardship.moving import look_at, theirs
from dq.stewardship.values import override_in
from dq.stewardship.working import judge_rule_in, resolve_in, waive_in
from dq.store.cases import Case


@dataclass(frozen=True)
class Step:
    """What happens to one case of a card.

    Attributes:
        case_id: The case.
        version: As the actor saw it.
        action: What is done; the attributes it needs follow.
        judgement: For `decide`.
        reason: For all; may be empty for `decide`. For `rule` it is `right` or `wrong`.
        until: For `waive`.
        column: For `override`.
        value: For `override`.
        record_id: For `override`; by default the first record of the case.
        comment: In the steward's words.
    """

    case_id: str
    version: int
    action: Literal["decide", "resolve", "waive", "override", "rule"]
    judgement: Judgement = "UNSURE"
    reason: str = ""
    until: date | None = None
    column: str = ""
    value: str = ""
    record_id: str = ""
    comment: str = ""


def work_card(house: House, actor: Actor, card_id: str, steps: Sequence[Step], *, at: datetime) -> list[Case]:
    """Carry out several decisions about one customer in one transaction.

    Returns:
        The cases as they are now, in the order of `steps`.

    Raises:
        NotFoundError: A case is not of the actor's departments.
        ConflictError: Somebody changed one of them since; none of the steps happened.
    """
    actor.needs("steward", "decide")
    if not steps:
        raise SettingsError("nothing was decided on this card", "decide at least one of its cases", field="answer")
    with acting(house, actor, "work_card", at) as act:
        found = [theirs(act, house, step.case_id, step.version) for step in steps]
        look_at(act, house, found)
        after = [_step(act, house, case, step) for case, step in zip(found, steps, strict=True)]
        act.record(
            "card",
            card_id,
            steps=[
                {"case_id": step.case_id, "action": step.action, "reason": step.reason, "became": case.status}
                for step, case in zip(steps, after, strict=True)
            ],
        )
    return after


def _step(act: Act, house: House, case: Case, step: Step) -> Case:
    words: dict[str, Any] = {"reason": step.reason, "comment": step.comment}
    match step.action:
        case "decide":
            return decide_in(act, house, case, step.judgement, **words).case
        case "resolve":
            return resolve_in(act, house, case, **words)
        case "rule":
            return judge_rule_in(act, house, case, step.reason)
        case "waive":
            if step.until is None:
                raise SettingsError("a waiver has a day on which it ends", "name the day")
            return waive_in(act, house, case, until=step.until, **words)
        case "override":
            return override_in(act, house, case, step.column, step.value, record_id=step.record_id, **words)
