"""Signing in and out: a password, the company's identity provider, or the link that `dq serve` prints."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dq.errors import NotAllowedError, NotFoundError
from dq.stewardship.signing_in import sign_in, sign_in_by_provider, sign_out
from dq.web.pages import page, see
from dq.web.security.places import own_path
from dq.web.settings import CompanySignIn, WebSettings
from dq.web.signing_in import KEY, NEXT, address_of, begin
from dq.web.visitors import HouseDep, NowDep

router = APIRouter(include_in_schema=False)
BACK = "/sign-in/company/back"


@router.get("/sign-in")
def ask(request: Request) -> HTMLResponse:
    """Show the ways in."""
    return _form(request)


@router.post("/sign-in")
def sign_in_here(
    request: Request,
    house: HouseDep,
    now: NowDep,
    login: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=1024)],
) -> Response:
    """Sign in with a password."""
    wanted = own_path(request.session.get(NEXT), "/")
    try:
        _, secret = sign_in(house, login.strip().lower(), password, origin=address_of(request), at=now)
    except NotAllowedError as error:
        is_slowed = error.message.startswith("too many")
        problem = (
            "Too many attempts. Wait a quarter of an hour, or ask your administrator for a new password."
            if is_slowed
            else "Name or password is wrong."
        )
        return _form(request, problem=problem, login=login, status=429 if is_slowed else 401)
    begin(request, secret)
    return see(wanted)


@router.post("/sign-out")
def leave(request: Request, house: HouseDep, now: NowDep) -> RedirectResponse:
    """End the session."""
    secret = request.session.get(KEY)
    if isinstance(secret, str):
        sign_out(house, secret, at=now)
    request.session.clear()
    return see("/sign-in")


@router.get("/sign-in/company")
async def to_company(request: Request) -> Response:
    """Send the browser to the company's identity provider."""
    from dq.web.company import send_there

    settings, _ = _company(request)
    return await send_there(request.app.state.company, request, f"{settings.url}{BACK}")


@router.get(BACK)
async def from_company(request: Request, house: HouseDep, now: NowDep) -> Response:
    """Sign in whom the provider vouches for."""
    from dq.web.company import admit, claims_of

    _, company = _company(request)
    person = admit(await claims_of(request.app.state.company, request), company)
    wanted = own_path(request.session.get(NEXT), "/")
    _, secret = sign_in_by_provider(
        house,
        issuer=person.issuer,
        subject=person.subject,
        name=person.login,
        display_name=person.name,
        role=person.role,
        departments=frozenset(person.departments),
        at=now,
    )
    begin(request, secret)
    return see(wanted)


@router.get("/sign-in/opening/{token}")
def open_here(request: Request, token: str) -> Response:
    """Sign in the person at this machine by the link that `dq serve` printed; it works once."""
    opening = request.app.state.opening
    if not opening or not secrets.compare_digest(token, opening.token):
        raise NotFoundError("This link has been used, or the app was started again.", "Look at what dq serve printed.")
    request.app.state.opening = None
    begin(request, opening.secret)
    return see("/")


def _form(request: Request, problem: str = "", login: str = "", status: int = 200) -> HTMLResponse:
    settings: WebSettings = request.app.state.settings
    company = settings.company.name if settings.company else ""
    return page(request, "sign_in.html", status, company=company, has_accounts=True, problem=problem, login=login)


def _company(request: Request) -> tuple[WebSettings, CompanySignIn]:
    settings: WebSettings = request.app.state.settings
    if settings.company is None:
        raise NotFoundError("This app signs in with names and passwords.", "Go to the sign-in page.")
    if request.app.state.company is None:
        from dq.web.company import company_client

        request.app.state.company = company_client(settings.company)
    return settings, settings.company
