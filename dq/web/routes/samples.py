"""How right the matching is: pairs drawn at random, answered without knowing what the machine thought."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.records import record
from dq.stewardship.sampling import (
    answer_question,
    answers,
    draw_sample,
    next_question,
    opinions_of,
    sample,
    samples,
)
from dq.web.fields import compared
from dq.web.measuring import estimates, said
from dq.web.pages import notice, page, see
from dq.web.questions import side_of
from dq.web.visitors import HouseDep, LeadDep, NowDep, StewardDep
from dq.web.wording import JUDGEMENTS

router = APIRouter(include_in_schema=False)
LONGEST_LOOK: Final = 3600.0
"""Seconds after which the time of an answer says that somebody was at lunch; it is not kept."""


@router.get("/samples")
def all_samples(request: Request, house: HouseDep, visitor: StewardDep) -> HTMLResponse:
    """List samples, and for leads a way to draw one."""
    del visitor
    return page(request, "samples.html", samples=samples(house))


@router.post("/samples")
def draw(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    name: Annotated[str, Form(max_length=120)],
    per_band: Annotated[int, Form()],
) -> RedirectResponse:
    """Draw a sample."""
    drawn = draw_sample(house, visitor.actor, name, per_band=per_band, at=now)
    notice(request, "The sample is drawn.")
    return see(f"/samples/{drawn.number}")


@router.get("/samples/{number}")
def one_sample(request: Request, house: HouseDep, visitor: StewardDep, number: int) -> HTMLResponse:
    """Show the next pair to answer; when all are answered, what came out."""
    drawn = sample(house, number)
    question = None if drawn.is_closed else next_question(house, visitor.actor, number)
    shown = None
    if question is not None:
        ids = (question.record_id_l, question.record_id_r)
        left, right = (record(house, visitor.actor, drawn.run_id, one) for one in ids)
        shown = {
            "left": side_of(house, left),
            "right": side_of(house, right),
            "rows": compared(left.values, right.values),
            "number": question.number,
            "left_over": question.left,
        }
    # Who still answers does not see what others said.
    bands = answers(house, number) if shown is None or visitor.may_lead else []
    verdicts = [line for one in estimates(bands) for line in said(one)]
    return page(
        request,
        "sample.html",
        sample=drawn,
        question=shown,
        bands=bands,
        verdicts=verdicts,
        second=opinions_of(house, number),
    )


@router.post("/samples/{number}/{pair}")
def answer(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    number: int,
    pair: int,
    judgement: Annotated[Literal["SAME", "DIFFERENT", "UNSURE"], Form()],
    seconds: Annotated[float | None, Form()] = None,
) -> RedirectResponse:
    """Answer a pair; the records stay as they are."""
    looked = seconds if seconds is not None and 0 < seconds < LONGEST_LOOK else None
    answer_question(house, visitor.actor, number, pair, judgement, at=now, seconds=looked)
    notice(request, f"Saved: {JUDGEMENTS[judgement].lower()}.")
    return see(f"/samples/{number}")
