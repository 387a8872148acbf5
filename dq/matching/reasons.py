"""Why a pair looks like one customer or not: a sentence per piece of evidence, in the words of the policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dq.matching.ceilings import SENTENCES
from dq.matching.evidence import CEILING, COMPARISONS
from dq.matching.scoring import GENERIC
from dq.matching.vetoes import REASONS
from dq.standards.ladders import Ladder
from dq.standards.matching import Matching

STRONG: Final = 7.0
"""Weight from which on evidence is called strong: it alone multiplies the odds by a hundred and more (2 ** 7 = 128)."""
NOTHING: Final = 1.0
"""Weight below which evidence says nothing worth a steward's eye: it less than doubles the odds."""
TOPICS: Final = {
    "first_name": "first name",
    "middle_name": "middle name",
    "last_name": "last name",
    "generation": "Jr or Sr",
    "birth_date": "birth date",
    "tax_id": "tax id",
    "other_id": "other number",
    "phone": "phone",
    "email": "e-mail",
    "address": "address",
    "name": "name",
    "legal_form": "legal form",
    "lei": "legal entity identifier",
    "duns": "DUNS number",
    "website": "website",
}


@dataclass(frozen=True)
class Reason:
    """One piece of evidence.

    Attributes:
        side: `for` one customer, `against` it, or `aside` where it says nothing either way.
        text: A sentence a steward reads.
    """

    side: str
    text: str


def reasons(pair: Mapping[str, Any], matching: Matching) -> tuple[Reason, ...]:
    """Return the evidence of a compared pair: what speaks for it first, the strongest first.

    Args:
        pair: A row of the table `pairs`: a level and a weight per comparison, null where nothing was compared.
        matching: Policy of the run.
    """
    is_person = isinstance(pair.get("first_name"), str) or isinstance(pair.get("last_name"), str)
    found = []
    for comparison in COMPARISONS:
        level, weight = pair.get(comparison), pair.get(f"{comparison}_weight")
        if comparison != CEILING and isinstance(level, str):
            found.append((float(weight or 0.0), _told(comparison, level, float(weight or 0.0), matching, is_person)))
    order = {"for": 0, "against": 1, "aside": 2}
    found.sort(key=lambda one: (order[one[1].side], -abs(one[0]), one[1].text))
    return (*(reason for _, reason in found), *_held_back(pair))


def pattern(pair: Mapping[str, Any], matching: Matching) -> str:
    """Return what agrees and what differs of a compared pair, without how much each weighs: pairs alike share it.

    In the order of the comparisons; what was not compared is left out, and so is what only says that nothing counts.
    """
    is_person = isinstance(pair.get("first_name"), str) or isinstance(pair.get("last_name"), str)
    told = []
    for comparison in COMPARISONS:
        level = pair.get(comparison)
        if comparison != CEILING and isinstance(level, str) and level != GENERIC:
            told.append(_told(comparison, level, 0.0, matching, is_person).text.rstrip("."))
    told += ["with a caution"] if isinstance(pair.get(CEILING), str) or isinstance(pair.get("veto"), str) else []
    return "; ".join(text[:1].lower() + text[1:] for text in told)


def _held_back(pair: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Return why strong evidence does not count in full, and what forbids joining the two."""
    ceiling, veto = pair.get(CEILING), pair.get("veto")
    told = [SENTENCES[ceiling]] if isinstance(ceiling, str) and ceiling in SENTENCES else []
    told += [REASONS.get(veto, veto)] if isinstance(veto, str) else []
    return tuple(Reason("against", _sentence(text)) for text in told)


def _told(comparison: str, level: str, weight: float, matching: Matching, is_person: bool) -> Reason:
    words = _words(comparison, level, matching, is_person)
    topic = TOPICS.get(comparison, comparison.replace("_", " "))
    # "Same address." speaks for itself; "a typing error apart" needs to say of what.
    text = words if topic in words else f"{topic}: {words}"
    if weight >= STRONG:
        text += " (strong)"
    side = "aside" if abs(weight) < NOTHING else "for" if weight > 0 else "against"
    return Reason(side, _sentence(text))


def _words(comparison: str, level: str, matching: Matching, is_person: bool) -> str:
    if level == GENERIC:
        return "shared by too many customers to say anything"
    ladders = (matching.person, matching.organization)
    for ladder in ladders if is_person else ladders[::-1]:
        found = getattr(ladder, comparison, None)
        if isinstance(found, Ladder) and hasattr(found, level):
            return str(getattr(found, level).say)
    return level.replace("_", " ")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
