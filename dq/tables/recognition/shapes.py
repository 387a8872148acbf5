"""What the values of a column look like: shares of cells that look like an e-mail, a ZIP, a street line, a given name.

Looks at values only, never at headers.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.model import TEXT
from dq.tables.recognition.dates import looks_like_date
from dq.tables.recognition.vocabulary import Vocabulary
from dq.tables.recognition.whole_cells import whole_shapes

MAX_DISTINCT: Final = 1500
"""Distinct values looked at per column: a share of 50 % is then known to ±2.6 points, which no decision turns on."""

_EMAIL: Final = re.compile(r"[^\s@<>\"]+@[^\s@<>]+\.[A-Za-z]{2,}")
_EXTENSION: Final = re.compile(r"(?i)[,;]?\s*(?:x|ext\.?|extn\.?|extension|#)\s*:?\s*\d{1,6}\s*$")
_LABEL: Final = re.compile(
    r"(?i)\([^()]*[a-z][^()]*\)|^(?:tel|ph|phone|cell|mobile|home|work|fax|office|[hwcmfto])\b[.:]?"
)
_PHONE: Final = re.compile(r"\+?[\d\s().\-/·–]{7,24}")
_ZIP_US: Final = re.compile(r"\d{5}(?:[-\s]?\d{4})?|\d{5}-")
_ZIP_LOST: Final = re.compile(r"\d{3,4}|\d{7,8}|\d{4}-\d{4}")
_POSTCODE: Final = re.compile(
    r"(?i)[A-Z]\d[A-Z][ -]?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"  # Canada, United Kingdom
    r"|(?:[A-Z]{1,2}-)?\d{4,6}|\d{4} ?[A-Z]{2}|\d{2,5}-\d{3}|\d{3} \d{2}"
)
_URL: Final = re.compile(r"(?i)(?:https?://|www\.)\S+|(?:[a-z0-9-]+\.)+[a-z]{2,12}(?:/\S*)?")
_SSN: Final = re.compile(r"\d{3}[- ]\d{2}[- ]\d{4}|(?:\d{3}|[*xX]{3})-?[*xX\d]{2}-?\d{4}(?<!\d{9})")
_EIN: Final = re.compile(r"\d{2}-\d{7}")
_LEI: Final = re.compile(r"(?i)[A-Z0-9]{18}\d{2}")
_DUNS: Final = re.compile(r"\d{2}-\d{3}-\d{4}|\d{9}")
_SCIENTIFIC: Final = re.compile(r"(?i)\d(?:[.,]\d+)?E\+\d{1,3}")
_INTEGER: Final = re.compile(r"\d+")
_AMOUNT: Final = re.compile(r"[$€£]?\s?-?\(?\d[\d,. ]*\)?(?:\.\d+)?\s?(?:[$€£]|USD|EUR|[kKmM])?")
_HOUSE: Final = re.compile(r"(?i)[NSEW]?\d{1,6}(?:\s?[A-Z])?(?:[-/]\d{1,5}[A-Z]?)?(?:\s1/[234])?")
_BOX: Final = re.compile(r"(?i)\b(?:p\.?\s*o\.?\s*(?:box|bx|b\b)|post office box|postfach|apartado)|^box\s+\d+")
_STATE_ZIP: Final = re.compile(
    r"(?i)\b([A-Z]{2}|[A-Z]{4,}(?: [A-Z]{4,})?)[.,]?\s+(\d{5}(?:-?\d{4})?)\s*(?:,?\s*(?:USA?|United States))?\s*$"
)
_CITY_STATE: Final = re.compile(r"(?i)^[^\d,]{2,40},\s*[A-Z]{2}\.?$")
_INITIAL: Final = re.compile(r"[^\W\d_]\.?")
_ALPHA: Final = re.compile(r"[^\W\d_][^\d@]*")
_NAME_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*")
_OPAQUE: Final = re.compile(r"(?i)(?=.*\d)[A-Z0-9]+(?:[-_.:][A-Z0-9]+)*|[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9]{15,18}")


@dataclass(frozen=True)
class Profile:
    """Shares of a column's filled cells, 0–1 by shape, and the numbers around them.

    Attributes:
        filled: Filled cells of the sample (null tokens count as empty).
        rows: Rows of the sample.
        distinct: Distinct filled values of the sample.
        shares: Shape → share of filled cells; a shape that never occurs is absent.
        mean_words: Blank-parted words per cell.
        mean_length: Characters per cell.
        top: Most frequent values, for reasons.
    """

    filled: int
    rows: int
    distinct: int
    shares: Mapping[str, float]
    mean_words: float = 0.0
    mean_length: float = 0.0
    top: tuple[str, ...] = ()

    def share(self, *shapes: str) -> float:
        """Return the largest share among the shapes."""
        return max((self.shares.get(shape, 0.0) for shape in shapes), default=0.0)

    @property
    def uniqueness(self) -> float:
        """Distinct values per filled cell; 0 without values."""
        return self.distinct / self.filled if self.filled else 0.0


def profile_column(cells: pd.Series, vocabulary: Vocabulary, null_tokens: frozenset[str]) -> Profile:
    """Describe one column of a sample.

    Args:
        cells: Source text as typed.
        vocabulary: Reference words.
        null_tokens: Lower-case cells that mean "no value".
    """
    trimmed = cells.astype(TEXT).str.strip()
    counts = trimmed.value_counts()
    counts = counts[[bool(value) and value.lower() not in null_tokens for value in counts.index]]
    filled = int(counts.sum())
    if not filled:
        return Profile(0, len(cells), 0, {})
    pairs = sorted(zip(counts.index.tolist(), counts.tolist(), strict=True))
    top = tuple(value for value, _ in sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:3])
    looked = pairs
    if len(pairs) > MAX_DISTINCT:
        # The smallest checksums are a sample that does not depend on row order.
        looked = sorted(pairs, key=lambda pair: (zlib.crc32(pair[0].encode()), pair[0]))[:MAX_DISTINCT]
    total = sum(count for _, count in looked)
    sums: dict[str, int] = {}
    words = length = 0
    for value, count in looked:
        value = value[:400]
        words += count * len(value.split())
        length += count * len(value)
        for shape in shapes_of(value, vocabulary):
            sums[shape] = sums.get(shape, 0) + count
    shares = {shape: round(count / total, 4) for shape, count in sorted(sums.items())}
    return Profile(filled, len(cells), len(pairs), shares, words / total, length / total, top)


def shapes_of(value: str, vocabulary: Vocabulary) -> set[str]:
    """Return everything one trimmed cell looks like; a cell can look like several things.

    >>> empty = Vocabulary({}, {}, frozenset(), {"ca": "CA"}, {}, {}, {})
    >>> sorted(shapes_of("94105-1201", empty) & {"email", "phone", "zip_us"})
    ['zip_us']
    """
    found = {name for name, test in _TESTS.items() if test(value)}
    if "date" not in found and looks_like_date(value):
        found.add("date")
    found |= _phone_shapes(value, found)
    folded = value.lower().replace(".", "").strip()
    found |= set(_word_shapes(folded, vocabulary))
    if not found & {"email", "digits", "date"}:
        found |= set(_name_shapes(value, vocabulary))
        found |= set(_street_shapes(value, folded, vocabulary))
    if found & {"full_name", "organization"} and not found & {"numbered_line", "place_us"}:
        found.add("party_name")
    return found | set(whole_shapes(value, vocabulary.words.get("street", {})))


def is_phone(value: str) -> bool:
    """Say whether a cell reads as a phone number with its punctuation, labels and extension; dates and ids do not."""
    return bool(_phone_shapes(value, {name for name, test in _TESTS.items() if test(value)}))


def is_scientific(value: str) -> bool:
    """Say whether a number went through a spreadsheet: `1.23457E+11`."""
    return _SCIENTIFIC.fullmatch(value) is not None


def _full(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "at": lambda value: "@" in value,
    "email": lambda value: "@" in value and _EMAIL.search(value) is not None,
    "digits": _full(_INTEGER),
    "zip_us": _full(_ZIP_US),
    "zip_plus4": lambda value: len(value) in (9, 10) and _ZIP_US.fullmatch(value) is not None,
    "zip_lost": _full(_ZIP_LOST),
    "four_digits": lambda value: len(value) == 4 and value.isdigit(),
    "postcode": _full(_POSTCODE),
    "url": lambda value: "@" not in value and _URL.fullmatch(value) is not None,
    "ssn": _full(_SSN),
    "ein": _full(_EIN),
    "lei": lambda value: len(value) == 20 and any(c.isalpha() for c in value) and _LEI.fullmatch(value) is not None,
    "duns": _full(_DUNS),
    "scientific": is_scientific,
    "amount": _full(_AMOUNT),
    "house_number": _full(_HOUSE),
    "has_digit": lambda value: any(character.isdigit() for character in value),
    "po_box": lambda value: _BOX.search(value) is not None,
    "initial": _full(_INITIAL),
    "alpha": _full(_ALPHA),
    "opaque": _full(_OPAQUE),
    "state_zip_end": lambda value: len(value) > 9 and _STATE_ZIP.search(value) is not None,
    "comma": lambda value: "," in value,
    "commas": lambda value: value.count(",") >= 2,
    "long": lambda value: len(value) > 80,
}


def _phone_shapes(value: str, found: set[str]) -> set[str]:
    if found & {"at", "ssn", "ein", "zip_us", "zip_lost"} or looks_like_date(value) or not found & {"has_digit"}:
        return set()
    bare = _EXTENSION.sub("", _LABEL.sub("", value)).strip(" ,;:")
    first = re.split(r"[;|,\n]|\s(?:or|and|/|&)\s", bare)[0].strip()
    if not _PHONE.fullmatch(first):
        return set()
    digits = re.sub(r"\D", "", first)
    shapes = set()
    if re.fullmatch(r"1?[2-9]\d\d[2-9]\d{6}", digits):
        shapes |= {"phone", "phone_us"}
    elif 7 <= len(digits) <= 15 and (first.startswith(("+", "0")) or len(digits) != len(first)):
        shapes.add("phone")
    elif len(digits) == 7:
        shapes.add("phone_short")
    return shapes


_WORD_KINDS: Final = ("prefix", "suffix", "party_type", "role", "phone_kind", "status", "true", "false")


def _word_shapes(folded: str, vocabulary: Vocabulary) -> Iterable[str]:
    for kind in _WORD_KINDS:
        if folded in vocabulary.words.get(kind, {}):
            yield f"word_{kind}"
    if folded in vocabulary.words.get("true", {}) or folded in vocabulary.words.get("false", {}):
        yield "bool"
    if folded in vocabulary.states:
        yield "state"
        if len(folded) == 2:
            yield "state_code"
    if folded in vocabulary.regions:
        yield "region"
    if folded in vocabulary.countries:
        yield "country"
    if folded in vocabulary.cities:
        yield "city"
    if any(word in vocabulary.words.get("job", {}) for word in re.split(r"[^a-z]+", folded)):
        yield "job"


def _name_shapes(value: str, vocabulary: Vocabulary) -> Iterable[str]:
    tokens = [token.lower() for token in _NAME_TOKEN.findall(value)]
    if not tokens:
        return
    legal, words = vocabulary.words.get("legal_form", {}), vocabulary.words.get("organization_word", {})
    if len(tokens) > 1 and tokens[-1] in legal and tokens[-1] not in {"co", "pa", "sa", "as", "ag", "ab", "pc", "sc"}:
        yield "legal_form"
        yield "organization"
        return
    if "&" in value or any(token in words for token in tokens) or (len(tokens) > 2 and any(c.isdigit() for c in value)):
        yield "organization"
        return
    plain = [token for token in tokens if token not in vocabulary.words.get("prefix", {})] or tokens
    plain = [token for token in plain if token not in vocabulary.words.get("suffix", {}) or len(plain) == 1] or plain
    if len(plain) == 1 and "," not in value:
        given, surname = vocabulary.given.get(plain[0], 0.0), vocabulary.surnames.get(plain[0], 0.0)
        if given or surname:
            yield "name_word"
            yield "given" if given > surname else "surname"
            yield from (("given_known",) if given else ())
            yield from (("surname_known",) if surname else ())
        return
    if not 2 <= len(plain) <= 5 or any(character.isdigit() for character in value):
        return
    yield from _full_name_shapes(value, plain, vocabulary)


def _full_name_shapes(value: str, tokens: list[str], vocabulary: Vocabulary) -> Iterable[str]:
    last, _, rest = value.partition(",")
    after = [token.lower() for token in _NAME_TOKEN.findall(rest)]
    if after and (after[0] in vocabulary.given or len(after[0]) == 1) and len(_NAME_TOKEN.findall(last)) <= 3:
        yield "last_comma_first"
        yield "full_name"
        return
    first, end = tokens[0], tokens[-1]
    is_forward = first in vocabulary.given and end in vocabulary.surnames
    is_backward = end in vocabulary.given and first in vocabulary.surnames
    if vocabulary.given.get(first, 0.0) > 1.0 or is_forward or is_backward:
        yield "full_name"
    forward = (first in vocabulary.given) + (end in vocabulary.surnames and end not in vocabulary.given)
    backward = (end in vocabulary.given) + (first in vocabulary.surnames and first not in vocabulary.given)
    if len(tokens) > 2 and len(end) == 1:  # SMITH JOHN A: the initial stands after the given name
        backward = (tokens[-2] in vocabulary.given) + (first in vocabulary.surnames and first not in vocabulary.given)
        forward = 0
    if forward == 2 and backward < 2:
        yield "first_last"
    if backward == 2 and forward < 2:
        yield "last_first"


def _street_shapes(value: str, folded: str, vocabulary: Vocabulary) -> Iterable[str]:
    words = re.findall(r"[\w#]+", folded)
    street, units = vocabulary.words.get("street", {}), vocabulary.words.get("unit", {})
    starts = bool(re.match(r"\s*(?:[NSEW]?\d)", value))
    named = any(
        word in street or re.fullmatch(r"\w{4,}(?:strasse|straße|str|weg|straat|laan)", word) for word in words[1:]
    )
    boxed = _BOX.search(value) is not None
    if (starts and len(words) >= 2 and any(c.isalpha() for c in value)) or boxed:
        yield "numbered_line"
        if named or boxed:
            yield "street_line"
    elif named:
        yield "street_name"
        if len(words) > 2 and words[-1][:1].isdigit():
            yield "street_line"  # Hauptstrasse 12
    if (words and words[0] in units and 1 < len(words) <= 4) or re.fullmatch(r"#\s*\w{1,6}", value):
        yield "unit"
    ends = _STATE_ZIP.search(value)
    place = ends is not None and ends.group(1).lower() in vocabulary.states
    if ends is not None:
        yield "place_us" if place else "place_other"
    pieces = value.count(",")
    if (starts or boxed or named) and (place or pieces >= 2):
        yield "full_address"
    elif (place and not starts and len(words) <= 7) or (
        _CITY_STATE.match(value) and folded.rsplit(",", 1)[-1].strip() in vocabulary.states
    ):
        yield "last_line"
