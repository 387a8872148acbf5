"""One decision for every case of a pattern: looked at first, then named; it holds for later runs too."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.bulk import Decision, Pattern, bulk_rules, decide_all, preview, retire
from dq.stewardship.house import House
from dq.stewardship.reasons import offered
from dq.web.listing import Narrowing, narrowed
from dq.web.pages import notice, page, see
from dq.web.routes.queue import url_of
from dq.web.visitors import HouseDep, NowDep, StewardDep
from dq.web.wording import JUDGEMENTS, count, said, sentence

router = APIRouter(include_in_schema=False)
WORDS: Final = {
    "kind": "kind",
    "rule": "rule_id",
    "source": "source",
    "department": "department",
    "column": "column_name",
    "value": "value",
    "pattern": "pattern",
}
"""Word in the address → condition of a pattern; the same words narrow the queue."""
A_MONTH: Final = 30
"""Days that "leave it for a month" means."""


PatternDep = Annotated[Narrowing, Depends(narrowed("/bulk", tuple(WORDS)))]


@router.get("/bulk")
def look(request: Request, house: HouseDep, visitor: StewardDep, wanted: PatternDep) -> HTMLResponse:
    """Show what a decision for all of a pattern would take in."""
    pattern = _pattern(wanted)
    found = preview(house, visitor.actor, pattern) if wanted.values else None
    return page(
        request,
        "bulk.html",
        wanted=wanted,
        narrowed=", ".join(_said(house, name, value) for name, value in wanted.values.items()),
        is_about_pairs=pattern.is_about_pairs,
        found=found,
        examples=[_shown(case) for case in found.examples] if found else [],
        answers=_answers(house, pattern),
        action_said=_action_said,
        rules=bulk_rules(house, visitor.actor),
    )


@router.post("/bulk")
def decide(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    wanted: PatternDep,
    name: Annotated[str, Form(max_length=120)],
    answer: Annotated[str, Form(max_length=200)],
    expected: Annotated[int, Form()],
    leave: Annotated[list[str] | None, Form()] = None,
) -> RedirectResponse:
    """Decide for all that the preview showed."""
    action, _, reason = answer.partition(":")
    decision = _decision(action, reason)
    rule = decide_all(
        house, visitor.actor, name, _pattern(wanted), decision, expected=expected, at=now, exclusions=tuple(leave or ())
    )
    if rule.state == "proposed":
        notice(request, "Proposed: so many cases need a lead who agrees.")
    else:
        notice(request, f"{count(rule.hits, 'case')} decided; later runs follow “{rule.name}”.")
    return see("/bulk")


@router.post("/bulk/{name:path}/retire")
def stop(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    name: str,
    reopen: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Stop a decision for many; on request what it decided is open again."""
    rule = retire(house, visitor.actor, name, at=now, reopen=reopen)
    notice(request, f"“{rule.name}” no longer holds." + (" What it decided is open again." if reopen else ""))
    return see("/bulk")


def _answers(house: House, pattern: Pattern) -> list[tuple[str, str]]:
    """Return what can be chosen for all of a pattern: value and words."""
    if pattern.is_about_pairs:
        return [("SAME", "the same customer"), ("DIFFERENT", "different customers")]
    found = [(f"resolve:{one.code}", one.title) for one in offered(house, "resolve")]
    waits = offered(house, "waive")
    return found + [(f"waive:{one.code}", f"leave it for a month: {one.title}") for one in waits]


def _decision(action: str, reason: str) -> Decision:
    match action:
        case "SAME" | "DIFFERENT":
            return Decision("decide", "", judgement=action)
        case "waive":
            return Decision("waive", reason, days=A_MONTH)
        case _:
            return Decision("resolve", reason)


def _action_said(decision: Decision) -> str:
    """Return what a decision for many does, in words."""
    if decision.action == "decide":
        return JUDGEMENTS[decision.judgement]
    told = {"resolve": "closed", "waive": f"left for {decision.days} days", "override": "another value"}
    return f"{told[decision.action]}: {said(decision.reason)}"


def _said(house: House, name: str, value: str) -> str:
    if name == "kind":
        return house.policy.kind(value).title
    return sentence(value) if name == "rule" else value


def _pattern(wanted: Narrowing) -> Pattern:
    given: dict[str, Any] = {WORDS[name]: (value,) for name, value in wanted.values.items()}
    return Pattern(**given)


def _shown(case: Any) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "url": url_of(case),
        "record_id": case.record_id or case.golden_id or case.source,
        "record_id_r": case.record_id_r,
        "why": case.pattern if case.is_pair else case.evidence,
        "value": case.value,
        "source": case.source,
    }
