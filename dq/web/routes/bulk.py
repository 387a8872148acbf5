"""One decision for every case of a pattern: looked at first, then named; it holds for later runs too."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.bulk import Decision, Pattern, bulk_rules, decide_all, preview, retire
from dq.web.listing import Narrowing, narrowing
from dq.web.pages import notice, page, see
from dq.web.routes.queue import url_of
from dq.web.visitors import HouseDep, NowDep, StewardDep
from dq.web.wording import count, sentence

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


def pattern_of(request: Request) -> Narrowing:
    """Return which cases the address means."""
    return narrowing("/bulk", request.query_params, tuple(WORDS))


PatternDep = Annotated[Narrowing, Depends(pattern_of)]


@router.get("/bulk")
def look(request: Request, house: HouseDep, visitor: StewardDep, wanted: PatternDep) -> HTMLResponse:
    """Show what a decision for all of a pattern would take in."""
    found = preview(house, visitor.actor, _pattern(wanted)) if wanted.values else None
    answers = [(f"resolve:{one.code}", one.title) for one in house.policy.reasons_for("resolve")]
    answers += [
        (f"waive:{one.code}", f"leave it for a month: {one.title}") for one in house.policy.reasons_for("waive")
    ]
    return page(
        request,
        "bulk.html",
        wanted=wanted,
        narrowed=", ".join(sentence(value) if name == "rule" else value for name, value in wanted.values.items()),
        found=found,
        examples=[_shown(case) for case in found.examples] if found else [],
        answers=answers,
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
    kind: Literal["resolve", "waive"] = "waive" if action == "waive" else "resolve"
    decision = Decision(kind, reason, days=A_MONTH if kind == "waive" else 0)
    rule = decide_all(
        house, visitor.actor, name, _pattern(wanted), decision, expected=expected, at=now, exclusions=tuple(leave or ())
    )
    if rule.state == "proposed":
        notice(request, "Proposed: so many cases need a lead who agrees.")
    else:
        notice(request, f"{count(rule.hits, 'case')} decided; later runs follow “{rule.name}”.")
    return see("/bulk")


@router.post("/bulk/{name}/retire")
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


def _pattern(wanted: Narrowing) -> Pattern:
    given: dict[str, Any] = {WORDS[name]: (value,) for name, value in wanted.values.items()}
    return Pattern(**given)


def _shown(case: Any) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "url": url_of(case),
        "record_id": case.record_id or case.golden_id or case.source,
        "why": case.evidence,
        "value": case.value,
        "source": case.source,
    }
