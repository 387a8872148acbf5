"""API tokens: shown once, kept hashed, with scopes and an end."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dq.errors import NotFoundError, SettingsError
from dq.stewardship.actor import SCOPES, Actor
from dq.stewardship.house import House, acting
from dq.stewardship.people import departments_of, user_named
from dq.store import instant, rows
from dq.store.schema import TOKENS, USERS

PREFIX: Final = "dq_"
"""So that scanners of repositories can recognise one that was committed."""
MOST_DAYS: Final = 366


@dataclass(frozen=True)
class Token:
    """What is known of a token; never the token.

    Attributes:
        number: Its number.
        user_name: Whose departments and role it has.
        name: What it is for.
        scopes: What it may be used for.
        expires_at: When it ends.
        is_active: Neither ended nor revoked.
    """

    number: int
    user_name: str
    name: str
    scopes: tuple[str, ...]
    expires_at: str
    is_active: bool


def issue_token(
    house: House, actor: Actor, user_name: str, name: str, scopes: tuple[str, ...], *, days: int, at: datetime
) -> str:
    """Issue a token and return it; nobody can see it again.

    Raises:
        SettingsError: Unknown scopes, or an end that is past or too far.
        NotAllowedError: For somebody else, without being admin.
    """
    if actor.name != user_name:
        actor.needs("admin", "issue tokens for others", "admin")
    actor.needs("viewer", "issue tokens", "admin")
    user_named(house, user_name)
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise SettingsError(
            f"{' '.join(unknown) or 'nothing'} is no scope", "scopes: " + ", ".join(SCOPES), field="scope"
        )
    if not 0 < days <= MOST_DAYS:
        raise SettingsError(f"a token cannot last {days} days", f"1 to {MOST_DAYS}")
    secret = PREFIX + secrets.token_urlsafe(32)
    with acting(house, actor, "issue_token", at) as act:
        row = {"user_name": user_name, "name": name, "token_hash": _hash(secret), "scopes": " ".join(sorted(scopes))}
        row |= {"created_at": act.at, "expires_at": instant(at + timedelta(days=days))}
        number = rows.add(act.connection, TOKENS, row)
        act.record("token", str(number), user=user_name, scopes=sorted(scopes), days=days)
    return secret


def revoke_token(house: House, actor: Actor, number: int, *, at: datetime) -> None:
    """Let a token no longer open anything.

    Raises:
        NotFoundError: No such token of theirs.
    """
    with acting(house, actor, "revoke_token", at) as act:
        row = rows.find(act.connection, TOKENS, id=number)
        if row is None or not (row["user_name"] == actor.name or actor.role == "admin"):
            raise NotFoundError(f"there is no token {number}", "`dq token list` has them")
        rows.change(act.connection, TOKENS, {"revoked_at": act.at}, id=number, revoked_at="")
        act.record("token", str(number), user=row["user_name"])


def tokens(house: House, actor: Actor, *, at: datetime) -> list[Token]:
    """Return the tokens of a person; an admin sees everybody's."""
    with house.store.read() as connection:
        found = rows.find_all(connection, TOKENS, order=("id",))
    mine = [row for row in found if actor.role == "admin" or row["user_name"] == actor.name]
    return [
        Token(
            row["id"],
            row["user_name"],
            row["name"],
            tuple(row["scopes"].split()),
            row["expires_at"],
            not row["revoked_at"] and row["expires_at"] > instant(at),
        )
        for row in mine
    ]


def token_actor(house: House, token: str, *, at: datetime) -> Actor | None:
    """Return who acts with a token, limited to its scopes; None where it opens nothing."""
    with house.store.read() as connection:
        row = rows.find(connection, TOKENS, token_hash=_hash(token), revoked_at="")
        if row is None or row["expires_at"] <= instant(at):
            return None
        user = rows.find(connection, USERS, user_name=row["user_name"], state="active")
        if user is None:
            return None
        departments = departments_of(connection, user["user_name"])
    return Actor(user["user_name"], user["role"], departments, frozenset(row["scopes"].split()))


def _hash(token: str) -> str:
    """Return what is kept of 256 random bits: nothing to guess, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
