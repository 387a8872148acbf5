"""`dq user` and `dq token`: who may sign in, what they may do, and the tokens of programs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, cast

import typer

from dq.cli.home import opened, say

if TYPE_CHECKING:
    from dq.stewardship.actor import Role

user = typer.Typer(name="user", help="Say who may sign in to the stewards' pages.", no_args_is_help=True)
token = typer.Typer(name="token", help="Issue, list and revoke API tokens.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Login: lower case, a mail address fits.")]
Departments = Annotated[
    list[str] | None,
    typer.Option("--department", metavar="NAME", help="Whose records they see, `*` for all; may be repeated."),
]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
]


@user.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="viewer, steward, lead or admin.")],
    departments: Departments = None,
    display_name: Annotated[str, typer.Option("--display-name", metavar="TEXT", help="What pages show.")] = "",
    password_stdin: PasswordStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="They sign in through the identity provider.")
    ] = False,
) -> None:
    """Let a person in; the password is asked for, twice."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.people import add_user

    with opened() as house:
        secret = "" if no_password else _password(password_stdin)
        added = add_user(
            house,
            HOUSE,
            name,
            cast("Role", role),
            frozenset(departments or ()),
            at=datetime.now(UTC),
            display_name=display_name,
            password=secret,
        )
    print(f"{added.name} may sign in as {added.role}.")


@user.command("list")
def list_users() -> None:
    """List everybody who may sign in."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.people import users

    with opened() as house:
        found = users(house, HOUSE)
    if not found:
        print("Nobody may sign in yet: `dq user add NAME --role admin`.")
        return
    rows = [
        (each.name, each.role, " ".join(sorted(each.departments)), each.state, each.signs_in_with) for each in found
    ]
    say([("login", "role", "departments", "state", "signs in with"), *rows])


@user.command("role")
def change_role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="viewer, steward, lead, admin, or closed.")],
    departments: Departments = None,
) -> None:
    """Change what a person may do and whose records they see; `closed` ends their sessions and tokens."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.people import change_user, user_named

    with opened() as house:
        before = user_named(house, name)
        changed = change_user(
            house,
            HOUSE,
            name,
            version=before.version,
            at=datetime.now(UTC),
            role=None if role == "closed" else cast("Role", role),
            departments=None if departments is None else frozenset(departments),
            state="closed" if role == "closed" else "active",
        )
    print(f"{changed.name} is {changed.role if changed.state == 'active' else 'closed'}.")


@user.command("password")
def password(name: Name, password_stdin: PasswordStdin = False) -> None:
    """Give a local account a new password; its sessions end."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.people import set_password, user_named

    with opened() as house:
        user_named(house, name)
        set_password(house, HOUSE, name, _password(password_stdin), at=datetime.now(UTC))
    print(f"{name} has a new password.")


@token.command("issue")
def issue(
    name: Name,
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT", help="What it is for.")],
    scopes: Annotated[
        list[str], typer.Option("--scope", metavar="SCOPE", help="read, decide or admin; may be repeated.")
    ],
    days: Annotated[int, typer.Option("--days", metavar="N", help="How long it lasts.")] = 90,
) -> None:
    """Issue a token with a person's role and departments, and print it: nobody can see it again."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.tokens import issue_token

    with opened() as house:
        print(issue_token(house, HOUSE, name, purpose, tuple(scopes), days=days, at=datetime.now(UTC)))


@token.command("list")
def list_tokens() -> None:
    """List the tokens, never the secrets."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.tokens import tokens

    with opened() as house:
        found = tokens(house, HOUSE, at=datetime.now(UTC))
    if not found:
        print("No token was issued yet: `dq token issue NAME --purpose TEXT --scope read`.")
        return
    rows = [
        (
            str(each.number),
            each.user_name,
            each.name,
            " ".join(each.scopes),
            each.expires_at[:10],
            "active" if each.is_active else "ended",
        )
        for each in found
    ]
    say([("number", "login", "for", "scopes", "until", "state"), *rows])


@token.command("revoke")
def revoke(number: Annotated[int, typer.Argument(metavar="NUMBER", help="As `dq token list` has it.")]) -> None:
    """Let a token no longer open anything."""
    from dq.stewardship.actor import HOUSE
    from dq.stewardship.tokens import revoke_token

    with opened() as house:
        revoke_token(house, HOUSE, number, at=datetime.now(UTC))
    print(f"Token {number} opens nothing any more.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
