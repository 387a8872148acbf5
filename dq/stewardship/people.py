"""Users, their roles and departments. Signing in is `signing_in`, who stands in for whom `absences`."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dq.errors import ConflictError, NotAllowedError, NotFoundError, SettingsError
from dq.stewardship.actor import ALL_DEPARTMENTS, ROLES, Actor, Role
from dq.stewardship.house import Act, House, acting
from dq.stewardship.passwords import hashed
from dq.store import rows
from dq.store.schema import SESSIONS, TOKENS, USER_DEPARTMENTS, USERS

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")
"""Logins: mail addresses fit; one spelling per person, so capitals do not."""


@dataclass(frozen=True)
class User:
    """A person who may sign in.

    Attributes:
        name: Login.
        display_name: What pages show.
        role: What they may do.
        departments: Whose records they see; `*` is all.
        state: `active` or `closed`.
        signs_in_with: `password`, `provider`, or `nothing` yet.
        version: Rises with each change.
    """

    name: str
    display_name: str
    role: Role
    departments: frozenset[str]
    state: str
    signs_in_with: str
    version: int

    @property
    def actor(self) -> Actor:
        """The person as somebody who acts."""
        return Actor(self.name, self.role, self.departments)


def add_user(
    house: House,
    actor: Actor,
    name: str,
    role: Role,
    departments: frozenset[str],
    *,
    at: datetime,
    display_name: str = "",
    password: str = "",
    issuer: str = "",
    subject: str = "",
) -> User:
    """Let a person in.

    Args:
        name: Login, lower case.
        departments: Whose records they see, `*` for all; may be empty for an admin only.
        password: Of a local account; empty where the identity provider signs in.
        issuer: Of the identity provider.
        subject: The provider's id of the person.

    Raises:
        ConflictError: The name is taken.
        SettingsError: Name, role, department or password do not do.
    """
    actor.needs("admin", "manage people", "admin")
    _checked(name, role, departments)
    secret = hashed(password) if password else ""
    with acting(house, actor, "add_user", at) as act:
        if rows.find(act.connection, USERS, user_name=name):
            raise ConflictError(f"there is a user {name!r} already", "`dq user role` changes what they may do")
        row = {"user_name": name, "display_name": display_name or name, "password_hash": secret, "role": role}
        row |= {"issuer": issuer, "subject": subject, "state": "active", "created_at": act.at}
        rows.add(act.connection, USERS, row)
        _departments(act, name, departments)
        act.record("user", name, role=role, departments=sorted(departments))
        return user_of(act.connection, name)


def change_user(
    house: House,
    actor: Actor,
    name: str,
    *,
    version: int,
    at: datetime,
    role: Role | None = None,
    departments: frozenset[str] | None = None,
    state: str | None = None,
    display_name: str | None = None,
) -> User:
    """Change role, departments, state or shown name; None leaves each as it is. Closing ends sessions and tokens.

    Raises:
        NotFoundError: No such user.
        ConflictError: Somebody changed them since.
        NotAllowedError: The last admin would be gone.
    """
    actor.needs("admin", "manage people", "admin")
    with acting(house, actor, "change_user", at) as act:
        before = user_of(act.connection, name)
        _checked(name, role or before.role, before.departments if departments is None else departments)
        wanted = {"role": role, "state": state, "display_name": display_name, "version": before.version + 1}
        changes = {key: value for key, value in wanted.items() if value is not None}
        if not rows.change(act.connection, USERS, changes, user_name=name, version=version):
            raise ConflictError(f"somebody changed {name} since", "look at them again")
        if departments is not None:
            _departments(act, name, departments)
        if state == "closed":
            rows.change(act.connection, SESSIONS, {"ended_at": act.at}, user_name=name, ended_at="")
            rows.change(act.connection, TOKENS, {"revoked_at": act.at}, user_name=name, revoked_at="")
        if before.role == "admin" and before.state == "active":
            _keep_an_admin(act)
        act.record(
            "user", name, role=role, departments=None if departments is None else sorted(departments), state=state
        )
        return user_of(act.connection, name)


def set_password(house: House, actor: Actor, name: str, password: str, *, at: datetime) -> None:
    """Give a local account a new password; its sessions end.

    Raises:
        NotAllowedError: Neither one's own account nor an admin.
        SettingsError: Too short.
    """
    if actor.name != name:
        actor.needs("admin", "set passwords of others", "admin")
    secret = hashed(password)
    with acting(house, actor, "set_password", at) as act:
        user_of(act.connection, name)
        rows.change(act.connection, USERS, {"password_hash": secret}, user_name=name)
        rows.change(act.connection, SESSIONS, {"ended_at": act.at}, user_name=name, ended_at="")
        act.record("user", name)


def users(house: House, actor: Actor) -> list[User]:
    """Return everybody, by name; a steward sees those who see one of the own departments."""
    with house.store.read() as connection:
        found = [user_of(connection, row["user_name"]) for row in rows.find_all(connection, USERS)]
    if actor.has("lead"):
        return found
    everywhere = ALL_DEPARTMENTS in actor.departments
    return [user for user in found if everywhere or user.departments & (actor.departments | {ALL_DEPARTMENTS})]


def user_named(house: House, name: str) -> User:
    """Return a user.

    Raises:
        NotFoundError: There is none.
    """
    with house.store.read() as connection:
        return user_of(connection, name)


def departments_of(connection: Any, name: str) -> frozenset[str]:
    """Return the departments of a user."""
    return frozenset(row["department"] for row in rows.find_all(connection, USER_DEPARTMENTS, user_name=name))


def user_of(connection: Any, name: str) -> User:
    """Return a user inside a transaction; see `user_named`."""
    row = rows.find(connection, USERS, user_name=name)
    if row is None:
        raise NotFoundError(f"there is no user {name!r}", "`dq user list` has them all")
    way = "password" if row["password_hash"] else "provider" if row["subject"] else "nothing"
    return User(
        name=row["user_name"],
        display_name=row["display_name"],
        role=row["role"],
        departments=departments_of(connection, name),
        state=row["state"],
        signs_in_with=way,
        version=row["version"],
    )


def _checked(name: str, role: str, departments: frozenset[str]) -> None:
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{name!r} is no login", "lower case letters, digits and . _ @ + -", field="user_name")
    if role not in ROLES:
        raise SettingsError(f"{role!r} is no role", "roles: " + ", ".join(ROLES), field="role")
    if not departments and role != "admin":
        raise SettingsError(f"{name} would see no record", "name a department, or `*` for all", field="departments")


def _departments(act: Act, name: str, departments: frozenset[str]) -> None:
    rows.remove(act.connection, USER_DEPARTMENTS, user_name=name)
    rows.add_all(
        act.connection, USER_DEPARTMENTS, [{"user_name": name, "department": each} for each in sorted(departments)]
    )


def _keep_an_admin(act: Act) -> None:
    if not rows.count(act.connection, USERS, role="admin", state="active"):
        raise NotAllowedError("somebody has to be admin", "make another person admin first")
