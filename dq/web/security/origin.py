"""Refuses requests of other sites: those that change something, and those addressed to another host name.

A browser says where a request comes from (`Sec-Fetch-Site`, `Origin`); a page of another site can not forge that.
Requests with a bearer token carry no cookie, so no other site can make a browser send them.
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from dq.web.errors import answer_refusal
from dq.web.settings import is_loopback

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class OwnOrigin:
    """Lets a request pass if it is addressed to this app and, where it changes something, comes from its pages."""

    def __init__(self, app: ASGIApp, origin: str, host: str) -> None:
        self.app = app
        self.origin = origin
        self.host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 400 or 403."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._is_addressed_here(headers.get("host", "")):
            await answer_refusal(scope, receive, send, 400, "This app does not answer to that name.")
        elif scope["method"] not in SAFE_METHODS and not self._comes_from_here(headers):
            await answer_refusal(scope, receive, send, 403, "This request does not come from a page of this app.")
        else:
            await self.app(scope, receive, send)

    def _is_addressed_here(self, host: str) -> bool:
        """Tell whether `Host` is this app: a name that another site lets resolve here (DNS rebinding) is not."""
        if host == self.host:
            return True
        own, asked = urlsplit(f"//{self.host}"), urlsplit(f"//{host}")
        # 127.0.0.1, localhost and [::1] are one machine, whichever of them was typed.
        return is_loopback(own.hostname or "") and is_loopback(asked.hostname or "")

    def _comes_from_here(self, headers: Headers) -> bool:
        if headers.get("authorization", "").lower().startswith("bearer "):
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = headers.get("origin")
        if origin is None:
            # Every browser of the last years sends one of the two with a form; who sends neither is none.
            return False
        return origin == self.origin or urlsplit(origin).netloc == headers.get("host")
