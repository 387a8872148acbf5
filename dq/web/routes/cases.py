"""One case: who has it, what happened to it, and what can be done beside deciding it."""

from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.errors import SettingsError
from dq.stewardship.handing import pools, takers
from dq.stewardship.house import House
from dq.stewardship.moving import UNDECIDED
from dq.stewardship.queue import case_of
from dq.stewardship.reasons import offered, titles
from dq.stewardship.telling import history, names_of
from dq.stewardship.undoing import undo
from dq.stewardship.working import assign, escalate, reopen, say_rule_is, waive
from dq.store.cases import Case
from dq.web import wording
from dq.web.cards import readiness_url, refused_url, waiting_of
from dq.web.happenings import happened
from dq.web.pages import notice, page, see
from dq.web.routes.queue import place_of, url_of
from dq.web.visitors import HouseDep, NowDep, StewardDep

router = APIRouter(include_in_schema=False)
USUAL_WAIT: Final = timedelta(days=30)
"""How far away the day proposed for a waiver is."""
VersionForm = Annotated[int, Form()]
Words = Annotated[str, Form(max_length=2000)]
Short = Annotated[str, Form(max_length=200)]


@router.get("/cases/{case_id}")
def one_case(house: HouseDep, visitor: StewardDep, case_id: str) -> RedirectResponse:
    """Lead to where a case is decided."""
    return see(url_of(case_of(house, visitor.actor, case_id)))


@router.get("/cases/{case_id}/about")
def about(request: Request, house: HouseDep, visitor: StewardDep, now: NowDep, case_id: str) -> HTMLResponse:
    """Show who has a case, what happened to it, and what can be done with it."""
    case = case_of(house, visitor.actor, case_id)
    today = house.today(now)
    return page(
        request,
        "case.html",
        case=_shown(house, case),
        waiting=waiting_of(house, visitor.actor, case) if case.status != "gone" else 0,
        url=f"/cases/{quote(case_id, safe='')}",
        events=happened(house, history(house, visitor.actor, case_id)[::-1]),
        people=[(user.name, user.display_name) for user in takers(house, visitor.actor, case)],
        pools=pools(house),
        is_undecided=case.status in UNDECIDED,
        may_wait=not case.is_pair and (case.status == "open" or (case.status == "disputed" and visitor.may_lead)),
        reasons=offered(house, "waive"),
        usual=min(today + USUAL_WAIT, today + timedelta(days=house.policy.waive_at_most)).isoformat(),
        first=(today + timedelta(days=1)).isoformat(),
        last=(today + timedelta(days=house.policy.waive_at_most)).isoformat(),
    )


@router.post("/cases/{case_id}/assign")
def give(
    request: Request, house: HouseDep, visitor: StewardDep, now: NowDep, case_id: str, version: VersionForm, to: Short
) -> RedirectResponse:
    """Give a case to a person (`person:ann`) or to a pool (`pool:stewards`)."""
    kind, _, name = to.partition(":")
    if kind == "pool" and name not in pools(house):
        raise SettingsError("There is no such pool.", "Choose one of the list.", field="to")
    if kind not in ("person", "pool") or not name:
        raise SettingsError("Nobody was chosen.", "Choose a person or a pool.", field="to")
    case = assign(
        house,
        visitor.actor,
        case_id,
        version=version,
        at=now,
        to=name if kind == "person" else "",
        pool=name if kind == "pool" else None,
    )
    notice(request, f"It is with {names_of(house).get(case.assignee) or case.pool or 'nobody'} now.")
    return _back(case_id)


@router.post("/cases/{case_id}/waive")
def wait(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    case_id: str,
    version: VersionForm,
    until: Annotated[date, Form()],
    reason: Short,
    comment: Words = "",
) -> RedirectResponse:
    """Leave a case as it is until a day."""
    case = waive(
        house, visitor.actor, case_id, version=version, at=now, until=until, reason=reason, comment=comment.strip()
    )
    told = f"Left as it is until {wording.day(until)}, that day included."
    notice(request, told if case.status == "waived" else "Proposed: a second person has to agree.")
    return _back(case_id)


@router.post("/cases/{case_id}/escalate")
def leave_to_lead(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    case_id: str,
    version: VersionForm,
    comment: Words = "",
) -> RedirectResponse:
    """Leave a case to the lead."""
    escalate(house, visitor.actor, case_id, version=version, at=now, comment=comment.strip())
    notice(request, "The lead decides it.")
    return _back(case_id)


@router.post("/cases/{case_id}/reopen")
def ask_again(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    case_id: str,
    version: VersionForm,
    comment: Words = "",
) -> RedirectResponse:
    """Ask a closed case again."""
    reopen(house, visitor.actor, case_id, version=version, at=now, comment=comment.strip())
    notice(request, "It is open again; what was decided holds until somebody decides anew.")
    return _back(case_id)


@router.post("/cases/{case_id}/undo")
def take_back(
    request: Request, house: HouseDep, visitor: StewardDep, now: NowDep, case_id: str, version: VersionForm
) -> RedirectResponse:
    """Take the last thing back that somebody did to a case."""
    undo(house, visitor.actor, case_id, version=version, at=now)
    notice(request, "Taken back.")
    return _back(case_id)


@router.post("/cases/{case_id}/rule")
def judge_rule(
    request: Request,
    house: HouseDep,
    visitor: StewardDep,
    now: NowDep,
    case_id: str,
    opinion: Annotated[Literal["right", "wrong"], Form()],
) -> RedirectResponse:
    """Say whether the rule behind a case is right about it."""
    say_rule_is(house, visitor.actor, case_id, opinion, at=now)
    notice(request, "Noted: it counts for how far this rule can be trusted.")
    return _back(case_id)


def _back(case_id: str) -> RedirectResponse:
    return see(f"/cases/{quote(case_id, safe='')}/about")


def _shown(house: House, case: Case) -> dict[str, Any]:
    title = house.policy.kind(case.kind).title
    reasons = titles(house)
    return {
        "title": title[:1].upper() + title[1:],
        "sentence": "Are these two the same customer?" if case.is_pair else case.evidence,
        "url": place_of(case),
        "card_url": f"/cards/{quote(case.card_id, safe='')}",
        "record_ids": case.record_ids,
        "golden_id": case.golden_id,
        "rule_id": case.rule_id,
        "case_id": case.case_id,
        "readiness_url": readiness_url(case),
        "refused_url": refused_url(case),
        "severity": case.severity,
        "status": case.status,
        "who": names_of(house).get(case.assignee, case.assignee) or case.pool or "nobody yet",
        "due_on": case.due_on,
        "waived_until": case.waived_until,
        "outcome": wording.JUDGEMENTS.get(case.outcome)
        or wording.OUTCOMES.get(case.outcome)
        or wording.said(reasons.said(case.outcome, case.decided_at)),
        "decided_by": names_of(house).get(case.decided_by, case.decided_by),
        "decided_at": case.decided_at,
        "version": case.version,
    }
