"""A number for every request, in its answer and in one line of the log; the log names routes, never records."""

import logging
import secrets
import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("dq.web")


class Requests:
    """Numbers a request and logs its route, status and duration.

    The path itself is not logged: it may hold the key of a customer. Nor is the query: it may hold a name somebody
    looked for.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under its number."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = scope["request_id"] = secrets.token_hex(6)
        begun, status = time.perf_counter(), 0

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = number
            await send(message)

        try:
            await self.app(scope, receive, numbered)
        finally:
            milliseconds = (time.perf_counter() - begun) * 1000
            LOG.info("%s %s %d %.0f ms %s", scope["method"], route_of(scope), status or 500, milliseconds, number)


def route_of(scope: Scope) -> str:
    """Return the pattern of the route a request went to, such as `/customers/{golden_id}`."""
    route: Any = scope.get("route")
    return str(getattr(route, "path", "(no route)"))
