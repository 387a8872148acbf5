"""Telephone numbers: E.164 and extension by phonenumbers, doubts as flags. Never guesses a country.

Plain ten-digit numbers of the North American plan take a vectorised road whose result equals phonenumbers'.
"""

import re
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, ValidationResult

from dq.model import TEXT
from dq.standardize.distinct import spread, standardize_by_group
from dq.standardize.known_values import KnownValues

_LONGEST = 250
"""phonenumbers refuses longer text; a number with its remarks is far shorter."""

_PLAIN_AT_HOME = r"\s*(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\)|[2-9][0-9]{2})[ .-]{0,2}[2-9][0-9]{2}[ .-]?[0-9]{4}\s*"
_PLAIN_ABROAD = r"\s*\+1[ .-]?(?:\([2-9][0-9]{2}\)|[2-9][0-9]{2})[ .-]{0,2}[2-9][0-9]{2}[ .-]?[0-9]{4}\s*"
_HOME = ("US", "CA")
"""Regions where ten digits are read as the North American plan's by the fast road; the islands take the long one."""

_KINDS_OF_NUMBER = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
"""The kinds whose patterns phonenumbers looks through to call a number valid."""
_FICTITIOUS = re.compile(r"[0-9]{3}55501[0-9]{2}")
_SPREADSHEET = re.compile(r"([1-9])(?:\.([0-9]+))?[Ee]\+?([0-9]{1,2})")
_TRAILING_ZERO = re.compile(r"([0-9]{7,15})\.0+")
_REMARK = re.compile(r"\s*[(\[][^()\[\]0-9]*[)\]]\s*$")
_VANITY = re.compile(r"[A-Za-z]{3}")


class Phone(NamedTuple):
    """One number: E.164 or the text as typed, why it was altered, doubts, the extension."""

    value: str
    reason: str | None = None
    flags: str | None = None
    extension: str | None = None


def standardize_phones(values: pd.Series, countries: pd.Series, known: KnownValues) -> pd.DataFrame:
    """Write every number that can be read as E.164 and say what is doubtful about it.

    Args:
        values: Numbers as typed.
        countries: ISO alpha-2 code per row; missing means unknown: only numbers with + are read there.
        known: Reference lists of the standards.

    Returns:
        Columns `value`, `reason`, `flags`, `extension`, with the index of `values`.
    """
    return standardize_by_group(values, countries, partial(_standardize_group, known=known))


def _standardize_group(values: pd.Series, country: str, known: KnownValues) -> pd.DataFrame:
    codes, distinct = pd.factorize(values)
    typed = pd.Series(distinct, dtype=TEXT)
    plain = is_plain(typed, country)
    fast = iter(_plain_phones(typed[plain], known))
    phones = [
        next(fast) if is_fast else standardize_phone(text, country, known)
        for text, is_fast in zip(typed.tolist(), plain.tolist(), strict=True)
    ]
    return spread(phones or [Phone("")], codes, values.index)


def is_plain(typed: pd.Series, country: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Say which texts are nothing but ten digits of the North American plan in a usual notation."""
    shape = _PLAIN_AT_HOME if country in _HOME else _PLAIN_ABROAD
    return typed.str.fullmatch(shape).to_numpy(dtype=bool)


def _plain_phones(typed: pd.Series, known: KnownValues) -> list[Phone]:
    digits = typed.str.replace(r"[^0-9]", "", regex=True).str.slice(-10)
    valid = digits.str.fullmatch(_valid_american()).to_numpy(dtype=bool)
    fictitious = digits.str.fullmatch(_FICTITIOUS.pattern).to_numpy(dtype=bool)
    placeholder = digits.isin(known.placeholders.get("phone", frozenset())).to_numpy(dtype=bool) | digits.str.fullmatch(
        "|".join(f"{digit}{{10}}" for digit in range(10))
    ).to_numpy(dtype=bool)
    return [
        Phone(text, None, "phone:placeholder")
        if is_placeholder
        else Phone(f"+1{number}", "phone_e164", _doubt(is_fictitious, is_valid))
        for text, number, is_valid, is_fictitious, is_placeholder in zip(
            typed.tolist(), digits.tolist(), valid.tolist(), fictitious.tolist(), placeholder.tolist(), strict=True
        )
    ]


def _doubt(is_fictitious: bool, is_valid: bool) -> str | None:
    if is_fictitious:
        return "phone:fictitious"
    return None if is_valid else "phone:invalid"


@lru_cache(maxsize=1)
def _valid_american() -> str:
    """Return phonenumbers' patterns of all numbers in use under country code 1 as one pattern."""
    patterns = {
        getattr(metadata, kind).national_number_pattern
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1]
        for metadata in [PhoneMetadata.metadata_for_region(region)]
        for kind in _KINDS_OF_NUMBER
        if metadata is not None and getattr(metadata, kind) is not None
    }
    return "|".join(sorted(pattern for pattern in patterns if pattern))


def standardize_phone(text: str, country: str, known: KnownValues) -> Phone:
    """Write one number as E.164 with its extension, or keep it as typed with a flag.

    Args:
        text: The number as typed.
        country: ISO alpha-2 code, empty where unknown.
        known: Reference lists of the standards.

    >>> from dq.standardize.known_values import NOTHING_KNOWN
    >>> standardize_phone("1-800-FLOWERS ext. 7", "US", NOTHING_KNOWN)[::3]
    ('+18003569377', '7')
    """
    mended = _mended(text, known)
    digits = re.sub(r"[^0-9]", "", mended)
    national = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if (len(digits) >= 3 and len(set(national)) == 1) or known.is_placeholder("phone", national):
        return Phone(text, None, "phone:placeholder")
    region = country if country in phonenumbers.SUPPORTED_REGIONS else None
    number = _parse(mended, region)
    if number is None:
        is_lost = region is None and not mended.startswith("+") and len(digits) >= (3 if _VANITY.search(mended) else 7)
        return Phone(text, None, "phone:country_unknown" if is_lost else "phone:impossible")
    return _written(text, number)


def _written(text: str, number: PhoneNumber) -> Phone:
    length = phonenumbers.is_possible_number_with_reason(number)
    national = phonenumbers.national_significant_number(number)
    if length == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return Phone(text, None, "phone:no_area_code")
    is_valid = phonenumbers.is_valid_number(number)
    if length != ValidationResult.IS_POSSIBLE or (not is_valid and not _has_sound_start(number, national)):
        return Phone(text, None, "phone:impossible")
    if len(set(national)) == 1:
        return Phone(text, None, "phone:placeholder")
    is_fictitious = number.country_code == 1 and bool(_FICTITIOUS.fullmatch(national))
    extension = re.sub(r"[^0-9]", "", number.extension or "") or None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(e164, "phone_e164", _doubt(is_fictitious, is_valid), extension)


def _has_sound_start(number: PhoneNumber, national: str) -> bool:
    """Say whether an unassigned number could be assigned; in America area code and exchange start with 2 to 9."""
    if number.country_code == 1:
        return len(national) == 10 and national[0] in "23456789" and national[3] in "23456789"
    return not number.italian_leading_zero


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    if len(text) > _LONGEST or "@" in text:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    # Letters beyond the length of a vanity number are not dialled: 1-800-CONTACTS.
    if number.country_code == 1 and _VANITY.search(text):
        phonenumbers.truncate_too_long_number(number)
    return number


def _mended(text: str, known: KnownValues) -> str:
    """Take away what is no part of the number: remarks, labels, what a spreadsheet did to it without loss."""
    mended = text.replace("\0", "").strip()
    if len(mended) > _LONGEST:
        return mended
    spreadsheet = _SPREADSHEET.fullmatch(mended)
    if spreadsheet and len(spreadsheet[2] or "") == int(spreadsheet[3]):
        return spreadsheet[1] + (spreadsheet[2] or "")
    trailing = _TRAILING_ZERO.fullmatch(mended)
    if trailing:
        return trailing[1]
    return known.phone_labels.sub("", _REMARK.sub("", mended)).strip()
