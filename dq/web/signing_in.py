"""From a cookie or a token to who asks, and into a session and out of it again."""

from datetime import datetime
from typing import Any, Final

from fastapi import Request

from dq.stewardship.actor import Actor
from dq.stewardship.house import House
from dq.stewardship.people import User, user_named
from dq.stewardship.signing_in import session_actor
from dq.stewardship.tokens import token_actor
from dq.web.visitors import Visitor

KEY: Final = "key"
"""In the session: the secret of the session, which the store keeps hashed."""
NEXT: Final = "next"
"""In the session: the page somebody wanted before signing in."""


def visitor_of_session(house: House, session: dict[str, Any], now: datetime) -> Visitor | None:
    """Return the person of a session, None where it ended."""
    secret = session.get(KEY)
    actor = session_actor(house, secret, at=now) if isinstance(secret, str) else None
    return _visitor(house, actor) if actor else None


def visitor_of_token(house: House, token: str, now: datetime) -> Visitor | None:
    """Return the person a token belongs to, limited to its scopes; None where it opens nothing."""
    actor = token_actor(house, token, at=now)
    return _visitor(house, actor) if actor else None


def begin(request: Request, secret: str) -> None:
    """Remember a session in a fresh cookie: what was in the one before does not outlive signing in."""
    request.session.clear()
    request.session[KEY] = secret


def address_of(request: Request) -> str:
    """Return the network address of whoever asks, for slowing down guesses."""
    return request.client.host if request.client else ""


def _visitor(house: House, actor: Actor) -> Visitor:
    user: User = user_named(house, actor.name)
    return Visitor(actor, user.display_name or user.name)
