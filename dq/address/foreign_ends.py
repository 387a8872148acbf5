"""Foreign endings of whole addresses: a country's name, a Canadian or British postcode. Checks nothing abroad."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from dq.address.tokens import fold
from dq.address.zip_codes import british_postcode, canadian_postal_code
from dq.standards import Standards

LONGEST_COUNTRY: Final = 5
"""Words of the longest country name that people write (`Democratic Republic of the Congo`)."""
LEAST_SEGMENTS: Final = 3
"""Street, city and country: with fewer commas LEBANON, PERU and CUBA are American towns."""

_CANADIAN = re.compile(r"(?:^|[\s,])([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][\s-]?\d[ABCEGHJ-NPRSTV-Z]\d)$")
_BRITISH = re.compile(r"(?:^|[\s,])((?:GIR|[A-Z]{1,2}\d[A-Z\d]?)\s\d[ABD-HJLNP-UW-Z]{2})$")
_BRITISH_GLUED = re.compile(r"(?:^|[\s,])([A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2})$")
_AUSTRALIAN = re.compile(r"[\s,](NSW|VIC|QLD|SA|WA|TAS|ACT|NT)[\s,]+(\d{4})$")
_AMERICAN = re.compile(r"\d{5}(?:[\s-]*\d{4})?$")
_SURE: Final = frozenset({"CANADA", "UNITED KINGDOM", "UK", "GREAT BRITAIN", "NORTHERN IRELAND", "MEXICO"})
"""Names that follow a city without comma; other countries are called like American towns."""
_POSTAL = re.compile(r"^(?:[A-Z]{1,2}-)?(\d[\d\s-]{2,8}\d)\s+|\s+(\d[\d\s-]{2,8}\d)$")
_TRIM: Final = ' ,;\n-".'
_UNIT: Final = frozenset({"APT", "SUITE", "STE", "UNIT", "FLOOR", "FL", "ROOM", "RM", "BLDG", "BUILDING", "#"})


class ForeignEnd(NamedTuple):
    """A foreign address taken apart, upper case; empty where absent. `line` is what stands before the city."""

    line: str
    city: str
    state: str
    postal_code: str
    country: str


@dataclass(frozen=True)
class Countries:
    """Names of countries and of Canada's provinces, folded → code; the United States have no part in it."""

    names: Mapping[str, str]
    provinces: Mapping[str, str]


def load_countries(standards: Standards) -> Countries:
    """Build the look-ups from the reference tables `countries` and `regions`."""
    table = standards.table("countries")
    names: dict[str, str] = {}
    for code, name, spellings in zip(table["code"], table["name"], table["spellings"], strict=True):
        if code != "US":
            names |= {_plain(spelling): code for spelling in (name, *filter(None, spellings.split("|")))}
    regions = standards.table("regions")
    canadian = regions[regions["country"] == "CA"]
    pairs = [
        *zip(canadian["code"], canadian["code"], strict=True),
        *zip(canadian["name"], canadian["code"], strict=True),
    ]
    return Countries(names, {_plain(name): code for name, code in pairs})


def foreign_end(text: str, countries: Countries) -> ForeignEnd | None:
    """Take a foreign address in one cell apart; None where nothing says that it is foreign.

    A Canadian, a spaced British and an Australian postcode say so by themselves; a country's name only behind a street
    and a city, and never behind an American ZIP. Inside the cell nothing is altered but case and blanks.
    """
    plain = re.sub(r"\s*\n\s*", ", ", fold(text).strip(_TRIM)).strip(_TRIM)
    rest, country = _cut_country(plain, countries)
    if _AMERICAN.search(rest) and country in {"", "CA", "GB"}:
        return None
    if country in {"", "CA"} and (found := _CANADIAN.search(rest)):
        return _canadian(rest[: found.start()].strip(_TRIM), found.group(1), countries)
    british = _BRITISH_GLUED if country == "GB" else _BRITISH
    if country in {"", "GB"} and (found := british.search(rest)):
        # Wales may stand before the postcode as well.
        head, nation = _cut_country(rest[: found.start()].strip(_TRIM), countries)
        line, city = _last_segment(head if nation == "GB" else rest[: found.start()].strip(_TRIM))
        return ForeignEnd(line, city, "", british_postcode(found.group(1)), "GB")
    if country in {"", "AU"} and (found := _AUSTRALIAN.search(rest)):
        line, city = _last_segment(rest[: found.start()].strip(_TRIM))
        return ForeignEnd(line, city, found.group(1), found.group(2), "AU")
    if country == "CA" and (canadian := _canadian(rest, "", countries)):
        return canadian
    segments = [segment for segment in rest.split(",") if segment.strip()]
    if not country or len(segments) + 1 < LEAST_SEGMENTS or _names_unit(segments[-1]):
        return None
    line, city = _last_segment(rest)
    postal = _POSTAL.search(city)
    if postal:
        city = _POSTAL.sub("", city).strip(_TRIM)
    return ForeignEnd(line, city, "", next(filter(None, postal.groups()), "") if postal else "", country)


def _cut_country(text: str, countries: Countries) -> tuple[str, str]:
    """Cut a country's name off the end, the longest first; most only behind a comma."""
    starts = [match.start() for match in re.finditer(r"[^\s,]+", text)][-LONGEST_COUNTRY:]
    for start in starts:
        name = _plain(text[start:])
        code = countries.names.get(name)
        before = text[:start].rstrip()
        if code and before and (before.endswith(",") or name in _SURE):
            return before.strip(_TRIM), code
    return text, ""


def _canadian(rest: str, postal_code: str, countries: Countries) -> ForeignEnd | None:
    """Take province and city off what stands before a Canadian postal code; without a code a province is needed."""
    starts = [match.start() for match in re.finditer(r"[^\s,]+", rest)][-LONGEST_COUNTRY:]
    for start in starts:
        province = countries.provinces.get(_plain(rest[start:]))
        if province:
            line, city = _last_segment(rest[:start].strip(_TRIM))
            return ForeignEnd(line, city, province, canadian_postal_code(postal_code), "CA")
    if not postal_code:
        return None
    line, city = _last_segment(rest)
    return ForeignEnd(line, city, "", canadian_postal_code(postal_code), "CA")


def _last_segment(text: str) -> tuple[str, str]:
    """Part the last segment, which is the city where it has letters and follows a comma; else only its last word."""
    line, comma, city = text.rpartition(",")
    if comma:
        return line.strip(_TRIM), city.strip(_TRIM)
    line, _, city = text.rpartition(" ")
    return (line.strip(_TRIM), city) if city.isalpha() else (text, "")


def _names_unit(segment: str) -> bool:
    return bool(_UNIT & set(segment.replace(".", "").split()))


def _plain(text: str) -> str:
    return " ".join(fold(text).replace(".", "").replace(",", " ").split())
