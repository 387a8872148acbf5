"""Refuses a body that is larger than the app takes, before it is read into memory."""

from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dq.web.errors import answer_refusal


class TooLargeError(Exception):
    """More arrived than was announced or allowed."""


class BodyLimit:
    """Answers 413 to a body over `most` bytes, whether its length was announced or not."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on while its body stays within the limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > self.most:
            await self._refuse(scope, receive, send)
            return
        arrived, has_answered = 0, False

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self.most:
                raise TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal has_answered
            if arrived > self.most and not has_answered:
                return  # whatever the reader of the body made of its end: the answer follows below
            has_answered = True
            await send(message)

        with suppress(TooLargeError):
            await self.app(scope, counted, watched)
        if not has_answered:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        megabytes = self.most / 1e6
        await answer_refusal(scope, receive, send, 413, f"That is more than the {megabytes:g} MB this app takes.")
