"""Turns templates into pages: one Jinja environment, everything escaped, undefined names are errors."""

import math
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from dq.web import charts, wording
from dq.web.assets import url_of

MENU: Final = (
    (
        "Work",
        (
            ("/today", "Today"),
            ("/matches", "Possible duplicates"),
            ("/queue", "All open cases"),
            ("/proposals", "Waiting for you"),
            ("/packs", "Excel packs"),
        ),
    ),
    (
        "Quality",
        (
            ("/scorecard", "Scorecard"),
            ("/samples", "How right is it?"),
            ("/goals", "Goals"),
            ("/runs", "Runs"),
            ("/jobs", "Start a run"),
        ),
    ),
    (
        "Conversion",
        (
            ("/readiness", "Would it load?"),
            ("/parked", "Not converted"),
        ),
    ),
    (
        "House",
        (
            ("/standards", "Standards"),
            ("/rules", "Rules"),
            ("/reasons", "Reasons"),
            ("/absences", "Who is away"),
            ("/people", "People"),
            ("/usage", "Use of the system"),
            ("/audit", "Audit"),
        ),
    ),
)
"""Groups of the menu: address and words."""


@cache
def environment() -> Environment:
    """Return the environment all pages share."""
    made = Environment(
        loader=PackageLoader("dq.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "count": lambda number: f"{number:,}",
        "score": lambda score: f"{math.floor(score)}",  # never rounded up into the next band
        "percent": wording.percent,
        "moved": wording.moved,
        "day": wording.day,
        "moment": wording.moment,
        "said": wording.said,
        "path": lambda text: quote(str(text), safe=""),
    }
    made.globals |= {"asset": url_of, "chart": charts, "words": wording, "menu": MENU}
    return made


def render(request: Request, template: str, **context: Any) -> str:
    """Return a template as text; every template knows the request and who is signed in."""
    visitor = request.scope.get("visitor")
    return environment().get_template(template).render(request=request, visitor=visitor, **context)


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a template as an answer."""
    return HTMLResponse(render(request, template, **context), status)


def see(address: str) -> RedirectResponse:
    """Send a browser on after a form: reloading the next page does not send it again."""
    return RedirectResponse(address, 303)


def notice(request: Request, text: str, kind: str = "good") -> None:
    """Leave a sentence for the next page. It goes into the cookie: never a value of a record."""
    request.session["notice"] = text
    request.session["notice_kind"] = kind
