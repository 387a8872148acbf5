"""Web addresses: one spelling, in which scheme, `www.` and case tell no difference. Fetches nothing.

The normal form is host and path without a scheme (`acme.com/shop`): every browser and CRM takes it, two spellings of
one site become equal, and nothing is claimed about a scheme that nobody tested. What was typed stays in `value_raw`.
"""

import re

import pandas as pd

from dq.standardize.distinct import Outcome, standardize_distinct
from dq.standardize.known_values import KnownValues

_LONGEST = 2_000
"""Longer addresses work in no browser for certain; a cell of that length is prose."""
_SCHEME = re.compile(r"^(?:https?|hhtps?|htpps?|http)(?::/*|;/+|//+)", re.IGNORECASE)
_WWW = re.compile(r"^www[0-9]?\.(?=[^/]*\.)", re.IGNORECASE)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[^\W\d_](?:[\w-]{{0,61}}[^\W_])\.?")
_PORT = re.compile(r":(?:80|443)?$")
_EMAIL = re.compile(r"[^@\s/]+@[^@\s/]+\.[^@\s/]+")


def standardize_websites(values: pd.Series, known: KnownValues) -> pd.DataFrame:
    """Write web addresses in one spelling; columns `value`, `reason`, `flags`, one row per value."""
    return standardize_distinct(values, lambda text: standardize_website(text, known))


def standardize_website(text: str, known: KnownValues) -> Outcome:
    """Write one web address as host and path, or keep it as typed with a flag.

    Args:
        text: The address as typed.
        known: Reference lists of the standards.

    >>> from dq.standardize.known_values import NOTHING_KNOWN
    >>> standardize_website("HTTP://WWW.Acme.com/", NOTHING_KNOWN).value
    'acme.com'
    """
    address = text.strip().strip("<>\"'").strip()
    if len(address) > _LONGEST or " " in address or not address.isprintable():
        return Outcome(text, None, "website:invalid")
    address = _SCHEME.sub("", address)
    if _EMAIL.fullmatch(address.removeprefix("mailto:")):
        return Outcome(text, None, "website:is_email")
    host, path = _parted(address)
    if not _HOST.fullmatch(_without_port(host)) or len(host) > 253:
        return Outcome(text, None, "website:invalid")
    flag = "website:placeholder" if known.is_placeholder("website", host) else None
    return Outcome(host + path, "website_normalized", flag)


def _parted(address: str) -> tuple[str, str]:
    """Part an address into its host in lower case without `www.` and the rest as typed."""
    cut = re.search(r"[/?#]", address)
    position = cut.start() if cut else len(address)
    host, path = address[:position], address[position:]
    host = _PORT.sub("", host.lower()).rstrip(".")
    while host.startswith("www") and _WWW.match(host):
        host = _WWW.sub("", host)
    return host, path.rstrip("/") if set(path) <= {"/"} or not re.search(r"[?#]", path) else path


def _without_port(host: str) -> str:
    return re.sub(r":[0-9]{1,5}$", "", host) if ":" in host else host
