"""Tax numbers, LEI and D-U-N-S: one notation each where the shape is certain. Looks nobody up.

American notations are applied to rows of the United States, or to text that has the American punctuation already.
"""

import re
from functools import lru_cache, partial

import pandas as pd
from stdnum import lei
from stdnum.exceptions import ValidationError
from stdnum.us import ein

from dq.standardize.distinct import (
    Outcome,
    column_of,
    group_names,
    parts_of,
    standardize_by_group,
    standardize_distinct,
)
from dq.standardize.known_values import KnownValues
from dq.standards import RowPolicy

_EIN = re.compile(r"([0-9]{2})\s?-\s?([0-9]{7})")
_SSN = re.compile(r"([0-9]{3})[- ]\s?([0-9]{2})[- ]\s?([0-9]{4})")
_NINE = re.compile(r"[0-9]{9}")
_MASKED = re.compile(r"(?:[Xx*#•]+[- ]?){1,2}[0-9]{0,4}|[Xx*#•]{3,}.*")
_LABEL = re.compile(r"^(?:EIN|FEIN|TIN|SSN|ITIN|TAX\s?ID|D-?U-?N-?S|LEI)\b[\s#:.]*(?=\S)", re.IGNORECASE)
_LONGEST = 100
"""No identifier has more than 30 characters; with a label and blanks it stays far below; more is prose."""


def standardize_tax_ids(frame: pd.DataFrame, policy: RowPolicy, known: KnownValues) -> pd.DataFrame:
    """Write American tax numbers as `12-3456789` (EIN) or `123-45-6789` (SSN, ITIN); leave others as typed.

    Nine bare digits are an EIN of an organisation and an SSN of a person; where the party type is unknown they stay.

    Args:
        frame: Gives `tax_id`, `party_type`, `country` and `source`.
        policy: Says the country of sources whose rows have none.
        known: Reference lists of the standards.

    Returns:
        Columns `value`, `reason`, `flags`, one row per row of the frame.
    """

    def of_group(values: pd.Series, group: str) -> pd.DataFrame:
        party_type, country, source = parts_of(group, 3)
        is_american = (country or policy.standards.source(source).country) == "US"
        return standardize_distinct(
            values, partial(standardize_tax_id, party_type=party_type, is_american=is_american, known=known)
        )

    return standardize_by_group(
        column_of(frame, "tax_id"), group_names(frame, ("party_type", "country", "source")), of_group
    )


def standardize_tax_id(text: str, party_type: str, is_american: bool, known: KnownValues) -> Outcome:
    """Write one tax number in its official notation, or keep it as typed.

    Args:
        text: The number as typed.
        party_type: `person`, `organization` or empty.
        is_american: Whether the row belongs to the United States.
        known: Reference lists of the standards.

    >>> from dq.standardize.known_values import NOTHING_KNOWN
    >>> standardize_tax_id("EIN: 123456788", "organization", True, NOTHING_KNOWN).value
    '12-3456788'
    """
    bare = _bare(text)
    digits = re.sub(r"[^0-9]", "", bare)
    if _is_filling(digits, bare, known, "tax_id"):
        return Outcome(text, None, "tax_id:placeholder")
    if _MASKED.fullmatch(bare):
        return Outcome(text, None, "tax_id:masked")
    kind = _tax_kind(bare, party_type, is_american)
    if kind is None:
        # Whether another country's number is right is that country's rule; only an American one can be judged here.
        return Outcome(text, None, "tax_id:invalid" if is_american and not _NINE.fullmatch(bare) else None)
    is_valid = _is_ein(digits) if kind == "ein" else _is_ssn(digits)
    if not is_valid:
        return Outcome(text, None, "tax_id:invalid")
    written = f"{digits[:2]}-{digits[2:]}" if kind == "ein" else f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
    return Outcome(written, "tax_id_notation")


def _bare(text: str) -> str:
    return text if len(text) > _LONGEST else _LABEL.sub("", text.strip(" \t\r\n\0\xa0"))


def _is_filling(digits: str, bare: str, known: KnownValues, kind: str) -> bool:
    """Say whether the digits (not the letters) of an identifier are one digit over and over, or a listed filling."""
    is_number = bool(digits) and not re.search(r"[A-Za-z]", bare)
    return is_number and ((len(digits) >= 5 and len(set(digits)) == 1) or known.is_placeholder(kind, digits))


def _tax_kind(bare: str, party_type: str, is_american: bool) -> str | None:
    if _EIN.fullmatch(bare):
        return "ein"
    if _SSN.fullmatch(bare):
        return "ssn"
    if is_american and _NINE.fullmatch(bare):
        return {"organization": "ein", "person": "ssn"}.get(party_type)
    return None


def _is_ein(digits: str) -> bool:
    return digits[:2] in _ein_prefixes()


@lru_cache(maxsize=1)
def _ein_prefixes() -> frozenset[str]:
    """Return the two-digit prefixes that the IRS gives out, from python-stdnum's table."""
    return frozenset(prefix for number in range(100) if ein.is_valid(f"{(prefix := f'{number:02d}')}0000001"))


def _is_ssn(digits: str) -> bool:
    """Say whether SSA or IRS can have issued the number (POMS RM 10201.035; areas 900 to 999 are ITINs of the IRS)."""
    return digits[:3] not in {"000", "666"} and digits[3:5] != "00" and digits[5:] != "0000"


def standardize_leis(values: pd.Series, known: KnownValues) -> pd.DataFrame:
    """Write Legal Entity Identifiers as 20 capitals and digits (ISO 17442); `value`, `reason`, `flags` per row."""
    return standardize_distinct(values, lambda text: standardize_lei(text, known))


def standardize_lei(text: str, known: KnownValues) -> Outcome:
    """Write one LEI without blanks in capitals if its check digits are right, or keep it as typed with a flag.

    Args:
        text: The identifier as typed.
        known: Reference lists of the standards.

    >>> from dq.standardize.known_values import NOTHING_KNOWN
    >>> standardize_lei("2138 00ku-d8la JWSQ 9D15", NOTHING_KNOWN).value
    '213800KUD8LAJWSQ9D15'
    """
    compact = re.sub(r"[\s-]", "", _bare(text)).upper() if len(text) <= _LONGEST else text
    if _is_filling(compact, compact, known, "lei"):
        return Outcome(text, None, "lei:placeholder")
    try:
        is_valid = compact.isascii() and lei.validate(compact) == compact
    except ValidationError:
        is_valid = False
    return Outcome(compact, "lei_notation") if is_valid else Outcome(text, None, "lei:invalid")


def standardize_duns(values: pd.Series, known: KnownValues) -> pd.DataFrame:
    """Write D-U-N-S numbers as nine digits (12-345-6789 loses its hyphens); `value`, `reason`, `flags` per row."""
    return standardize_distinct(values, lambda text: standardize_duns_number(text, known))


def standardize_duns_number(text: str, known: KnownValues) -> Outcome:
    """Write one D-U-N-S number as nine digits, or keep it as typed with a flag.

    Args:
        text: The number as typed.
        known: Reference lists of the standards.

    >>> from dq.standardize.known_values import NOTHING_KNOWN
    >>> standardize_duns_number("DUNS 12-345-6788", NOTHING_KNOWN).value
    '123456788'
    """
    digits = re.sub(r"[\s.-]", "", _bare(text)) if len(text) <= _LONGEST else text
    if _is_filling(digits, digits, known, "duns"):
        return Outcome(text, None, "duns:placeholder")
    return Outcome(digits, "duns_notation") if _NINE.fullmatch(digits) else Outcome(text, None, "duns:invalid")
