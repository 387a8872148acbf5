"""Who acts: name, role and departments, and what follows from them."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from dq.errors import NotAllowedError
from dq.standards.stewardship import Stewardship

Role = Literal["viewer", "steward", "lead", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""From the least to the most."""
ALL_DEPARTMENTS: Final = "*"
Scope = Literal["read", "decide", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
"""What an API token may be used for."""


@dataclass(frozen=True)
class Actor:
    """Somebody who is signed in, or the house itself at night.

    Attributes:
        name: Login.
        role: What they may do.
        departments: Whose records they see; `*` stands for all.
        scopes: What the API token in use allows; None where a person is signed in.
        via: What carried the action where the person is not signed in, as the audit says it: `pack 12 by lee`.
    """

    name: str
    role: Role
    departments: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
    via: str = ""

    def has(self, role: Role) -> bool:
        """Tell whether the role is at least `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def needs(self, role: Role, to: str, scope: Scope = "decide") -> None:
        """Refuse whoever has less than `role`, or a token without the scope.

        Raises:
            NotAllowedError: Naming what it would take.
        """
        if not self.has(role):
            raise NotAllowedError(f"{self.name} is {self.role} and may not {to}", f"it takes a {role}")
        if self.scopes is not None and scope not in self.scopes:
            raise NotAllowedError(f"this token may not {to}", f"it takes the scope {scope}")

    def sees(self, policy: Stewardship) -> frozenset[str] | None:
        """Return the departments whose records they see, None for all of them.

        An admin sees all. What no department owns is seen by leads, or by everybody where policy says so.
        """
        if self.role == "admin" or ALL_DEPARTMENTS in self.departments:
            return None
        shares = policy.no_department == "everyone" or self.has("lead")
        return self.departments | {""} if shares else self.departments - {""}

    def owns(self, department: str, policy: Stewardship) -> bool:
        """Tell whether records of a department are theirs."""
        mine = self.sees(policy)
        return mine is None or department in mine


HOUSE: Final = Actor("dq", "admin", frozenset({ALL_DEPARTMENTS}))
"""The nightly run and the terminal: acts without a person being signed in."""
