"""The app's edge: what no code foresaw becomes one page without a trace, and a line in the log that says where."""

import logging
import traceback

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dq.web.errors import answer

LOG = logging.getLogger("dq.web")
FRAMES = 6
"""Frames of a failure that the log names: from the route to the line, without the framework around it."""


class Crashes:
    """Answers 500 to what nobody caught. Values stay out of the log: a message may quote a customer's name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 (the edge: one bad page must not show a trace or end the server)
            frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
            places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
            LOG.error("%s %s at %s", scope.get("request_id", ""), type(error).__name__, places)
            if not has_begun:
                told = "This page could not be made. Nothing you decided before is lost."
                hint = "Try again; if it stays, tell your administrator the number below."
                await answer(Request(scope, receive), 500, told, hint)(scope, receive, send)
