"""People: who may sign in, what they may do, whose customers they see."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from dq.errors import SettingsError
from dq.stewardship.actor import ROLES, Role
from dq.stewardship.people import User, add_user, change_user, user_named, users
from dq.web.pages import notice, page, see
from dq.web.visitors import HouseDep, LeadDep, NowDep

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=200)]


@router.get("/people")
def people(request: Request, house: HouseDep, visitor: LeadDep) -> HTMLResponse:
    """List everybody."""
    return page(request, "people.html", people=[_shown(user) for user in users(house, visitor.actor)])


@router.post("/people")
def add(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    user_name: Text,
    role: Text,
    departments: Text = "",
    display_name: Text = "",
    password: Annotated[str, Form(max_length=1024)] = "",
) -> RedirectResponse:
    """Let somebody in."""
    user = add_user(
        house,
        visitor.actor,
        user_name.strip().lower(),
        role_named(role),
        departments_named(departments),
        at=now,
        display_name=display_name.strip(),
        password=password,
    )
    notice(request, f"{user.display_name} may sign in now, as {user.name}.")
    return see("/people")


@router.get("/people/{name}")
def person(request: Request, house: HouseDep, visitor: LeadDep, name: str) -> HTMLResponse:
    """Show one person."""
    visitor.actor.needs("admin", "manage people", "admin")
    return page(request, "person.html", person=_shown(user_named(house, name)))


@router.post("/people/{name}")
def change(
    request: Request,
    house: HouseDep,
    visitor: LeadDep,
    now: NowDep,
    name: str,
    version: Annotated[int, Form()],
    role: Text,
    departments: Text,
    state: Text,
) -> RedirectResponse:
    """Change role, departments or state."""
    if state not in ("active", "closed"):
        raise SettingsError(f"{state!r} is no state of an account.", "active or closed", field="state")
    user = change_user(
        house,
        visitor.actor,
        name,
        version=version,
        at=now,
        role=role_named(role),
        departments=departments_named(departments),
        state=state,
    )
    notice(request, f"{user.display_name}: saved.")
    return see("/people")


def role_named(role: str) -> Role:
    """Return a role.

    Raises:
        SettingsError: There is no such role.
    """
    for known in ROLES:
        if known == role:
            return known
    raise SettingsError(f"{role!r} is no role.", "Roles: " + ", ".join(ROLES), field="role")


def departments_named(text: str) -> frozenset[str]:
    """Return the departments of a text.

    >>> sorted(departments_named("sales, finance,"))
    ['finance', 'sales']
    """
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def _shown(user: User) -> dict[str, Any]:
    everywhere = user.role == "admin" or "*" in user.departments
    return {
        "user_name": user.name,
        "display_name": user.display_name,
        "role": user.role,
        "departments": ", ".join(sorted(user.departments)),
        "departments_said": "all" if everywhere else ", ".join(sorted(user.departments)) or "none",
        "signs_in_with": {"password": "password", "provider": "company account"}.get(user.signs_in_with, "nothing yet"),
        "state": user.state,
        "version": user.version,
    }
