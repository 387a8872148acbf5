"""Phones, e-mails and website domains of a record, all of them, as matching compares them."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dq.matching.folding import column, text_array
from dq.matching.points import Points, further
from dq.matching.singles import Single, joined, single_of

_PHONE_KINDS = ("phone", "mobile")
_NOT_DIGITS = re.compile(r"\D+")
_LEAST_DIGITS = 7
"""Fewer digits are an extension or a fragment, not a phone."""
_WHOLE = len("+15550104477")
"""Letters of an American phone as standardising writes it."""
_ONE_DIGIT = pa.array([10 * digit for digit in "0123456789"], type=pa.large_string())
"""What is typed where there is no phone, as a whole American one."""
_SPREADSHEET = re.compile(r"\s*([2-9])\.(\d{5})[eE]\+?\d+\s*")
"""A number that a spreadsheet has shortened (3.05538E+13): of what is left, area code and exchange."""
SHORTENED = "~"
"""Sign after the first digits of a phone whose others are gone."""
_RUN_ON = re.compile(r"([2-9]\d\d[2-9]\d{6})\d{1,4}")
"""An American number and its extension written as one number, without a country code before it."""
_HOST = re.compile(r"^(?:[a-z]+://)?(?:www\d?\.)?([^/?#:\s]+)")


def channels_of(records: pd.DataFrame, points: Points) -> dict[str, Single]:
    """Return `phones`, `emails`, `domains`: all values of each record, sorted, parted by blanks."""
    return {
        "phones": _all(records, points, _PHONE_KINDS, bare_phones),
        "emails": _all(records, points, ("email",), bare_emails),
        "domains": _all(records, points, ("website",), lambda values: values.made(host)),
    }


def _all(records: pd.DataFrame, points: Points, kinds: tuple[str, ...], clean: Callable[[Single], Single]) -> Single:
    texts, owners = [], []
    for kind in kinds:
        own, chosen = text_array(column(records, kind)), points.chosen((kind,))
        theirs, of = points.texts(chosen, "value"), points.owners[chosen]
        more = further(of, {kind: own}, {kind: theirs})
        texts += [own, theirs.take(pa.array(more))]
        owners += [np.arange(len(records)), of[more]]
    return joined(clean(single_of(pa.concat_arrays(texts))), np.concatenate(owners), len(records))


def bare_phones(values: Single) -> Single:
    """Return `bare_phone` of each text."""
    usual = pc.match_substring_regex(values.texts, r"^\+1[0-9]{10}$")
    digits = pc.utf8_slice_codeunits(values.texts, 2)
    digits = pc.if_else(pc.is_in(digits, value_set=_ONE_DIGIT), "", digits)
    return values.mapped(_with_others(values.texts, usual, digits, bare_phone))


def bare_emails(values: Single) -> Single:
    """Return `bare_email` of each text."""
    usual = pc.match_substring_regex(values.texts, "^[!-~]+@[!-?A-~]+$")
    return values.mapped(_with_others(values.texts, usual, pc.utf8_lower(values.texts), bare_email))


def _with_others(texts: pa.Array, usual: pa.Array, made: pa.Array, function: Callable[[str], str]) -> pa.Array:
    """Return what was made of usual texts, and what a function makes of each other one."""
    others = pc.invert(usual)
    found = [function(text) for text in texts.filter(others).to_pylist()]
    return pc.replace_with_mask(made, others, pa.array(found, type=pa.large_string()))


def bare_phone(text: str) -> str:
    """Return the digits of a phone without the American country code and without extension.

    >>> bare_phone("+1 (555) 010-4477"), bare_phone("x12"), bare_phone("30553831933"), bare_phone("3.05538E+13")
    ('5550104477', '', '3055383193', '305538~')
    """
    if len(text) == _WHOLE and text.startswith("+1") and text.isascii() and text[1:].isdigit():
        digits = text[2:]
        return digits if digits.count(digits[0]) < len(digits) else ""
    shortened = _SPREADSHEET.fullmatch(text)
    if shortened:
        return shortened.group(1) + shortened.group(2) + SHORTENED
    digits = _NOT_DIGITS.sub("", text.partition("x")[0])
    digits = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    run_on = None if text.startswith("+") else _RUN_ON.fullmatch(digits)
    digits = run_on.group(1) if run_on else digits
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
