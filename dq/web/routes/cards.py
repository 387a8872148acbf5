"""The customer's card: everything about one customer on one page, decided together."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import StringConstraints

from dq.errors import NotFoundError, SettingsError
from dq.stewardship.actor import Actor
from dq.stewardship.cards import Step, work_card
from dq.stewardship.house import House, run_of
from dq.stewardship.queue import Card, card, case_of, queue
from dq.stewardship.telling import card_history, names_of
from dq.stewardship.whom_to_ask import waits_for
from dq.store.cases import CaseFilter
from dq.web.cards import card_page, names_above
from dq.web.happenings import happened
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, NowDep, StewardDep, VisitorDep
from dq.web.wording import count

router = APIRouter(include_in_schema=False)
UNDECIDED: Final = ("open", "waiting", "disputed")
A_MONTH: Final = timedelta(days=30)
"""How long a card leaves something as it is; other days are chosen on the case itself."""
Words = Annotated[list[Annotated[str, StringConstraints(max_length=1000)]], Form(max_length=1000)]
"""What a form of many questions holds, each in at most as many signs as a long note has."""


@router.get("/customers/{golden_id}")
def customer(house: HouseDep, visitor: VisitorDep, golden_id: str) -> RedirectResponse:
    """Lead to the card of a customer: the one its open cases share, else its own; who only reads sees its values."""
    if not visitor.may_work:
        return see(f"/golden/{quote(golden_id, safe='')}")
    found = queue(house, visitor.actor, CaseFilter(status=UNDECIDED, golden_id=(golden_id,)), limit=1)
    return see(_url(found.cases[0].card_id if found.cases else golden_id))


@router.get("/cards/{card_id:path}")
def one_card(request: Request, house: HouseDep, visitor: StewardDep, now: NowDep, card_id: str) -> HTMLResponse:
    """Show the card of a customer."""
    found = _open(house, visitor.actor, card_id)
    run_id = found.cases[0].last_run_id if found else str(run_of(house)["run_id"])
    events = happened(house, card_history(house, visitor.actor, card_id))
    # What is about no one customer has a card as long as something is open; then what was decided stays to be read.
    shown = card_page(house, visitor.actor, card_id, found, run_id, is_known=bool(events))
    above = [waits_for(house, visitor.actor, name, at=now, run_id=run_id) for name in shown.golden_ids]
    waits = list(dict.fromkeys(one for each in above for one in each))
    return page(
        request,
        "card.html",
        card=shown,
        url=_url(card_id),
        events=events,
        waits=waits,
        above=names_above(house, visitor.actor, waits, run_id),
        names=names_of(house),
    )


@router.post("/cards/{card_id:path}")
def decide(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    card_id: str,
    case: Words,
    version: Annotated[list[int], Form()],
    answer: Words,
    value: Words,
) -> RedirectResponse:
    """Carry out what was decided about a customer, all of it or nothing."""
    until = house.today(now) + A_MONTH
    given = zip(case, version, answer, value, strict=False)
    steps = list(_steps(house, visitor.actor, list(given), until))
    after = work_card(house, visitor.actor, card_id, steps, at=now)
    waiting = sum(one.status == "waiting" for one in after)
    told = f"{count(len(after), 'question')} decided together."
    notice(
        request, told + (f" {count(waiting, 'of them waits', 'of them wait')} for a second person." if waiting else "")
    )
    return see("/today" if _open(house, visitor.actor, card_id) is None else _url(card_id))


def _open(house: House, actor: Actor, card_id: str) -> Card | None:
    try:
        return card(house, actor, card_id)
    except NotFoundError:
        return None


def _steps(house: House, actor: Actor, given: Sequence[tuple[str, int, str, str]], until: date) -> Iterator[Step]:
    """Yield what was decided; a question left for later yields nothing.

    Raises:
        SettingsError: A value was typed, and nothing says what shall happen with it.
    """
    for place, (case_id, version, answer, value) in enumerate(given):
        action, _, reason = answer.partition(":")
        typed = value.strip()
        if typed and action != "override":
            raise SettingsError(
                "You typed a value but did not choose how you know it.",
                "Choose “use my value”.",
                field=f"answer.{place}",
            )
        match action:
            case "SAME" | "DIFFERENT" | "UNSURE":
                yield Step(case_id, version, "decide", judgement=action)
            case "resolve":
                yield Step(case_id, version, "resolve", reason=reason)
            case "rule":
                yield Step(case_id, version, "rule", reason=reason)
            case "waive":
                yield Step(case_id, version, "waive", reason=reason, until=until)
            case "override":
                if not typed:
                    raise SettingsError(
                        "You chose “use my value” but typed none.", "Type the value beside it.", field=f"value.{place}"
                    )
                column = case_of(house, actor, case_id).column_name
                yield Step(case_id, version, "override", reason=reason, column=column, value=typed)


def _url(card_id: str) -> str:
    return f"/cards/{quote(card_id, safe='')}"
