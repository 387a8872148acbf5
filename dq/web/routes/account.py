"""One's own account: password and tokens for programs."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.stewardship.house import House
from dq.stewardship.people import set_password, user_named
from dq.stewardship.signing_in import sign_in
from dq.stewardship.tokens import issue_token, revoke_token, tokens
from dq.web.pages import notice, page, see
from dq.web.refusals import about
from dq.web.signing_in import address_of, begin
from dq.web.visitors import HouseDep, NowDep, Visitor, VisitorDep

router = APIRouter(include_in_schema=False)
DAYS: Final = 90
"""Days a token made here lasts: a quarter, then somebody looks whether it is still needed."""
SCOPES: Final = (("read", "read"), ("decide", "decide cases"), ("admin", "manage people"))
Word = Annotated[str, Form(max_length=1024)]


@router.get("/account")
def account(request: Request, house: HouseDep, visitor: VisitorDep, now: NowDep) -> HTMLResponse:
    """Show one's own account."""
    return _page(request, house, visitor, now)


@router.post("/account/password")
def change_password(
    request: Request, house: HouseDep, visitor: VisitorDep, now: NowDep, old: Word, new: Word
) -> RedirectResponse:
    """Change one's password: every other session of the account ends."""
    # Signing in again proves who sits there, and wrong attempts count like any other.
    with about("old"):
        sign_in(house, visitor.actor.name, old, origin=address_of(request), at=now)
    with about("new"):
        set_password(house, visitor.actor, visitor.actor.name, new, at=now)
    _, secret = sign_in(house, visitor.actor.name, new, origin=address_of(request), at=now)
    begin(request, secret)
    notice(request, "Your password is changed; you are signed out everywhere else.")
    return see("/account")


@router.post("/account/tokens")
def make_token(
    request: Request,
    house: HouseDep,
    visitor: VisitorDep,
    now: NowDep,
    name: Annotated[str, Form(min_length=1, max_length=80)],
    scope: Annotated[list[str] | None, Form()] = None,
) -> HTMLResponse:
    """Make a token and show it, this once."""
    token = issue_token(house, visitor.actor, visitor.actor.name, name, tuple(scope or ()), days=DAYS, at=now)
    return _page(request, house, visitor, now, new_token=token)


@router.post("/account/tokens/{number}/revoke")
def withdraw_token(
    request: Request, house: HouseDep, visitor: VisitorDep, now: NowDep, number: int
) -> RedirectResponse:
    """Let a token no longer open anything."""
    revoke_token(house, visitor.actor, number, at=now)
    notice(request, "The token is withdrawn.")
    return see("/account")


def _page(request: Request, house: House, visitor: Visitor, now: datetime, new_token: str = "") -> HTMLResponse:
    return page(
        request,
        "account.html",
        has_password=user_named(house, visitor.actor.name).signs_in_with == "password",
        tokens=[one for one in tokens(house, visitor.actor, at=now) if one.user_name == visitor.actor.name],
        scopes=SCOPES,
        new_token=new_token,
    )
