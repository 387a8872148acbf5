"""What people and programs see when something does not work: one page, one JSON shape, never a trace."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from dq.errors import ConflictError, DQError, NotAllowedError, NotFoundError, TransitionError
from dq.web.pages import render
from dq.web.refusals import ended, page_again, page_before, refusal_of, refusal_of_fields
from dq.web.visitors import SignInError

API: Final = "/api/"
_TITLES: Final = {
    400: "That request can't be read",
    401: "Sign in first",
    403: "This is not yours to open",
    404: "There is nothing here",
    405: "This can't be done here",
    409: "Somebody was here before you",
    413: "That is too large",
    422: "Something is missing or wrong",
    429: "Too many attempts",
    500: "Something went wrong on our side",
}


def status_of(error: DQError) -> int:
    """Return the HTTP status of an error somebody can act on."""
    if isinstance(error, NotFoundError):
        return 404
    if isinstance(error, NotAllowedError):
        return 403
    if isinstance(error, ConflictError | TransitionError):
        return 409
    return 422


def handle_errors(app: FastAPI) -> None:
    """Give every kind of failure its answer."""
    app.add_exception_handler(SignInError, _sign_in)
    app.add_exception_handler(DQError, _known)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


def answer(
    request: Request, status: int, message: str, hint: str = "", headers: dict[str, str] | None = None
) -> Response:
    """Return a failure as a page, or as JSON where a program asked."""
    number = str(request.scope.get("request_id", ""))
    if wants_json(request):
        error = {"status": status, "code": code_of(status), "message": message, "hint": hint, "request_id": number}
        return JSONResponse({"error": error}, status, headers=headers)
    content = render(
        request,
        "error.html",
        title=_TITLES.get(status, HTTPStatus(status).phrase),
        message=ended(message),
        hint=ended(hint) if hint else "",
        back=page_before(request),
        number=number if status >= 500 else "",
    )
    return HTMLResponse(content, status, headers=headers)


def code_of(status: int) -> str:
    """Return a status as a word for programs.

    >>> code_of(404)
    'not_found'
    """
    return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")


def wants_json(request: Request) -> bool:
    """Tell whether a program asked: everything below the API, and scripts that say so."""
    return request.url.path.startswith(API) or request.headers.get("accept", "").startswith("application/json")


async def answer_refusal(scope: Scope, receive: Receive, send: Send, status: int, message: str) -> None:
    """Answer for a layer that lets a request go no further."""
    await answer(Request(scope, receive), status, message)(scope, receive, send)


async def _sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInError)
    if wants_json(request):
        return answer(request, 401, error.message, error.hint, {"www-authenticate": "Bearer"})
    if request.method == "GET":
        request.session["next"] = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/sign-in", 303)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, DQError)
    status = status_of(error)
    again = await page_again(request, refusal_of(status, error)) if _is_form(request) else None
    return again or answer(request, status, error.message, error.hint)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    told: dict[int, tuple[str, str]] = {
        404: ("This page does not exist, or it is not in your department.", "Go back, or start from today's work."),
        405: ("This address does not take that kind of request.", ""),
    }
    message, hint = told.get(error.status_code, (str(error.detail), ""))
    return answer(request, error.status_code, message, hint, dict(error.headers or {}))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    again = await page_again(request, refusal_of_fields(error.errors())) if _is_form(request) else None
    if again is not None:
        return again
    # The value itself stays out: it may be somebody's name.
    told = "; ".join(f"{_place(problem)}: {problem['msg']}" for problem in error.errors())
    return answer(request, 422, f"{told}.", "Go back and fill in what is missing.")


def _is_form(request: Request) -> bool:
    """Tell whether a page sent this: the app's own script shows the error itself and loads the page anew."""
    return request.method == "POST" and not wants_json(request) and "x-part" not in request.headers


def _place(problem: dict[str, Any]) -> str:
    return ".".join(str(part) for part in problem["loc"][1:]) or str(problem["loc"][0])
