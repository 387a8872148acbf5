"""Match review: one pair after the other, decided by keys, the next one ready before the last is saved."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from dq.errors import NotFoundError, TransitionError
from dq.stewardship.deciding import decide_pair
from dq.stewardship.house import House
from dq.stewardship.pace import seconds_a_pair
from dq.stewardship.queue import case_of, queue
from dq.stewardship.second_opinions import second_opinions
from dq.stewardship.undoing import undo
from dq.store.cases import Case, CaseFilter
from dq.web.pages import notice, page, see
from dq.web.questions import Question, question_of
from dq.web.visitors import HouseDep, NowDep, StewardDep, Visitor
from dq.web.wording import JUDGEMENTS, count

router = APIRouter(include_in_schema=False)
KINDS: Final = ("possible_match", "contradiction")
PART: Final = "x-part"
"""Header of the app's own script: it wants the next question, not a redirect."""
LONGEST_LOOK: Final = 3600.0
"""Seconds after which a decision's time says that somebody was at lunch; it is not kept."""
LAST: Final = "last_pair"
"""In the session: the case decided last, which Z takes back."""


@router.get("/matches")
def next_pair(request: Request, house: HouseDep, visitor: StewardDep, blind: bool = False) -> HTMLResponse:
    """Show the most valuable pair."""
    return _review(request, house, visitor, is_blind=blind)


@router.get("/matches/{case_id}")
def one_pair(request: Request, house: HouseDep, visitor: StewardDep, case_id: str, blind: bool = False) -> HTMLResponse:
    """Show one pair, and the most valuable of the others after it."""
    case = case_of(house, visitor.actor, case_id)
    if not case.is_pair:
        raise NotFoundError("This question is not about two records.", "Open it from the list of cases.")
    return _review(request, house, visitor, first=case, is_blind=blind)


@router.post("/matches/undo")
def take_back(
    request: Request, house: HouseDep, visitor: StewardDep, now: NowDep, blind: Annotated[bool, Form()] = False
) -> Response:
    """Take the last decision back and show its pair again."""
    last = request.session.pop(LAST, "")
    if not last:
        raise TransitionError("There is nothing to take back.", "Decisions of earlier days are on the customer's card.")
    case = case_of(house, visitor.actor, last)
    restored = undo(house, visitor.actor, last, version=case.version, at=now)
    said = "Taken back: decide it again."
    if request.headers.get(PART):
        return _review(request, house, visitor, first=restored, is_blind=blind, said=said)
    notice(request, said)
    return see(f"/matches/{last}")


@router.post("/matches/{case_id}")
def decide(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    case_id: str,
    judgement: Annotated[Literal["SAME", "DIFFERENT", "UNSURE"], Form()],
    version: Annotated[int, Form()],
    seconds: Annotated[float | None, Form()] = None,
    blind: Annotated[bool, Form()] = False,
) -> Response:
    """Decide a pair and show the next one."""
    looked = seconds if seconds is not None and 0 < seconds < LONGEST_LOOK else None
    result = decide_pair(house, visitor.actor, case_id, judgement, version=version, at=now, seconds=looked)
    request.session[LAST] = case_id
    said = {
        "resolved": f"Saved: {JUDGEMENTS[judgement].lower()}.",
        "waiting": "Saved as a proposal: somebody else has to agree.",
        "disputed": "Saved: the lead decides this one.",
        "agreed": "Saved: you and the first person agree.",
    }[result.became]
    if request.headers.get(PART):
        return _review(request, house, visitor, is_blind=blind, said=said)
    notice(request, said)
    return see("/matches?blind=1" if blind else "/matches")


def _review(
    request: Request, house: House, visitor: Visitor, *, first: Case | None = None, is_blind: bool, said: str = ""
) -> HTMLResponse:
    """Return the page of a pair with the next one ready in it."""
    found = queue(house, visitor.actor, _open(visitor), limit=3)
    seconds = second_opinions(house, visitor.actor)
    waiting = sorted([*found.cases, *seconds], key=lambda case: (-case.priority, case.case_id))
    cases = [first] if first else []
    cases += [case for case in waiting if first is None or case.case_id != first.case_id]
    asked = _questions(house, visitor, cases[:2], is_blind)
    return page(
        request,
        "matches.html",
        question=asked[0] if asked else None,
        ahead=asked[1] if len(asked) > 1 else None,
        progress=_progress(found.total + len(seconds), seconds_a_pair(house, visitor.actor)),
        can_undo=LAST in request.session,
        is_blind=is_blind,
        said_last=said,
    )


def _progress(left: int, seconds: float | None) -> str:
    pace = f" You take about {count(round(seconds), 'second')} for one." if seconds is not None else ""
    return f"{count(left, 'pair')} to decide.{pace}"


def _questions(house: House, visitor: Visitor, cases: list[Case], is_blind: bool) -> list[Question]:
    last = len(cases) < 2
    return [question_of(house, visitor.actor, case, is_blind=is_blind, is_last=last) for case in cases]


def _open(visitor: Visitor) -> CaseFilter:
    """Return the pairs that wait for the visitor; a lead also settles those about which others disagree."""
    return CaseFilter(status=("open", "disputed") if visitor.may_lead else ("open",), kind=KINDS)
