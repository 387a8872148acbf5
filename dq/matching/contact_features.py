"""Phones, e-mails and website domains of a record, all of them, as matching compares them."""

import re

import numpy as np
import pandas as pd

from dq.matching.folding import by_distinct, column, joined
from dq.model import TEXT

_PHONE_KINDS = ("phone", "mobile")
_NOT_DIGITS = re.compile(r"\D+")
_LEAST_DIGITS = 7
"""Fewer digits are an extension or a fragment, not a phone."""
_WHOLE = len("+15550104477")
"""Letters of an American phone as standardising writes it."""
_HOST = re.compile(r"^(?:[a-z]+://)?(?:www\d?\.)?([^/?#:\s]+)")


def channels_of(records: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """Return `phones`, `emails`, `domains`: all values of each record, sorted, parted by blanks."""
    return pd.DataFrame(
        {
            "phones": _all(records, owned, _PHONE_KINDS, bare_phone),
            "emails": _all(records, owned, ("email",), bare_email),
            "domains": _all(records, owned, ("website",), host),
        }
    ).astype(TEXT)


def _all(records: pd.DataFrame, owned: pd.DataFrame, kinds: tuple[str, ...], clean: object) -> pd.Series:
    values = [column(records, kind) for kind in kinds]
    owners = [np.arange(len(records))] * len(kinds)
    chosen = owned[owned["kind"].isin(kinds)]
    values.append(column(chosen, "value"))
    owners.append(chosen["owner"].to_numpy())
    assert callable(clean)
    return joined(by_distinct(pd.concat(values), clean), np.concatenate(owners), len(records))


def bare_phone(text: str) -> str:
    """Return the digits of a phone without the American country code.

    >>> bare_phone("+1 (555) 010-4477"), bare_phone("x12")
    ('5550104477', '')
    """
    if len(text) == _WHOLE and text.startswith("+1") and text.isascii() and text[1:].isdigit():
        digits = text[2:]
        return digits if digits.count(digits[0]) < len(digits) else ""
    digits = _NOT_DIGITS.sub("", text.partition("x")[0])
    digits = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    return digits if len(digits) >= _LEAST_DIGITS and len(set(digits)) > 1 else ""


def bare_email(text: str) -> str:
    """Return an e-mail address in lower case, the empty text for what is none.

    >>> bare_email("Mary.Kwan@Example.COM "), bare_email("n/a")
    ('mary.kwan@example.com', '')
    """
    email = "".join(text.lower().split())
    local, _, domain = email.rpartition("@")
    return email if local and domain else ""


def host(text: str) -> str:
    """Return the host of a website without `www`.

    >>> host("HTTPS://www.Acme.com/shop")
    'acme.com'
    """
    found = _HOST.match(text.strip().lower())
    return found.group(1) if found and "." in found.group(1) else ""
