"""City, state and ZIP at the end of a cell; finds where a whole address parts into delivery line and last line."""

import re
from typing import Final, NamedTuple

from dq.address.city_start import GUESSED, SURE, City, find_city, named_city
from dq.address.state_and_zip import TRIM, End, cut_end, cut_state, without_repetition
from dq.address.tokens import fold
from dq.address.words import Words, plain_state
from dq.address.zip_codes import parse_zip
from dq.address.zip_reference import ZipReference

LONGEST_CELL: Final = 1_000
"""A longer cell is no address; it stays whole."""
WITHOUT_CITY: Final = 0.6
"""Certainty of state and ZIP behind a line in which no city was found."""

_BREAK = re.compile(r"\s*\n\s*")
_FOLLOWED = re.compile(r"[\s,]([A-Z]{2})[\s,]+(\d{5}(?:-\d{4})?)(?=[\s,;])(?P<rest>[^\d]+)$")
_NO_ZIP_AFTER: Final = frozenset(
    {"BOX", "#", "NO", "PO", "POB", "DRAWER", "ROUTE", "RTE", "HIGHWAY", "HWY", "ROAD", "RD", "SR", "US"}
)
"""Words before five digits that are no ZIP where no state is written."""
_COUNTY_WORDS: Final = (" COUNTY", " PARISH", " CO.", " CO")
_AMBIGUOUS: Final = frozenset(["AL", "CT", "FL", "LA", "NE"])
"""State codes that end a street or unit as well: alley, court, floor, lane and north-east."""


class LastLine(NamedTuple):
    """A cell taken apart; empty where absent.

    Attributes:
        line: What stands before the city.
        city: The city as written, upper case.
        state: Code.
        zip_text: The ZIP as written, without blanks.
        certainty: 0 to 1, how sure it is that the parts end where they were cut.
    """

    line: str
    city: str = ""
    state: str = ""
    zip_text: str = ""
    certainty: float = 1.0


def split_last_line(text: str, words: Words) -> LastLine:
    """Take a `city, state ZIP` cell apart; `line` stays empty.

    The ZIP may be missing, have lost its zero (then a state must stand before it) or stand before the state.
    """
    end = cut_end(fold(text)[:LONGEST_CELL].replace("\n", ", "), words)
    return LastLine("", " ".join(end.head.replace(",", " ").split()), end.state, end.zip_text)


def split_address(text: str, words: Words, reference: ZipReference) -> LastLine:
    """Take a whole address in one cell apart, with or without commas.

    The end is anchored first: ZIP, state, then the city. Where nothing anchors, the whole cell is the delivery line.
    """
    folded = fold(text)
    if len(folded) > LONGEST_CELL:
        return LastLine(folded)
    text = _BREAK.sub(", ", folded.strip(TRIM)) if "\n" in folded else folded.strip(TRIM)
    text = _turned(without_repetition(text), words, reference)
    end = cut_end(text, words)
    if not end.state and not end.zip_text:
        return _without_end(text, words, reference)
    zip_code = parse_zip(end.zip_text)
    zip5 = zip_code.padded or zip_code.zip5
    end = _without_repeated_state(end, zip5, words, reference)
    states = _states(end, zip5, reference)
    city = find_city(end.head, zip5, states, words, reference)
    if city is not None and (parted := _without_county(end, city, zip5, reference)):
        end = parted
        city = find_city(end.head, zip5, states, words, reference)
    is_guess = city is None or city.certainty == GUESSED
    if is_guess and not end.state and not end.has_comma and _is_number_of(end.head, words):
        return _without_end(text, words, reference)
    is_elsewhere = zip5 in reference.zips and bool(end.state) and not reference.is_state_of(zip5, end.state)
    if city is None or is_elsewhere or (city.at == 0 and not end.zip_text):
        renamed = _city_called_like_a_state(end, zip5, words, reference)
        if renamed and (renamed.certainty == SURE or not is_elsewhere):
            return renamed
    if not end.zip_text and not _is_state(end, city, words):
        return LastLine(text)
    return _without_repeated_city(_with_state_before(_split(end, city), states, words))


def _without_repeated_city(found: LastLine) -> LastLine:
    """Drop city and state at the end of the line where they follow once more (`LEXINGTON, KY. LEXINGTON KY`)."""
    if not found.city or not found.state or not found.line.rstrip(".").endswith(found.state):
        return found
    head = found.line.rstrip(".").removesuffix(found.state).rstrip(TRIM)
    line = head.removesuffix(found.city).rstrip()
    return found._replace(line=line.strip(TRIM)) if line.strip(TRIM) and line != head else found


def _turned(text: str, words: Words, reference: ZipReference) -> str:
    """Put a name that follows state and ZIP before the address: nothing that is no number may end it."""
    found = None if text[-1:].isdigit() else _FOLLOWED.search(text)
    if (
        not found
        or not words.states.get(found.group(1))
        or not reference.is_state_of(found.group(2)[:5], found.group(1))
    ):
        return text
    if cut_end(text, words).state:
        return text
    return f"{found['rest'].strip(TRIM)}, {text[: found.start('rest')].strip(TRIM)}"


def _is_number_of(head: str, words: Words) -> bool:
    """Return whether five digits at the end number a box, road or unit rather than a post office."""
    last = "".join(head.replace(".", "").split()[-1:])
    needs_number = last in words.units and last not in words.suffixes and words.units[last] not in words.bare_units
    return last in _NO_ZIP_AFTER or needs_number


def _without_repeated_state(end: End, zip5: str, words: Words, reference: ZipReference) -> End:
    """Drop a state written twice (`ROSWELL, GEORGIA, GA`), but not the city called like its state."""
    last = "".join(end.head.rsplit(None, 1)[-1:]).strip(",.")
    name = words.state_names.get(end.state, "")
    if not end.state or (words.states.get(plain_state(last)) != end.state and not name.endswith(last)):
        return end
    again = cut_state(end.head, words)
    if again.state != end.state or not again.head or reference.own_city(zip5, again.written):
        return end
    city = find_city(again.head, zip5, (end.state,), words, reference)
    return end._replace(head=again.head) if city and city.at and city.certainty > GUESSED else end


def _without_county(end: End, city: City, zip5: str, reference: ZipReference) -> End | None:
    """Put the ZIP's county, where it stands between city and state, before the address."""
    name, rest = end.head[city.at :].strip(TRIM), end.head[: city.at].rstrip(TRIM)
    counties = {reference.key(place.county) for place in reference.zips.get(zip5, ())}
    is_county = name.endswith(_COUNTY_WORDS) and reference.key(name.rpartition(" ")[0]) in counties
    return end._replace(head=f"{name}, {rest}") if is_county and rest else None


def _with_state_before(found: LastLine, states: tuple[str, ...], words: Words) -> LastLine:
    """Take the state that stands before the city: `12 OAK ST CA LONG BEACH 90807`."""
    head, _, last = found.line.rpartition(" ")
    code = words.states.get(plain_state(last.strip(",")), "")
    if found.state or not found.city or not head or code not in states or code in _AMBIGUOUS:
        return found
    return found._replace(line=head.strip(TRIM), state=code)


def _split(end: End, city: City | None) -> LastLine:
    if city is None:
        return LastLine(end.head.strip(TRIM), "", end.state, end.zip_text, WITHOUT_CITY)
    name = " ".join(end.head[city.at :].replace(",", " ").split()).strip(TRIM + ".")
    return LastLine(end.head[: city.at].strip(TRIM), name, end.state, end.zip_text, city.certainty)


def _states(end: End, zip5: str, reference: ZipReference) -> tuple[str, ...]:
    if end.state:
        return (end.state,)
    return tuple(sorted({place.state for place in reference.zips.get(zip5, ())}))


def _is_state(end: End, city: City | None, words: Words) -> bool:
    """Return whether a state without ZIP is one: a comma before it or a city tell it from COURT, LANE, NORTH-EAST."""
    is_ambiguous = end.written in _AMBIGUOUS
    if city is None:
        return end.has_comma and bool(end.head) and not is_ambiguous and not _is_numbered(end.written)
    if is_ambiguous and not end.has_comma:
        if city.certainty == GUESSED:
            return False
        line, name = end.head[: city.at].rstrip(), end.head[city.at :].split()
        tokens = line.replace(",", " ").replace(".", "").split()
        first = 2 if tokens and tokens[0][0].isdigit() else 1
        has_street = any(token in words.suffixes or _is_numbered(token) for token in tokens[first:])
        is_plain = len(name) > 1 and len(tokens) > first
        return not tokens or line.endswith(",") or has_street or is_plain or "BOX" in tokens
    return True


def _is_numbered(text: str) -> bool:
    return any(map(str.isdigit, text))


def _city_called_like_a_state(end: End, zip5: str, words: Words, reference: ZipReference) -> LastLine | None:
    """Read `350 5TH AVE NEW YORK 10118`: what looked like the state is the ZIP's own city."""
    if end.written == end.state or not end.written:
        return None
    if not zip5:
        is_city = reference.is_place(end.written, end.state) and _is_numbered(end.head)
        return LastLine(end.head.strip(TRIM), end.written, certainty=WITHOUT_CITY) if is_city else None
    head = f"{end.head}, {end.written}" if end.has_comma else f"{end.head} {end.written}"
    city = find_city(head, zip5, _states(end._replace(state=""), zip5, reference), words, reference)
    return _split(End(head, "", end.zip_text), city) if city else None


def _without_end(text: str, words: Words, reference: ZipReference) -> LastLine:
    """Take a known city behind a street off a text without state and ZIP; else the whole text is the delivery line."""
    head, comma, tail = text.rpartition(",")
    city = tail.strip(TRIM)
    if comma and _is_city_name(city, words, reference) and (_is_numbered(head) or _ends_as_street(head, words)):
        return LastLine(head.strip(TRIM), city, certainty=WITHOUT_CITY)
    found = None if comma else named_city(text, words, reference)
    if found is not None:
        return LastLine(text[:found].strip(TRIM), text[found:].strip(TRIM), certainty=WITHOUT_CITY)
    return LastLine(text)


def _is_city_name(city: str, words: Words, reference: ZipReference) -> bool:
    tokens = city.replace(".", "").split()
    if not tokens or _is_numbered(city) or reference.key(city) not in reference.known_keys:
        return False
    is_street = words.suffixes.get(tokens[-1]) in words.common_suffixes and len(tokens) > 1
    return not is_street and not any(
        token in words.units or token in words.directionals for token in (tokens[0], tokens[-1])
    )


def _ends_as_street(line: str, words: Words) -> bool:
    tokens = line.replace(".", "").split()
    return bool(tokens) and words.suffixes.get(tokens[-1]) in words.common_suffixes
