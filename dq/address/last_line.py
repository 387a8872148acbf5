"""City, state and ZIP at the end of a cell; finds where a whole address parts into delivery line and last line."""

import re
from typing import Final, NamedTuple

from dq.address.tokens import fold
from dq.address.words import Words, plain_state
from dq.address.zip_codes import parse_zip
from dq.address.zip_reference import ZipReference

LONGEST_CITY: Final = 5
"""Words of the longest city name of the reference that matters (`Village of Oak Creek`)."""
LONGEST_CELL: Final = 1_000
"""A longer cell is no address; it stays whole."""

_COUNTRY = re.compile(r"[\s,]+(?:U\.?\s?S\.?\s?A\.?|UNITED STATES(?: OF AMERICA)?|U\.S\.)\s*$")
_ZIP = re.compile(r"(?:^|(?<=[\s,]))(\d{5}(?:\s?-\s?\d{4}|-)?|\d{9})\s*$")
_SHORT_ZIP = re.compile(r"(?<=[\s,])(\d{3,4}(?:-\d{4})?)\s*$")
_TRIM: Final = " ,;\n-"


class LastLine(NamedTuple):
    """A cell taken apart; empty where absent. `line` is what stands before the city."""

    line: str
    city: str
    state: str
    zip_text: str


def split_last_line(text: str, words: Words) -> LastLine:
    """Take a `city, state ZIP` cell apart; `line` stays empty.

    The ZIP may be missing, have lost its zero (then a state must stand before it) or stand before the state.
    """
    head, state, zip_text = _cut_state_and_zip(fold(text)[:LONGEST_CELL], words)
    return LastLine("", " ".join(head.replace(",", " ").split()), state, zip_text)


def split_address(text: str, words: Words, reference: ZipReference) -> LastLine:
    """Take a whole address in one cell apart, with or without commas.

    The end is anchored first: ZIP, state, then the longest name of a place that ends the rest, one of the ZIP's own
    region before any other of the state. Where nothing anchors, the whole cell is the delivery line.
    """
    folded = fold(text)
    if len(folded) > LONGEST_CELL:
        return LastLine(folded, "", "", "")
    text = re.sub(r"\s*\n\s*", ", ", folded)
    head, state, zip_text = _cut_state_and_zip(text, words)
    if not state and not zip_text:
        return LastLine(text, "", "", "")
    zip_code = parse_zip(zip_text)
    states = [state] if state else sorted({place.state for place in reference.zips.get(zip_code.zip5, ())})
    at = _city_start(head, zip_code.padded or zip_code.zip5, states, reference)
    if at is None and not zip_text and "," not in text[len(head) : len(head) + 2]:
        return LastLine(text, "", "", "")
    if at is None:
        at = _last_segment_start(head)
    return LastLine(head[:at].strip(_TRIM), head[at:].strip(_TRIM).replace(",", " "), state, zip_text)


def _cut_state_and_zip(text: str, words: Words) -> tuple[str, str, str]:
    text = _COUNTRY.sub("", text.strip(_TRIM + "."))
    zip_text = ""
    found = _ZIP.search(text)
    if found:
        zip_text, text = found.group(1), text[: found.start()].rstrip(_TRIM)
    else:
        short = _SHORT_ZIP.search(text)
        if short and _cut_state(text[: short.start()].rstrip(_TRIM), words)[1]:
            zip_text, text = short.group(1), text[: short.start()].rstrip(_TRIM)
    head, state = _cut_state(text, words)
    if not zip_text and state and (found := _ZIP.search(head)):
        zip_text, head = found.group(1), head[: found.start()].rstrip(_TRIM)
    return head, state, zip_text.replace(" ", "")


def _cut_state(text: str, words: Words) -> tuple[str, str]:
    """Cut a state's code or name off the end, the longest name first."""
    starts = [match.start() for match in re.finditer(r"[^\s,]+", text[-60:])]
    offset = max(len(text) - 60, 0)
    for start in starts[-4:]:
        state = words.states.get(plain_state(text[offset + start :].replace(",", " ")))
        if state:
            return text[: offset + start].rstrip(_TRIM), state
    return text, ""


def _city_start(head: str, zip5: str, states: list[str], reference: ZipReference) -> int | None:
    """Return where the city starts: the longest known name at the end, the ZIP's own region before the whole state."""
    starts = [match.start() for match in re.finditer(r"[^\s,]+", head)][-LONGEST_CITY:]
    last_comma = head.rfind(",")
    starts = [start for start in starts if start > last_comma]
    for start in starts:
        if any(
            reference.own_city(zip5, head[start:]) or reference.is_near(zip5, head[start:], state) for state in states
        ):
            return start
    if last_comma >= 0 and not any(character.isdigit() for character in head[last_comma:]):
        return last_comma + 1
    for start in starts:
        if any(reference.is_place(head[start:], state) for state in states):
            return start
    return None


def _last_segment_start(head: str) -> int:
    """Return where the last segment without digits starts; without one, the end: no city."""
    last_comma = head.rfind(",")
    if last_comma >= 0 and not any(character.isdigit() for character in head[last_comma:]):
        return last_comma + 1
    return len(head) if any(character.isdigit() for character in head) else 0
