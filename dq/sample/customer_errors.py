"""What people do to names, addresses, phones, e-mails and dates of customers: the kinds of defects by name."""

import re
from collections.abc import Callable

from dq.sample import typing_errors
from dq.sample.reference import SampleReference

Kind = Callable[[str, float, str], str]
"""Takes a cell, a number in [0, 1) that decides between ways, and a hint of the row; returns the cell itself where the
defect cannot strike it."""

FILLS_EMPTY = frozenset({"card_in_note", "ssn_in_note", "company_placeholder"})
"""Kinds that strike empty cells only; all others strike filled ones only."""

_STATE = re.compile(r"(?:(?<=^)|(?<=[ ,]))([A-Z]{2})(?= \d{5}|$)")
_FICTITIOUS = re.compile(r"\d{3}(\D*)\d{4}$")
_ENDS_IN_ZIP = re.compile(r"\b\d{5}$")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def kinds(reference: SampleReference) -> dict[str, Kind]:
    """Return every kind of defect by name."""
    typed: dict[str, Kind] = {
        "typo_transposed": typing_errors.transposed,
        "typo_dropped": typing_errors.dropped,
        "typo_doubled": typing_errors.doubled,
        "typo_keyboard": typing_errors.mistyped,
        "digit_typo": typing_errors.digit_mistyped,
        "case_upper": typing_errors.upper,
        "case_lower": typing_errors.lower,
        "blanks_added": typing_errors.blanks_added,
        "accent_lost": typing_errors.accent_lost,
        "mojibake": typing_errors.mojibake,
        "missing": typing_errors.emptied,
    }
    # These take the value their layout has ready for the row.
    for kind in ("trade_name_only", "trade_name_added", "account_missing_in_crm", "owner_left", "moved"):
        typed[kind] = typing_errors.replaced
    return typed | _name_kinds(reference) | _address_kinds(reference) | _contact_kinds(reference)


def _name_kinds(reference: SampleReference) -> dict[str, Kind]:
    given = reference.first_names["female"].words
    return {
        "nickname": lambda value, chance, _: _of(reference.nicknames.get(value, ()), chance, value),
        "initial_only": lambda value, *_: value[:1] + "." if len(value) > 2 else value,
        "two_people": lambda value, chance, _: _two_people(value, str(given[int(chance * 40)])),
        "name_order": lambda value, *_: _first_name_first(value),
        "name_placeholder": _listed(reference, "name_placeholder"),
        "do_not_use_mark": _appended(reference, "do_not_use_mark"),
        "legal_form_respelled": _word(reference, "legal_form_respelled", last=True),
        "legal_form_dropped": _legal_form_dropped(reference),
        "word_shortened": _word(reference, "word_shortened"),
        "ampersand_respelled": _word(reference, "ampersand_respelled"),
        "article_dropped": lambda value, *_: re.sub(r"^the ", "", value, flags=re.IGNORECASE),
        "store_number_respelled": _store_number_respelled,
        "company_placeholder": _listed(reference, "company_placeholder"),
        "card_in_note": _listed(reference, "card_in_note"),
        "ssn_in_note": _listed(reference, "ssn_in_note"),
    }


def _address_kinds(reference: SampleReference) -> dict[str, Kind]:
    return {
        "street_spelled_out": _word(reference, "street_spelled_out", last=True),
        "directional_spelled_out": _word(reference, "directional_spelled_out"),
        "unit_respelled": _word(reference, "unit_respelled"),
        "unit_dropped": lambda value, *_: re.sub(r" (apt|unit|ste|fl|bldg|lot|#) \w+$", "", value, flags=re.IGNORECASE),
        "unit_on_new_line": lambda value, *_: re.sub(r" (?=(Apt|Unit|Ste|Fl|Bldg|Lot) \w+$)", "\n", value),
        "address_placeholder": _listed(reference, "address_placeholder"),
        "city_misspelt": _city_misspelt,
        "state_spelled_out": lambda value, *_: reference.states.get(value, value),
        "state_contradicts_zip": _other_state(reference),
        "zip_lost_zero": lambda value, *_: re.sub(r"(^|[ ])0(\d{4})$", r"\1\2", value),
        "zip_plus4": lambda value, chance, _: (
            f"{value}-{1000 + int(chance * 8999)}" if _ENDS_IN_ZIP.search(value) else value
        ),
        "country_respelled": _listed_for(reference, "country_respelled"),
        "comma_lost": lambda value, *_: value.replace(",", "", 1),
    }


def _contact_kinds(reference: SampleReference) -> dict[str, Kind]:
    words = reference.variants["word_for_phone"][""]
    return {
        "phone_restyled": _phone_restyled,
        "phone_placeholder": _listed(reference, "phone_placeholder"),
        "phone_fictitious": lambda value, chance, _: _FICTITIOUS.sub(
            lambda found: f"555{found[1]}01{int(chance * 100):02d}", value
        ),
        "phone_several": lambda value, chance, _: (
            f"{value}; {_other_number(value, chance)} x{10 + int(chance * 89)} {_of(words, chance, '')}"
        ),
        "phone_extension": lambda value, chance, _: (
            f"{value} {_of(('x', 'ext. '), chance, '')}{100 + int(chance * 899)}"
        ),
        "phone_too_short": lambda value, *_: value[:-2],
        "phone_spreadsheet": lambda value, *_: f"{float(value):.5E}" if len(value) == 10 and value.isdigit() else value,
        "email_domain_typo": _email_domain_typo(reference),
        "email_without_at": lambda value, chance, _: value.replace("@", ("", " at ", ".")[int(chance * 3)]),
        "email_placeholder": _listed(reference, "email_placeholder"),
        "date_placeholder": _listed(reference, "date_placeholder"),
        "date_placeholder_us": _listed(reference, "date_placeholder_us"),
        "date_respelled": lambda value, *_: _date_respelled(value),
        "impossible_date": _listed(reference, "impossible_date"),
        "amount_respelled": lambda value, chance, _: (f"${float(value):,.2f}", f"{float(value):,.2f}")[int(chance * 2)],
    }


def _of(choices: tuple[str, ...], chance: float, otherwise: str) -> str:
    return choices[int(chance * len(choices))] if choices else otherwise


def _listed(reference: SampleReference, kind: str) -> Kind:
    choices = reference.variants[kind][""]
    return lambda value, chance, _: _of(choices, chance, value)


def _listed_for(reference: SampleReference, kind: str) -> Kind:
    choices = reference.variants[kind]
    return lambda value, chance, _: _of(choices.get(value, ()), chance, value)


def _appended(reference: SampleReference, kind: str) -> Kind:
    choices = reference.variants[kind][""]
    return lambda value, chance, _: value + _of(choices, chance, "")


def _word(reference: SampleReference, kind: str, last: bool = False) -> Kind:
    """Return a kind that respells the first (or last) word it knows, in the case of the cell."""
    choices = {word.upper(): becomes for word, becomes in reference.variants[kind].items()}

    def respell(value: str, chance: float, _hint: str) -> str:
        words, known = value.split(" "), value.upper().split(" ")
        places = range(len(words) - 1, 0, -1) if last else range(len(words))
        for at in places:
            if known[at] in choices:
                word = _of(choices[known[at]], chance, words[at])
                text = " ".join((*words[:at], word.upper() if value.isupper() else word, *words[at + 1 :]))
                return text.replace(" ,", ",")
        return value

    return respell


def _store_number_respelled(value: str, chance: float, _hint: str) -> str:
    respelled = value.replace("#", _of(("Store ", "No. ", "# "), chance, "#"))
    return respelled.upper() if value.isupper() else respelled


def _legal_form_dropped(reference: SampleReference) -> Kind:
    forms = {form.upper() for form in reference.variants["legal_form_respelled"]}

    def drop(value: str, _chance: float, _hint: str) -> str:
        head, _, form = value.rpartition(" ")
        return head if head and form.upper() in forms else value

    return drop


def _two_people(value: str, other: str) -> str:
    """Put a second first name into the cell; `LAST, FIRST` in billing.

    >>> _two_people("SMITH, JOHN", "Mary"), _two_people("John", "Mary")
    ('SMITH, JOHN & MARY', 'John & Mary')
    """
    return f"{value} & {other.upper() if value.isupper() else other}"


def _first_name_first(value: str) -> str:
    """Turn `LAST, FIRST M` around.

    >>> _first_name_first("SMITH, JOHN Q")
    'JOHN Q SMITH'
    """
    last, comma, first = value.partition(", ")
    return f"{first} {last}" if comma else value


def _city_misspelt(value: str, chance: float, _hint: str) -> str:
    city, comma, rest = value.partition(",")
    for wrong in (typing_errors.dropped, typing_errors.transposed, typing_errors.doubled):
        misspelt = wrong(city, chance)
        if misspelt != city:
            return misspelt + comma + rest
    return value


def _other_state(reference: SampleReference) -> Kind:
    states = sorted(reference.states)

    def contradict(value: str, chance: float, _hint: str) -> str:
        found = _STATE.search(value)
        if found is None or found[1] not in reference.states:
            return value
        # A step of 1 to n-1 around the ring of states never comes back to the state itself.
        step = 1 + int(chance * (len(states) - 1))
        other = states[(states.index(found[1]) + step) % len(states)]
        return value[: found.start(1)] + other + value[found.end(1) :]

    return contradict


def _digits(value: str) -> str:
    return _NOT_DIGITS.sub("", value)


def _other_number(value: str, chance: float) -> str:
    digits = _digits(value)
    return f"{digits[:3]}-{200 + int(chance * 354)}-{int(chance * 9_999_999) % 10_000:04d}"


def _phone_restyled(value: str, chance: float, _hint: str) -> str:
    digits = _digits(value)
    if len(digits) != 10:
        return value
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    ways = (
        f"{area}.{exchange}.{line}",
        f"+1 {area} {exchange} {line}",
        f"1-{area}-{exchange}-{line}",
        f"{area} {exchange} {line}",
        f"({area}){exchange}-{line}",
        digits,
        f"+1{digits}",
    )
    return ways[int(chance * len(ways))]


def _email_domain_typo(reference: SampleReference) -> Kind:
    typos = reference.variants["email_domain_typo"]

    def misspell(value: str, chance: float, _hint: str) -> str:
        local, _, domain = value.rpartition("@")
        return f"{local}@{_of(typos.get(domain, ()), chance, domain)}" if local else value

    return misspell


def _date_respelled(value: str) -> str:
    """Write a date in words.

    >>> _date_respelled("03/05/2021"), _date_respelled("2021-03-05")
    ('Mar 5, 2021', 'Mar 5, 2021')
    """
    found = re.match(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)$|(?P<m2>\d\d)/(?P<d2>\d\d)/(?P<y2>\d{4})$", value)
    if found is None:
        return value
    year, month, day = (found[name] or found[f"{name}2"] for name in "ymd")
    return f"{_MONTHS[int(month) - 1]} {int(day)}, {year}"
