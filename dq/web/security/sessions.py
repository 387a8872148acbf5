"""Who is signed in, remembered in a signed cookie that scripts can't read and other sites can't send.

The cookie holds no personal data: an account's id, its session number (so that an administrator can end all sessions
of an account at once), when it was made and when it was last seen.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dq.web.settings import WebSettings

SEEN_EVERY: Final = 60
"""Seconds between two writes of "last seen": often enough for a limit in minutes, without a cookie on every answer."""
BEGUN, SEEN = "begun", "seen"
Clock = Callable[[], float]


class Sessions:
    """Reads the cookie into `request.session` and writes it back where it changed."""

    def __init__(self, app: ASGIApp, settings: WebSettings, clock: Clock = time.time) -> None:
        self.app = app
        self.clock = clock
        self.longest = settings.session_hours * 3600
        self.idle = settings.idle_minutes * 60
        self.signer = URLSafeSerializer(settings.secret, salt="dq session")
        # __Host-: a browser takes it over https only, for this host only (RFC 6265bis, section 4.1.3.2).
        self.cookie = "__Host-dq" if settings.is_https else "dq"
        self.flags = "HttpOnly; SameSite=Lax; Path=/" + ("; Secure" if settings.is_https else "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its session."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = HTTPConnection(scope).cookies.get(self.cookie)
        stored = self._read(sent)
        session = scope["session"] = self._seen(stored)

        async def remember(message: Message) -> None:
            if message["type"] == "http.response.start" and session != stored:
                MutableHeaders(scope=message).append("set-cookie", self._written(session))
            elif message["type"] == "http.response.start" and sent is not None and not session:
                MutableHeaders(scope=message).append("set-cookie", self._written({}))
            await send(message)

        await self.app(scope, receive, remember)

    def _read(self, cookie: str | None) -> dict[str, Any]:
        """Return what the cookie holds; nothing where it is forged, too old or was idle too long."""
        try:
            session: dict[str, Any] = self.signer.loads(cookie) if cookie else {}
        except BadSignature:
            return {}
        now = self.clock()
        is_over = now - session.get(BEGUN, 0) > self.longest or now - session.get(SEEN, 0) > self.idle
        return {} if is_over else session

    def _seen(self, stored: dict[str, Any]) -> dict[str, Any]:
        now = int(self.clock())
        return stored | {SEEN: now} if stored and now - stored[SEEN] > SEEN_EVERY else dict(stored)

    def _written(self, session: dict[str, Any]) -> str:
        if not session:
            return f"{self.cookie}=; Max-Age=0; {self.flags}"
        now = int(self.clock())
        kept = {BEGUN: now, SEEN: now} | session
        return f"{self.cookie}={self.signer.dumps(kept)}; Max-Age={int(self.longest)}; {self.flags}"
