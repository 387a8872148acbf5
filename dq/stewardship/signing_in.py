"""Signing in: by password or by the identity provider; sessions that end; attempts that are slowed down."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from dq.errors import NotAllowedError
from dq.stewardship.actor import HOUSE, ROLES, Actor, Role
from dq.stewardship.house import House, acting
from dq.stewardship.passwords import fits
from dq.stewardship.people import User, add_user, change_user, departments_of, user_named
from dq.store import instant, rows
from dq.store.logins import refusals_since
from dq.store.schema import LOGINS, SESSIONS, USERS

SESSION_HOURS: Final = 12
"""A working day: nobody is asked twice in one, and a browser left open is closed the next morning."""
WINDOW_MINUTES: Final = 15
MOST_PER_NAME: Final = 5
"""Wrong passwords for one login within the window."""
MOST_PER_ORIGIN: Final = 30
"""Wrong passwords from one address within the window: an office shares one."""


def sign_in(house: House, name: str, password: str, *, origin: str, at: datetime) -> tuple[User, str]:
    """Sign in with a password.

    Args:
        origin: Where the attempt comes from (an address); kept as a keyed hash only.

    Returns:
        The person and the secret of the session, for the cookie.

    Raises:
        NotAllowedError: Wrong, closed or too many attempts: the message is the same for a login that does not exist.
    """
    place = hmac.digest(house.key, origin.encode(), hashlib.sha256).hex()[:32]
    since = instant(at - timedelta(minutes=WINDOW_MINUTES))
    with house.store.read() as connection:
        row = rows.find(connection, USERS, user_name=name, state="active")
        by_name, by_place = refusals_since(connection, name, place, since)
    if by_name >= MOST_PER_NAME or by_place >= MOST_PER_ORIGIN:
        _note(house, name, place, "throttled", at)
        raise NotAllowedError("too many attempts", f"try again in {WINDOW_MINUTES} minutes")
    if not fits(password, row["password_hash"] if row else "") or row is None:
        _note(house, name, place, "refused", at)
        raise NotAllowedError("login or password is wrong", "an admin can set a new password: `dq user password`")
    return _begin(house, name, place, at)


def sign_in_by_provider(
    house: House,
    *,
    issuer: str,
    subject: str,
    name: str,
    display_name: str,
    role: Role,
    departments: frozenset[str],
    at: datetime,
) -> tuple[User, str]:
    """Sign in whom the identity provider vouches for; role and departments follow its groups at every sign-in.

    Args:
        issuer: The provider.
        subject: Its id of the person, which never changes; the name may.
        name: Login to use where the person is new.

    Raises:
        NotAllowedError: No group of theirs gives a role, or the account was closed here.
    """
    if role not in ROLES or (not departments and role != "admin"):
        raise NotAllowedError("no group of yours may use this", "ask whoever manages the groups")
    with house.store.read() as connection:
        row = rows.find(connection, USERS, issuer=issuer, subject=subject)
    if row is None:
        user = add_user(
            house,
            HOUSE,
            name.lower(),
            role,
            departments,
            at=at,
            display_name=display_name,
            issuer=issuer,
            subject=subject,
        )
    else:
        if row["state"] != "active":
            raise NotAllowedError("this account is closed", "an admin can open it: `dq user role`")
        user = user_named(house, row["user_name"])
        if (user.role, user.departments) != (role, departments):
            user = change_user(house, HOUSE, user.name, version=user.version, at=at, role=role, departments=departments)
    return _begin(house, user.name, "", at)


def session_actor(house: House, secret: str, *, at: datetime) -> Actor | None:
    """Return who a session belongs to, None where it ended or never was."""
    with house.store.read() as connection:
        row = rows.find(connection, SESSIONS, session_hash=_hash(secret), ended_at="")
        if row is None or row["expires_at"] <= instant(at):
            return None
        user = rows.find(connection, USERS, user_name=row["user_name"], state="active")
        return Actor(user["user_name"], user["role"], departments_of(connection, user["user_name"])) if user else None


def sign_out(house: House, secret: str, *, at: datetime) -> None:
    """End a session; one that has ended already stays so."""
    with house.store.read() as connection:
        row = rows.find(connection, SESSIONS, session_hash=_hash(secret), ended_at="")
    if row is None:
        return
    with acting(house, Actor(row["user_name"], "viewer"), "sign_out", at) as act:
        rows.change(act.connection, SESSIONS, {"ended_at": act.at}, session_hash=row["session_hash"])
        act.record("user", row["user_name"])


def _begin(house: House, name: str, place: str, at: datetime) -> tuple[User, str]:
    secret = secrets.token_urlsafe(32)
    with acting(house, Actor(name, "viewer"), "sign_in", at) as act:
        session: dict[str, Any] = {"session_hash": _hash(secret), "user_name": name, "created_at": act.at}
        rows.add(act.connection, SESSIONS, {**session, "expires_at": instant(at + timedelta(hours=SESSION_HOURS))})
        rows.add(act.connection, LOGINS, {"user_name": name, "origin": place, "at": act.at, "result": "in"})
        act.record("user", name)
    return user_named(house, name), secret


def _note(house: House, name: str, place: str, result: str, at: datetime) -> None:
    """Note an attempt; it is no action of anybody's, so it leaves no row in the audit."""
    with house.store.write() as connection:
        rows.add(connection, LOGINS, {"user_name": name[:100], "origin": place, "at": instant(at), "result": result})


def _hash(secret: str) -> str:
    """Return what is kept of a secret of 256 random bits: nothing to guess, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
