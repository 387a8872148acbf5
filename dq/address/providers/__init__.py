"""Online sources of evidence, off by default: what they would cost, asking them, keeping what they said.

Nothing here runs inside a run. Only addresses leave the house; secrets come from the environment and go nowhere else.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic import SecretStr

from dq.address.providers import census, smarty, usps
from dq.address.providers.calling import Manners
from dq.address.providers.census import CensusGeocoder
from dq.address.providers.clock import Clock
from dq.address.providers.contract import Address, Answer, Provider, Quota, Terms
from dq.address.providers.gathering import GatherReport, gather, preview
from dq.address.providers.planning import CallPlan, plan_calls
from dq.address.providers.smarty import SmartyStreet
from dq.address.providers.usps import UspsAddresses
from dq.errors import SettingsError

TERMS: Final[Mapping[str, Terms]] = MappingProxyType(
    {terms.name: terms for terms in (usps.TERMS, smarty.TERMS, census.TERMS)}
)
"""Every provider by the word it is asked for with."""


def terms_of(name: str) -> Terms:
    """Return what is known of a provider before asking; no secret is needed for that.

    Raises:
        SettingsError: There is no such provider.
    """
    if name not in TERMS:
        raise SettingsError(f"there is no provider {name}", f"choose one of {', '.join(TERMS)}")
    return TERMS[name]


def open_provider(
    name: str,
    environ: Mapping[str, str],
    *,
    base_url: str | None = None,
    quota: Quota | None = None,
    clock: Clock | None = None,
    manners: Manners | None = None,
) -> Provider:
    """Return a provider that can be asked; nothing is sent yet.

    Args:
        name: One of `TERMS`.
        environ: The environment, for the secrets.
        base_url: Where the provider is, if not at its usual place.
        quota: What it grants, if not the usual.
        clock: Time.
        manners: Timeouts, retries, breaker.

    Raises:
        SettingsError: No such provider, a secret is missing, or the URL is not https.
    """
    terms = terms_of(name)
    quota = quota or terms.quota
    if name == "usps":
        key, secret = _secrets(environ, terms, "DQ_USPS_CLIENT_ID", "DQ_USPS_CLIENT_SECRET")
        url = base_url or usps.BASE_URL
        return UspsAddresses(key, secret, base_url=url, quota=quota, clock=clock, manners=manners)
    if name == "smarty":
        key, secret = _secrets(environ, terms, "DQ_SMARTY_AUTH_ID", "DQ_SMARTY_AUTH_TOKEN")
        url, subscription = base_url or smarty.BASE_URL, environ.get("DQ_SMARTY_LICENSE", "")
        return SmartyStreet(key, secret, license=subscription, base_url=url, quota=quota, clock=clock, manners=manners)
    return CensusGeocoder(base_url=base_url or census.BASE_URL, quota=quota, clock=clock, manners=manners)


def _secrets(environ: Mapping[str, str], terms: Terms, *names: str) -> tuple[SecretStr, ...]:
    missing = [name for name in names if not environ.get(name, "").strip()]
    if missing:
        raise SettingsError(
            f"{terms.title} wants {' and '.join(missing)} in the environment",
            "set them there; they are read from nowhere else and written nowhere",
        )
    return tuple(SecretStr(environ[name].strip()) for name in names)


__all__ = [
    "TERMS",
    "Address",
    "Answer",
    "CallPlan",
    "CensusGeocoder",
    "Clock",
    "GatherReport",
    "Manners",
    "Provider",
    "Quota",
    "SmartyStreet",
    "Terms",
    "UspsAddresses",
    "gather",
    "open_provider",
    "plan_calls",
    "preview",
    "terms_of",
]
