"""E-mail addresses: one spelling by email-validator without DNS, doubts as flags. Proposes a domain, never applies one.

The whole address is written in lower case: no provider of note tells `Ann@` from `ann@`, and what was typed stays in
`value_raw`.
"""

import re
from functools import lru_cache

import email_validator
import pandas as pd
from rapidfuzz.distance import OSA

from dq.standardize.distinct import Outcome, standardize_distinct
from dq.standardize.known_values import KnownValues

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+)")
"""Addresses of ASCII dot-atoms (RFC 5322 section 3.2.3): valid exactly where their domain is."""
_LONGEST, _LONGEST_LOCAL = 254, 64  # RFC 5321 section 4.5.3.1 with erratum 1690
_BRACKETED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_AROUND_AT = re.compile(r"\s*@\s*")
_OUTER = " \t\r\n\f\v\xa0\u200b\ufeff\0.,;:'\"<>()[]"
_ENDING = re.compile(r"\.[^.]+$")


def standardize_emails(values: pd.Series, known: KnownValues) -> pd.DataFrame:
    """Write e-mail addresses in one spelling; columns `value`, `reason`, `flags`, one row per value."""
    domains: dict[str, tuple[str | None, str | None]] = {}
    return standardize_distinct(values, lambda text: standardize_email(text, known, domains))


def standardize_email(
    text: str, known: KnownValues, domains: dict[str, tuple[str | None, str | None]] | None = None
) -> Outcome:
    """Write one address in lower case without what a mail program put around it, or keep it as typed with a flag.

    Args:
        text: The address as typed.
        known: Reference lists of the standards.
        domains: Memory of domains judged before; grows.

    >>> from dq.standardize.known_values import NOTHING_KNOWN
    >>> standardize_email("Ann Lee <Ann@Lee.ORG>", NOTHING_KNOWN).value
    'ann@lee.org'
    """
    mended = _mended(text)
    plain = _PLAIN.fullmatch(mended)
    if plain is None or len(mended) > _LONGEST or len(plain[1]) > _LONGEST_LOCAL or "xn--" in mended:
        return _standardize_rare(text, mended, known)
    local, typed_domain = plain[1].lower(), plain[2].lower()
    memory = domains if domains is not None else {}
    if typed_domain not in memory:
        memory[typed_domain] = _judged(typed_domain, known)
    domain, doubt = memory[typed_domain]
    if domain is None:
        return Outcome(text, None, "email:invalid")
    value = f"{local}@{domain}"
    return Outcome(value, _reason(text, mended), _doubts(value, local, doubt, known))


def _mended(text: str) -> str:
    if "<" in text and len(text) <= 1_000:  # a longer cell is prose; a display name and an address are far shorter
        bracketed = _BRACKETED.findall(text)
        text = bracketed[0] if len(bracketed) == 1 else text
    mended = text.strip(_OUTER)
    if mended[:7].lower() == "mailto:":
        mended = mended[7:].split("?", 1)[0].strip(_OUTER)
    return _AROUND_AT.sub("@", mended) if "@" in mended else mended


def _reason(text: str, mended: str) -> str:
    return "email_lower_case" if text == mended else "email_mended"


def _standardize_rare(text: str, mended: str, known: KnownValues) -> Outcome:
    """Judge what is no plain address: other scripts, international domains, nonsense."""
    value = _validated(_validated(mended).lower()) if len(mended) <= _LONGEST else ""
    # Lower case of some scripts is not stable (İ); an address that would change again is left alone.
    if not value or value != value.lower() or _mended(value) != value:
        return Outcome(text, None, "email:invalid")
    local, _, domain = value.rpartition("@")
    return Outcome(value, _reason(text, mended), _doubts(value, local, _domain_doubt(domain, known), known))


def _validated(address: str) -> str:
    """Return the address as email-validator writes it, empty where it is none."""
    try:
        return email_validator.validate_email(address, check_deliverability=False).normalized
    except email_validator.EmailNotValidError:
        return ""


def _judged(domain: str, known: KnownValues) -> tuple[str | None, str | None]:
    """Return the domain as email-validator writes it (None where it is none) and what is doubtful about it."""
    value = _validated(f"x@{domain}").partition("@")[2]
    return (value, _domain_doubt(value, known)) if value else (None, None)


def _domain_doubt(domain: str, known: KnownValues) -> str | None:
    if known.is_placeholder("email_domain", domain):
        return "email:placeholder"
    proposal = propose_domain(domain, known)
    return f"email:domain_typo={proposal}" if proposal else None


def propose_domain(domain: str, known: KnownValues) -> str | None:
    """Return the domain that was probably meant, None where the domain looks right.

    A listed misspelling comes first, then an ending that does not exist (`.con`), then one letter's difference (optimal
    string alignment 1) from a very common domain: among customers these are so frequent that a neighbour is nearly
    always a slip, and it is only proposed.
    """
    if domain in known.mail_domains:
        return None
    if domain in known.domain_typos:
        return known.domain_typos[domain]
    ending = _ENDING.search(domain)
    if ending and ending[0] in known.ending_typos:
        mended = domain[: ending.start()] + known.ending_typos[ending[0]]
        return propose_domain(mended, known) or mended
    return _neighbour(domain, known.proposed_domains)


@lru_cache(maxsize=100_000)
def _neighbour(domain: str, common: tuple[str, ...]) -> str | None:
    for candidate in common:
        if abs(len(candidate) - len(domain)) <= 1 and OSA.distance(domain, candidate, score_cutoff=1) <= 1:
            return candidate
    return None


def _doubts(value: str, local: str, doubt: str | None, known: KnownValues) -> str | None:
    flags = set()
    if doubt:
        flags.add(doubt)
    if known.is_placeholder("email", value) or known.is_placeholder("email_local", local):
        flags.add("email:placeholder")
    if local in known.role_accounts and "email:placeholder" not in flags:
        flags.add("email:role_account")
    return " ".join(sorted(flags)) or None
