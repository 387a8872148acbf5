"""Reference lists of the contact and identifier standardisers as sets and mappings, read once per standards."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from dq.standards import Standards

_PLACEHOLDERS = "placeholder_values"


@dataclass(frozen=True)
class KnownValues:
    """What `standards/reference` says about values that look right and mean nothing, or look wrong in a known way.

    Attributes:
        placeholders: Kind of value → values typed to fill the field.
        role_accounts: Local parts that belong to a function.
        domain_typos: Misspelt e-mail domain → the one meant.
        ending_typos: Misspelt ending of a domain (`.con`) → the one meant.
        mail_domains: Well-known domains of e-mail; right as typed.
        proposed_domains: The ones so common that a domain one letter away is taken for a misspelling.
        phone_labels: Words beside a number that say whose or which it is.
    """

    placeholders: dict[str, frozenset[str]]
    role_accounts: frozenset[str]
    domain_typos: dict[str, str]
    ending_typos: dict[str, str]
    mail_domains: frozenset[str]
    proposed_domains: tuple[str, ...]
    phone_labels: re.Pattern[str] = field(compare=False)

    def is_placeholder(self, kind: str, value: str) -> bool:
        """Say whether the value is listed as filling of a field of this kind."""
        return value in self.placeholders.get(kind, frozenset())


NOTHING_KNOWN = KnownValues({}, frozenset(), {}, {}, frozenset(), (), re.compile(r"(?!)"))
"""No reference list at all: what the notation alone says."""


def known_values(standards: Standards) -> KnownValues:
    """Return the reference lists of these standards; equal hashes are read once."""
    return _read(standards.hash, _Holder(standards))


@dataclass(frozen=True)
class _Holder:
    """Carries the standards past the cache: every holder is equal, the hash beside it decides."""

    standards: Standards = field(compare=False)


@lru_cache(maxsize=4)
def _read(_standards_hash: str, holder: _Holder) -> KnownValues:
    table = holder.standards.table
    listed = table(_PLACEHOLDERS)
    typos = dict(zip(table("email_domain_typos")["typo"], table("email_domain_typos")["domain"], strict=True))
    domains = table("email_domains")
    labels = sorted(table("phone_labels")["label"], key=lambda label: (-len(label), label))
    words = "|".join(re.escape(label) for label in labels)
    return KnownValues(
        placeholders={str(kind): frozenset(group) for kind, group in listed.groupby("kind")["value"]},
        role_accounts=frozenset(table("role_accounts")["local_part"]),
        domain_typos={typo: domain for typo, domain in typos.items() if not typo.startswith(".")},
        ending_typos={typo: domain for typo, domain in typos.items() if typo.startswith(".")},
        mail_domains=frozenset(domains["domain"]),
        proposed_domains=tuple(sorted(domains.loc[domains["is_proposed"] == "yes", "domain"])),
        phone_labels=re.compile(rf"^(?:{words})\b[\s.:#-]*|[\s,;:-]+(?:{words})\.?$", re.IGNORECASE),
    )
