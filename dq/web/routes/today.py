"""Today: what one steward should do, sized to a day, most valuable first."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.actor import Actor
from dq.stewardship.effects import Effects, effects_of
from dq.stewardship.house import House
from dq.stewardship.importing import runs
from dq.stewardship.queue import Card, queue, say_done, working_day_before
from dq.stewardship.queue import today as day_of
from dq.stewardship.scores import scope_of, score_in
from dq.store.cases import CaseFilter
from dq.web.cards import asked_said, titles_of, worth_of
from dq.web.pages import page, see
from dq.web.routes.jobs import waiting_of
from dq.web.scorecards import band_of
from dq.web.visitors import HouseDep, NowDep, StewardDep, VisitorDep
from dq.web.wording import JUDGEMENTS, column, count, day

router = APIRouter(include_in_schema=False)


@router.get("/")
def start(visitor: VisitorDep) -> RedirectResponse:
    """Send everybody to what their day begins with."""
    return see("/today" if visitor.may_work else "/scorecard")


@router.get("/today")
def today(request: Request, house: HouseDep, visitor: StewardDep, now: NowDep) -> HTMLResponse:
    """Show today's work."""
    planned = day_of(house, visitor.actor, now)
    titles = titles_of(house, visitor.actor, planned.cards)
    on = house.today(now).isoformat()
    newest = next(iter(runs(house, 1)), None)
    mine = scope_of(house, visitor.actor)
    score = score_in(house, newest["run_id"], mine, "test").score if newest else None
    return page(
        request,
        "today.html",
        greeting=_greeting(house, now),
        date_line=f"{house.today(now):%A}, {day(house.today(now))}.",
        yesterday=_yesterday(planned.yesterday, effects_of(house, visitor.actor, working_day_before(house, now), now)),
        cards=[_shown(house, card, titles, on) for card in planned.cards],
        minutes=round(planned.seconds / 60),
        decided_today=planned.done,
        planned=planned.planned,
        is_done=planned.is_done,
        waiting=_waiting(request, house) if visitor.may_lead else 0,
        left_over=planned.left_over,
        overdue=_overdue(house, visitor.actor, on),
        score=score,
        band=band_of(house, score) if score is not None else "",
    )


@router.post("/today/done")
def done(house: HouseDep, visitor: StewardDep, now: NowDep) -> RedirectResponse:
    """Say "done for today"."""
    say_done(house, visitor.actor, at=now)
    return see("/today")


def _waiting(request: Request, house: House) -> int:
    """Count the decisions a lead could apply now."""
    found = waiting_of(house) if request.app.state.jobs is not None else None
    return found.count if found else 0


def _greeting(house: House, now: datetime) -> str:
    hour = now.astimezone(ZoneInfo(house.policy.calendar.time_zone)).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def _yesterday(counts: dict[str, int], effects: Effects) -> str:
    """Say what was decided since the working day before, and what that did."""
    if not counts:
        return ""
    told = ", ".join(
        f"{number:,} {JUDGEMENTS.get(name, name.replace('_', ' ')).lower()}" for name, number in counts.items()
    )
    said = f"Since the last working day you decided {count(sum(counts.values()), 'case')}: {told}."
    did = [
        f"made {count(effects.joined, 'pair')} one customer" if effects.joined else "",
        f"kept {count(effects.apart, 'pair')} apart" if effects.apart else "",
        f"no longer finds {count(effects.mended, 'other')}" if effects.mended else "",
    ]
    if any(did):
        said += f" The run of {day(effects.run_on)} {', '.join(one for one in did if one)}."
    return said + (f" The next run carries out {effects.ahead:,} of them." if effects.ahead else "")


def _overdue(house: House, actor: Actor, on: str) -> int:
    return queue(house, actor, CaseFilter(due_until=on), limit=1).total


def _shown(house: House, card: Card, titles: dict[str, str], on: str) -> dict[str, Any]:
    changed = {name for case in card.cases for name in case.returned_because.split()}
    only = card.cases[0] if len(card.cases) == 1 else None
    return {
        "url": f"/matches/{only.case_id}" if only and only.is_pair else f"/cards/{quote(card.card_id, safe='')}",
        "title": titles[card.card_id],
        "questions": asked_said(house, card.cases),
        "worth": worth_of(card),
        "due": card.due_on,
        "is_overdue": bool(card.due_on) and card.due_on < on,
        "returned": ", ".join(column(name) for name in sorted(changed)),
    }
