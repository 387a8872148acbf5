"""A form that was refused comes back: the page it stands on, what is wrong at its field, what was typed kept."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.types import Message, Scope

from dq.errors import DQError
from dq.web.refilling import PAGE, refilled
from dq.web.security.places import own_path

_OF_THE_FORM: Final = frozenset({"endpoint", "route", "router", "path_params", "query_string", "raw_path", "path"})
"""What a request knows of its route: the page that is drawn again has another."""
_SAID: Final[Mapping[str, str]] = {
    "missing": "Fill this in.",
    "string_too_long": "At most {max_length:,} characters.",
    "too_long": "At most {max_length:,}.",
    "int_parsing": "Give a whole number.",
    "int_from_float": "Give a whole number.",
    "float_parsing": "Give a number.",
    "finite_number": "Give a number.",
    "bool_parsing": "Choose one of those offered.",
    "literal_error": "Choose one of those offered.",
    "greater_than_equal": "Give {ge} or more.",
    "less_than_equal": "Give {le} or less.",
    "value_error": "Choose a file.",
}
"""Kind of a failed check (pydantic) → what to do about it."""
_REFUSED: Final = "Nothing was saved."
_A_DAY: Final = "Give a day, such as 2026-12-31."
_UNREADABLE: Final = "Leave control characters out."


@dataclass(frozen=True)
class Refusal:
    """Why a form was not taken.

    Attributes:
        status: Of the answer.
        told: Sentences for the head of the page.
        wrong: Field → what is wrong with it.
    """

    status: int
    told: Sequence[str]
    wrong: Mapping[str, str] = field(default_factory=dict)


def refusal_of(status: int, error: DQError) -> Refusal:
    """Return what a page says of an error that somebody can act on."""
    sentences = [ended(text) for text in (error.message, error.hint) if text]
    if error.field:
        return Refusal(status, [_REFUSED], {error.field: " ".join(sentences)})
    return Refusal(status, sentences)


def refusal_of_fields(problems: Sequence[Mapping[str, Any]]) -> Refusal:
    """Return what a page says of fields that could not be read. The value itself stays out of it."""
    wrong: dict[str, str] = {}
    for problem in problems:
        _, *place = problem["loc"]
        wrong.setdefault(".".join(str(part) for part in place) or str(problem["loc"][0]), said_of(problem))
    return Refusal(422, [_REFUSED], wrong)


def said_of(problem: Mapping[str, Any]) -> str:
    """Return a failed check of a field as a sentence for whoever typed it.

    >>> said_of({"type": "string_too_long", "msg": "String should …", "ctx": {"max_length": 2000}})
    'At most 2,000 characters.'
    >>> said_of({"type": "date_from_datetime_parsing", "msg": "Input should …"})
    'Give a day, such as 2026-12-31.'
    """
    kind = str(problem["type"])
    if kind.startswith("date"):
        return _A_DAY
    return _SAID[kind].format(**problem.get("ctx", {})) if kind in _SAID else ended(str(problem["msg"]))


def ended(text: str) -> str:
    """Return a message as a sentence.

    >>> ended("a goal has a name")
    'A goal has a name.'
    """
    return text[:1].upper() + text[1:].rstrip(".") + ("" if text.endswith(("?", "!")) else ".")


@contextmanager
def about(field: str) -> Iterator[None]:
    """Say at a field of the form what an action refuses, where the action calls it otherwise."""
    try:
        yield
    except DQError as error:
        error.field = field
        raise


async def page_again(request: Request, refusal: Refusal) -> Response | None:
    """Return the page on which a refused form was sent, filled in again; None where no page of this app sent it."""
    form = await request.form()
    typed = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    address = next((value for name, value in typed if name == PAGE), "") or page_before(request)
    if own_path(address, "") == "":
        return None
    status, body = await _drawn(request, address)
    if status != 200:
        return None
    wrong = refusal.wrong or {name: _UNREADABLE for name, value in typed if "\x00" in value}
    content = refilled(body, address, request.url.path, typed, wrong, refusal.told)
    return HTMLResponse(content, refusal.status)


def page_before(request: Request) -> str:
    """Return the page of this app that a browser comes from, as a path with its query; empty where it is none."""
    parts = urlsplit(request.headers.get("referer", ""))
    if f"{parts.scheme}://{parts.netloc}" != request.app.state.settings.origin:
        return ""
    return own_path(parts.path + (f"?{parts.query}" if parts.query else ""), "")


async def _drawn(request: Request, address: str) -> tuple[int, str]:
    """Draw a page of this app for whoever sent the request."""
    parts = urlsplit(address)
    asked: Scope = {
        "method": "GET",
        "path": unquote(parts.path),
        "raw_path": quote(parts.path, safe="/%:@").encode(),
        "query_string": parts.query.encode(),
        "headers": [(name, value) for name, value in request.scope["headers"] if not name.startswith(b"content-")],
    }
    scope: Scope = {name: value for name, value in request.scope.items() if name not in _OF_THE_FORM}
    scope.update(asked)
    status, kind, body = 0, b"", b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, kind, body
        if message["type"] == "http.response.start":
            status = message["status"]
            kind = dict(message["headers"]).get(b"content-type", b"")
        else:
            body += message.get("body", b"")

    await request.app.router(scope, receive, send)
    return (status, body.decode()) if kind.startswith(b"text/html") else (0, "")
