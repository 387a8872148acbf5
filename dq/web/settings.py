"""How the app is reached and who may sign in: the table `[web]` of `dq.toml`, then `DQ_WEB_*`.

Nothing here is a secret of the data: `DQ_WEB_SECRET` signs session cookies, `DQ_OIDC_SECRET` is what the company's
identity provider gave this app.
"""

import ipaddress
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from dq.errors import SettingsError
from dq.stewardship.actor import ROLES, Role

DEFAULT_SECRET: Final = "change me: 32 characters of your own"  # noqa: S105 (what the manual's example says)
SHORTEST_SECRET: Final = 32
"""Characters of a secret: 128 bits even where somebody writes hexadecimal digits only."""


@dataclass(frozen=True)
class CompanySignIn:
    """The company's identity provider, spoken to by OpenID Connect.

    Attributes:
        issuer: Address below which `/.well-known/openid-configuration` is found.
        client_id: What the provider calls this app.
        client_secret: What this app proves itself with.
        name: What the button says: "Sign in with …".
        groups_claim: Claim of the id token that lists a person's groups.
        roles: Group → role. Of several the highest counts; without any the person may not come in.
        departments: Group → departments whose customers its members work on; `*` is all of them.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str = "your company account"
    groups_claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    departments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class WebSettings:
    """What a start of the app needs to know.

    Attributes:
        secret: Signs cookies.
        url: Address people type, without a slash at the end; decides the names the app answers to and `Secure`.
        session_hours: A session ends so long after signing in, whatever happens.
        idle_minutes: A session ends so long after the last page.
        upload_megabytes: Largest body of a request.
        runs_at_once: Runs that people start in the app and that work at the same time; others wait.
        check_days: Days that the result of a checked file is kept.
        company: The company's identity provider, None where there are local accounts only.
    """

    secret: str
    url: str
    session_hours: float = 10.0  # a working day
    idle_minutes: float = 60.0
    upload_megabytes: float = 64.0
    runs_at_once: int = 1  # a run uses all cores but one
    check_days: float = 7.0  # a week to look at it; then whole customers lie nowhere they need not
    company: CompanySignIn | None = None

    @property
    def is_https(self) -> bool:
        """Tell whether cookies may travel encrypted only."""
        return self.url.startswith("https://")

    @property
    def origin(self) -> str:
        """Return what a browser sends as `Origin` from the app's own pages."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """Return the host name (and port) that requests must be addressed to."""
        return urlsplit(self.url).netloc


def load_web_settings(home: Path | None, host: str, port: int) -> WebSettings:
    """Read `[web]` of the home's `dq.toml`; environment variables win.

    Args:
        home: The home folder, None for a single run.
        host: Address the server listens on.
        port: Its port.

    Raises:
        SettingsError: The file is wrong, or the app would be public without a secret and an address of its own.
    """
    table = _table(home)
    secret = str(os.environ.get("DQ_WEB_SECRET") or table.get("secret") or "")
    url = str(os.environ.get("DQ_WEB_URL") or table.get("url") or "").rstrip("/")
    if not is_loopback(host):
        _check_public(secret, url, host)
    return WebSettings(
        # Without a secret of its own a private app gets one per start: sessions end with it.
        secret=secret if _is_own(secret) else secrets.token_urlsafe(SHORTEST_SECRET),
        url=url or f"http://{_bracketed(host)}:{port}",
        session_hours=_number(table, "session_hours", 10.0),
        idle_minutes=_number(table, "idle_minutes", 60.0),
        upload_megabytes=_number(table, "upload_megabytes", 64.0),
        runs_at_once=max(1, int(_number(table, "runs_at_once", 1.0))),
        check_days=_number(table, "check_days", 7.0),
        company=_company(table),
    )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("dq.example.com")
    (True, True, False, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_own(secret: str) -> bool:
    return len(secret) >= SHORTEST_SECRET and secret != DEFAULT_SECRET


def _check_public(secret: str, url: str, host: str) -> None:
    if not _is_own(secret):
        raise SettingsError(
            f"{host} can be reached from other machines, and the app has no secret of its own",
            f"set DQ_WEB_SECRET to {SHORTEST_SECRET} characters or more that nobody else knows, or listen on 127.0.0.1",
        )
    if not url:
        raise SettingsError(
            f"{host} can be reached from other machines, and the app does not know its address",
            "set DQ_WEB_URL to what people type, such as https://dq.example.com",
        )


def _table(home: Path | None) -> dict[str, Any]:
    if home is None:
        return {}
    content = tomllib.loads((home / "dq.toml").read_text(encoding="utf-8"))
    table = content.get("web", {})
    if not isinstance(table, dict):
        raise SettingsError(f"{home / 'dq.toml'}: web is no table", "write [web] on a line of its own")
    return table


def _number(table: Mapping[str, Any], key: str, default: float) -> float:
    value = os.environ.get(f"DQ_WEB_{key.upper()}", table.get(key, default))
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"[web] {key} is {value!r}", "write a number") from error
    if number <= 0:
        raise SettingsError(f"[web] {key} is {value!r}", "write a number above 0")
    return number


def _company(table: Mapping[str, Any]) -> CompanySignIn | None:
    given = table.get("company")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise SettingsError("[web] company is no table", "write [web.company] on a line of its own")
    secret = str(os.environ.get("DQ_OIDC_SECRET") or given.get("client_secret") or "")
    missing = [key for key in ("issuer", "client_id") if not given.get(key)] + ([] if secret else ["client_secret"])
    if missing:
        raise SettingsError(
            f"[web.company] lacks {', '.join(missing)}",
            "the identity provider gives them for this app; the secret may come as DQ_OIDC_SECRET",
        )
    named = {str(group): str(role) for group, role in given.get("roles", {}).items()}
    roles: dict[str, Role] = {group: role for group, name in named.items() for role in ROLES if role == name}
    wrong = sorted(set(named.values()) - set(ROLES))
    if wrong:
        raise SettingsError(f"[web.company.roles] names {', '.join(wrong)}", f"a role is one of {', '.join(ROLES)}")
    return CompanySignIn(
        issuer=str(given["issuer"]).rstrip("/"),
        client_id=str(given["client_id"]),
        client_secret=secret,
        name=str(given.get("name", "your company account")),
        groups_claim=str(given.get("groups_claim", "groups")),
        roles=roles,
        departments={str(g): tuple(map(str, names)) for g, names in given.get("departments", {}).items()},
    )
