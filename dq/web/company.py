"""Sign-in through the company's identity provider (OpenID Connect Core 1.0): who somebody is, and what groups grant.

Authlib speaks the protocol: discovery, authorization code with PKCE (RFC 7636), state, nonce, the provider's keys and
the checks of the id token. What a group grants is configuration; nothing about it is decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from fastapi import Request
from fastapi.responses import Response
from httpx import HTTPError
from joserfc.errors import JoseError

from dq.errors import NotAllowedError
from dq.stewardship.actor import ROLES, Role
from dq.web.settings import CompanySignIn

SCOPES: Final = "openid profile email"
SECONDS: Final = 10.0
"""How long the provider may take to answer: a person is waiting in front of the page."""
_OVERAGE: Final = "_claim_names"
"""Entra ID leaves the groups out of the token and sends this instead where somebody has more than 200."""


@dataclass(frozen=True)
class Admitted:
    """A person the provider vouches for, and what their groups grant."""

    issuer: str
    subject: str
    name: str
    login: str
    role: Role
    departments: tuple[str, ...]


def company_client(company: CompanySignIn) -> StarletteOAuth2App:
    """Return a client of the provider; nothing is asked before somebody signs in."""
    return OAuth().register(
        "company",
        client_id=company.client_id,
        client_secret=company.client_secret,
        server_metadata_url=f"{company.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPES, "code_challenge_method": "S256", "timeout": SECONDS},
    )


async def send_there(client: StarletteOAuth2App, request: Request, back: str) -> Response:
    """Send a browser to the provider; `back` is where the provider sends it afterwards."""
    try:
        answer: Response = await client.authorize_redirect(request, back)
    except HTTPError as error:
        raise _silent() from error
    return answer


async def claims_of(client: StarletteOAuth2App, request: Request) -> dict[str, Any]:
    """Return what the provider says of the person whose browser comes back, its signature checked.

    Raises:
        NotAllowedError: The provider refused, or what came back is not from it or not for this browser.
    """
    try:
        token = await client.authorize_access_token(request)
    except (OAuthError, JoseError) as error:
        raise NotAllowedError(
            "Your company account did not let you in.", "Try again; if it stays, tell your administrator."
        ) from error
    except HTTPError as error:
        raise _silent() from error
    return dict(token.get("userinfo") or {})


def _silent() -> NotAllowedError:
    return NotAllowedError("Your company's sign-in does not answer.", "Try again in a few minutes.")


def admit(claims: Mapping[str, Any], company: CompanySignIn) -> Admitted:
    """Return what a person's groups grant: the highest role, the departments of all groups.

    Raises:
        NotAllowedError: None of the groups has a role, or the provider did not say who or which groups.

    >>> granted = {"roles": {"g1": "steward", "g2": "lead"}, "departments": {"g1": ("north",)}}
    >>> company = CompanySignIn("https://id", "client", "secret", **granted)
    >>> person = admit({"iss": "https://id", "sub": "7", "name": "Ann", "groups": ["g2", "g1"]}, company)
    >>> person.role, person.departments
    ('lead', ('north',))
    """
    groups = claims.get(company.groups_claim)
    if not claims.get("sub"):
        raise NotAllowedError("Your company account did not say who you are.", "Tell your administrator.")
    if groups is None and _OVERAGE in claims:
        raise NotAllowedError(
            "Your company account has more groups than fit into a sign-in.",
            "Ask your administrator to send only the groups assigned to this app.",
        )
    names = [groups] if isinstance(groups, str) else [str(group) for group in groups or ()]
    roles = [company.roles[name] for name in names if name in company.roles]
    if not roles:
        raise NotAllowedError(
            "Your company account is known, but it has no role here.",
            "Ask your administrator for a group that has one.",
        )
    departments = {place for name in names for place in company.departments.get(name, ())}
    return Admitted(
        issuer=str(claims.get("iss", company.issuer)),
        subject=str(claims["sub"]),
        name=str(claims.get("name") or claims.get("preferred_username") or claims.get("email") or "Colleague"),
        login=str(claims.get("preferred_username") or claims.get("email") or claims["sub"]),
        role=max(roles, key=ROLES.index),
        departments=tuple(sorted(departments)),
    )
