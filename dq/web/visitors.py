"""Who asks: the person of a session or the program of a token, and what their role lets pages offer.

What somebody may do is decided in `dq.stewardship`; a page only leaves out what would be refused anyway.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Depends, Request

from dq.engine.querying import Visible
from dq.errors import DQError, NotAllowedError
from dq.stewardship.actor import ALL_DEPARTMENTS, Actor
from dq.stewardship.house import House

_STEWARDS_PAGES: Final = ("/today", "/matches", "/queue", "/proposals", "/samples", "/absences", "/rules")
_LEADS_PAGES: Final = ("/jobs", "/reasons", "/people", "/audit", "/packs", "/usage")
_OF_SEVERAL_PEOPLE: Final = ("/proposals", "/reasons", "/packs", "/absences", "/people", "/usage")
BEARER: Final = "bearer "
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Opening:
    """A link that works once, and the session it opens."""

    token: str
    secret: str


class SignInError(DQError):
    """Nobody is signed in."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in.

    Attributes:
        actor: What `dq.stewardship` asks for.
        name: What they are called.
    """

    actor: Actor
    name: str

    @property
    def first_name(self) -> str:
        """What a page greets them with."""
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def role(self) -> str:
        """Their role."""
        return self.actor.role

    @property
    def may_work(self) -> bool:
        """Whether there is work for them."""
        return self.actor.has("steward")

    @property
    def may_lead(self) -> bool:
        """Whether they settle disputes and set goals."""
        return self.actor.has("lead")

    @property
    def is_admin(self) -> bool:
        """Whether they manage people."""
        return self.actor.has("admin")

    @property
    def is_masked(self) -> bool:
        """Whether personal data are hidden from them."""
        return not self.actor.has("steward")

    @property
    def departments_said(self) -> str:
        """Whose customers they see, in words."""
        if self.actor.role == "admin" or ALL_DEPARTMENTS in self.actor.departments:
            return "all departments"
        return ", ".join(sorted(self.actor.departments)) or "no department"

    def entries(self, group: Sequence[tuple[str, str]], *, alone: bool = False) -> list[tuple[str, str]]:
        """Return the entries of a group of the menu that lead anywhere for them.

        Args:
            group: Addresses and words.
            alone: The app shows one run to the person at this machine: nobody else is there.

        >>> you = Visitor(Actor("you", "admin", frozenset(["*"])), "You")
        >>> you.entries([("/packs", "Excel packs"), ("/runs", "Runs")], alone=True)
        [('/runs', 'Runs')]
        """
        wanted = [(address, name) for address, name in group if not (alone and address in _OF_SEVERAL_PEOPLE)]
        return [(address, name) for address, name in wanted if self.may_see(address)]

    def may_see(self, address: str) -> bool:
        """Tell whether an entry of the menu leads anywhere for them."""
        if address in _STEWARDS_PAGES:
            return self.may_work
        return self.may_lead if address in _LEADS_PAGES else True


def house_of(request: Request) -> House:
    """Return the house that a request is for."""
    house: House = request.app.state.house
    return house


def now_of(request: Request) -> datetime:
    """Return the moment a request is made; tests set the clock."""
    clock: Clock = request.app.state.clock
    return clock()


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


HouseDep = Annotated[House, Depends(house_of)]
NowDep = Annotated[datetime, Depends(now_of)]


def visitor_of(request: Request, house: HouseDep, now: NowDep) -> Visitor:
    """Return who asks.

    Raises:
        SignInError: Nobody is signed in, or the session or token does not hold any more.
    """
    from dq.web.signing_in import visitor_of_session, visitor_of_token

    header = request.headers.get("authorization", "")
    if header.lower().startswith(BEARER):
        visitor = visitor_of_token(house, header[len(BEARER) :].strip(), now)
    else:
        visitor = visitor_of_session(house, request.session, now)
    if visitor is None:
        raise SignInError("Sign in first.", "Programs send a token: Authorization: Bearer …")
    request.scope["visitor"] = visitor
    return visitor


VisitorDep = Annotated[Visitor, Depends(visitor_of)]


def visible_of(visitor: VisitorDep, house: HouseDep) -> Visible:
    """Return whose rows somebody sees in the files of a run."""
    return Visible(house.sees(visitor.actor))


VisibleDep = Annotated[Visible, Depends(visible_of)]


def steward_of(visitor: VisitorDep) -> Visitor:
    """Return who asks, if there is work for them.

    Raises:
        NotAllowedError: They only read.
    """
    if not visitor.may_work:
        raise NotAllowedError("This page is for stewards.", "Ask your administrator for the role steward.")
    return visitor


def lead_of(visitor: VisitorDep) -> Visitor:
    """Return who asks, if they lead.

    Raises:
        NotAllowedError: They do not.
    """
    if not visitor.may_lead:
        raise NotAllowedError("This page is for leads.", "Ask your administrator for the role lead.")
    return visitor


StewardDep = Annotated[Visitor, Depends(steward_of)]
LeadDep = Annotated[Visitor, Depends(lead_of)]
