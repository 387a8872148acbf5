"""How right the matching is: pairs drawn at random, answered without knowing what the machine thought."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.quality.match_estimates import PER, Band, estimate, more_to_halve
from dq.stewardship.records import record
from dq.stewardship.sampling import BandAnswers, answer_question, answers, draw_sample, next_question, sample, samples
from dq.web.fields import compared
from dq.web.pages import notice, page, see
from dq.web.questions import side_of
from dq.web.visitors import HouseDep, LeadDep, NowDep, StewardDep
from dq.web.wording import count

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
    return page(request, "sample.html", sample=drawn, question=shown, bands=bands, verdicts=verdicts_of(bands))


def verdicts_of(bands: Sequence[BandAnswers]) -> list[str]:
    """Return what the answers say of wrong merges and missed duplicates; what is missing where they say nothing yet.

    Missed duplicates are those among pairs that were compared: two records that share nothing were never held
    against each other, and no sample of pairs finds them.
    """
    if not bands:
        return []
    merged = [Band(one.pairs, one.answered, one.answered - one.same) for one in bands if one.is_match]
    apart = [Band(one.pairs, one.answered, one.same) for one in bands if not one.is_match]
    return [*_said(merged, "wrong merges among {per:,} merged pairs"), *_said(apart, _MISSED)]


_MISSED: Final = "missed duplicates among {per:,} pairs that were compared and kept apart"


def _said(bands: Sequence[Band], what: str) -> list[str]:
    found = estimate(bands)
    name = what.format(per=PER)
    if found is None:
        waiting = sum(1 for band in bands if band.pairs and not band.answered)
        return [f"Not known yet: {name}. {count(waiting, 'kind')} of pairs without an answer."] if waiting else []
    value, low, high = found.per()
    lines = [
        f"About {value:,.0f} {name}; between {low:,.0f} and {high:,.0f}, 95 times of 100. "
        f"In this run: {found.value:,.0f} ({found.low:,.0f} to {found.high:,.0f}) of {found.pairs:,}."
    ]
    more = more_to_halve(bands)
    if more is not None:
        lines.append(f"{more:,} more answers would halve that range.")
    return lines


@router.post("/samples/{number}/{pair}")
def answer(
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
    return see(f"/samples/{number}")
