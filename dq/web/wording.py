"""The words of stewards for what the engine calls otherwise; no page invents its own."""

from datetime import UTC, date, datetime
from typing import Final

from dq.stewardship.blocked_cases import target_of
from dq.text.counts import counted

KINDS: Final = {
    "possible_match": "Possible duplicate",
    "contradiction": "Decisions that contradict each other",
    "parse_doubt": "Doubtful reading",
    "address_doubt": "Doubtful address",
    "name_doubt": "Doubtful name",
    "unverified_address": "Address nobody could verify",
    "invalid_value": "Wrong value",
    "placeholder": "Made-up value",
    "sensitive_note": "Sensitive data in a note",
    "unmapped_value": "Value the new system does not know",
    "blocked": "Cannot be loaded",
    "broken_contract": "Extract that changed its shape",
    "reported": "Reported by a colleague",
}
STATUSES: Final = {
    "open": "Open",
    "waiting": "Waits for a second person",
    "disputed": "Two people disagree",
    "waived": "Left as it is for now",
    "resolved": "Decided",
    "gone": "No longer there",
}
SEVERITIES: Final = {"stop": "Stops publishing", "warn": "To be mended", "info": "For information"}
STEPS: Final = {
    "take-over": "bringing what stays",
    "ingest": "reading the file",
    "standardize": "cleaning values",
    "verify": "checking addresses",
    "match": "looking for duplicates",
    "cluster": "putting customers together",
    "survive": "choosing the best values",
    "validate": "checking the rules",
    "report": "writing the result",
}
"""Steps of a run as people read them."""
SMALLEST_SHOWN: Final = 0.005
"""What two decimals round to something."""
JUDGEMENTS: Final = {"SAME": "Same customer", "DIFFERENT": "Different customers", "UNSURE": "Unsure"}
OUTCOMES: Final = {"rule_right": "the rule is right", "rule_wrong": "the rule is wrong here"}
ROLES: Final = {
    "viewer": "reads scorecards, sees personal data masked",
    "steward": "decides cases of own departments",
    "lead": "settles disputes, decides in bulk, sets goals",
    "admin": "manages people and roles",
}
PARTIES: Final = {"party_type=person": "Persons", "party_type=organization": "Organisations"}
COLUMNS: Final = {
    "record_id": "Record",
    "source_key": "Number in the source",
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "organization_name": "Organisation",
    "trade_name": "Trade name",
    "address_line1": "Address",
    "address_line2": "Above the address",
    "city": "City",
    "state": "State",
    "zip5": "ZIP",
    "zip4": "ZIP+4",
    "postal_code": "Postal code",
    "birth_on": "Born on",
    "tax_id": "Tax number",
    "email": "E-mail",
    "created_at": "Recorded",
    "updated_at": "Last changed",
    "verified_on": "Last checked",
    "value_amount": "Worth",
    "party_type": "Person or organisation",
    "job_title": "Job title",
    "do_not_mail": "Do not mail",
    "do_not_email": "Do not e-mail",
    "do_not_call": "Do not call",
    "do_not_text": "Do not text",
}


def said(name: object) -> str:
    """Return a rule, reason or column as words.

    >>> said("zip_has_five_digits"), said("extra.BALANCE"), said("address_line1")
    ('zip has five digits', 'BALANCE', 'Address')
    >>> said("salesforce.Contact.Email.INVALID_EMAIL_ADDRESS")
    'Contact.Email in salesforce: INVALID_EMAIL_ADDRESS'
    """
    text = str(name)
    if text in COLUMNS:
        return COLUMNS[text]
    target = target_of(text)
    if target and not text.startswith("extra."):  # the target's own names are looked up as they are
        place, _, code = text.removeprefix(f"{target}.").rpartition(".")
        return f"{place} in {target}: {code}"
    return text.removeprefix("extra.").replace("_", " ")


def sentence(name: str) -> str:
    """Return a rule as the sentence that is true when it passes.

    >>> sentence("zip_has_five_digits")
    'ZIP has five digits'
    """
    if target_of(name):
        return said(name)
    words = name.replace("_", " ").split()
    shown = [{"zip": "ZIP", "email": "e-mail", "id": "ID", "usps": "USPS"}.get(word, word) for word in words]
    text = " ".join(shown)
    return text[:1].upper() + text[1:]


def column(name: str) -> str:
    """Return the name of a column as it stands on a page.

    >>> column("first_name"), column("extra.BALANCE"), column("mobile")
    ('First name', 'BALANCE', 'Mobile')
    """
    text = said(name)
    return text[:1].upper() + text[1:]


def moved(difference: float) -> str:
    """Return how far a number moved, with its sign; what is less than two decimals show has four, nothing has none.

    >>> moved(1.234), moved(-0.5), moved(-0.0012), moved(0.0)
    ('+1.23', '-0.50', '-0.0012', '0.00')
    """
    told = f"{difference:+.2f}" if abs(difference) >= SMALLEST_SHOWN else f"{difference:+.4f}"
    return told if float(told) else "0.00"


def percent(share: float) -> str:
    """Return a share as people write it; nothing is all or none that is not.

    >>> percent(0.7966), percent(1), percent(0.99998), percent(0.0001)
    ('79.7 %', '100.0 %', 'over 99.9 %', 'under 0.1 %')
    """
    if 0.9995 <= share < 1:
        return "over 99.9 %"
    return "under 0.1 %" if 0 < share < 0.0005 else f"{100 * share:.1f} %"


def group_of(by: str, value: str) -> str:
    """Return a source, department or segment as people say it.

    >>> group_of("source", "crm"), group_of("segment", "state=TX"), group_of("party_type", "party_type=")
    ('crm', 'State TX', 'Person or organisation: not given')
    """
    name, parted, text = value.partition("=")
    if value in PARTIES:
        return PARTIES[value]
    if by in ("source", "department") or not parted:
        return value
    return f"{column(name)} {said(text)}" if text else f"{column(name)}: not given"


def kind(name: str) -> str:
    """Return a kind of case.

    >>> kind("possible_match"), kind("blood_moon")
    ('Possible duplicate', 'Blood moon')
    """
    return KINDS.get(name, name.replace("_", " ").capitalize())


def day(value: object) -> str:
    """Return a day as people write it; empty where there is none.

    >>> day("2026-11-22"), day(None), day("2026-11-22T05:18:19.000000Z")
    ('22 Nov 2026', '', '22 Nov 2026')
    """
    if not value:
        return ""
    found = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{found.day} {found:%b %Y}"


def moment(value: object) -> str:
    """Return an instant as people write it, UTC said; empty where there is none.

    >>> moment("2026-11-22T05:18:19.000000Z")
    '22 Nov 2026, 05:18 UTC'
    """
    if not value:
        return ""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    found = found.astimezone(UTC)
    return f"{day(found)}, {found:%H:%M} UTC"


count: Final = counted
