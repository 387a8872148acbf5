"""State and ZIP at the end of a cell, in every order and notation people write them. Knows no city."""

import re
from typing import Final, NamedTuple

from dq.address.words import Words, plain_state

TRIM: Final = ' ,;\n-"'
"""Signs between the parts of a cell."""

_COUNTRY = re.compile(r"[\s,(]+(?:U\.?\s?S\.?\s?A\.?|UNITED STATES(?: OF AMERICA)?(?:[\s,]+US)?)[)\s.]*$")
_US = re.compile(r"(?<=\d)[\s,(]+U\.?S\.?[)\s.]*$")
_ZIP = re.compile(r"(?:^|(?<=[\s,.]))(?:ZIP(?:\s?CODE)?[\s:]*)?(\d{5}(?:\s?-\s?\d{1,4}|-)?|\d{9})\s*$")
_SPACED_PLUS4 = re.compile(r"(?<=[\s,.])(\d{5})\s(\d{4})\s*$")
_SHORT_ZIP = re.compile(r"(?<=[\s,.])(\d{3,4}(?:-\d{4})?)\s*$")
_GLUED = re.compile(r"(?<=[\s,])([A-Z]{2})\.?(\d{5}(?:-?\d{4})?)$")
_STATE_ZIP = re.compile(r"[\s,][A-Z]{2}[\s,]+(\d{5})(?:-\d{4})?(?=[\s,])")
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"[^\s,]+")
_STATE_WORDS: Final = 4
"""Words of the longest state name (`Federated States of Micronesia`)."""
_STATE_LENGTH: Final = 60
_INITIAL: Final = 3
"""A letter, its period and a blank: `N. Y`, `W. VA` are longer than the code at their end."""
_TWICE: Final = 2
_ZIP_LENGTH: Final = 26
"""The longest ZIP with the words before it: `ZIP CODE: 62701 - 1234`."""


class End(NamedTuple):
    """State and ZIP cut off; `written` is the state as it stands there, `has_comma` whether a comma stood before it."""

    head: str
    state: str = ""
    zip_text: str = ""
    written: str = ""
    has_comma: bool = False


def cut_end(text: str, words: Words) -> End:
    """Cut country, ZIP and state off the end of an upper-case text; empty where absent."""
    text = text.strip(TRIM + ".")
    if not text[-1:].isdigit():
        text = _US.sub("", _COUNTRY.sub("", text))
    glued = _GLUED.search(text, max(len(text) - _ZIP_LENGTH, 0))
    if glued:
        text = f"{text[: glued.start()]}{glued.group(1)} {glued.group(2)}"
    source, zip_text = text, ""
    if text[-1:] == "-" or text[-1:].isdigit():
        text, zip_text = _cut_zip(text, words)
    end = cut_state(text, words)
    if not end.state:
        end = end._replace(has_comma=bool(zip_text) and source[: len(text) + 1].endswith(","))
    if not zip_text and end.state and (found := _search(_ZIP, end.head)):
        zip_text, end = found.group(1), end._replace(head=end.head[: found.start()].rstrip(TRIM))
    return end._replace(zip_text=zip_text.replace(" ", ""))


def cut_state(text: str, words: Words) -> End:
    """Cut a state's code or name off the end, the longest name first."""
    offset = max(len(text) - _STATE_LENGTH, 0)
    starts = [match.start() for match in _TOKEN.finditer(text, offset)][-_STATE_WORDS:]
    if len(starts) > 1 and text[starts[-1] :] in words.states and starts[-1] - starts[-2] > _INITIAL:
        starts = starts[-2:] if text[starts[-2] :] in words.states else starts[-1:]
    for start in starts:
        written = text[start:]
        state = words.states.get(plain_state(written.replace(",", " ")))
        if state:
            before = text[:start]
            return End(before.rstrip(TRIM), state, "", written, before.rstrip().endswith(","))
    return End(text)


def without_repetition(text: str) -> str:
    """Drop what follows the first state and ZIP where it is the same address again, in whatever order."""
    first = _STATE_ZIP.search(text)
    if not first or text.count(first.group(1)) < _TWICE:
        return text
    again = _WORD.findall(text[first.end() :])
    is_same = first.group(1) in again and set(again) <= set(_WORD.findall(text[: first.end()]))
    return text[: first.end()] if is_same else text


def _cut_zip(text: str, words: Words) -> tuple[str, str]:
    """Return the text before a ZIP at its end, and the ZIP; a blank before +4 and a lost zero need a state before."""
    spaced = _search(_SPACED_PLUS4, text)
    if spaced and cut_state(text[: spaced.start()].rstrip(TRIM), words).state:
        return text[: spaced.start()].rstrip(TRIM), f"{spaced.group(1)}-{spaced.group(2)}"
    found = _search(_ZIP, text)
    if found:
        return text[: found.start()].rstrip(TRIM), found.group(1)
    short = _search(_SHORT_ZIP, text)
    if short and cut_state(text[: short.start()].rstrip(TRIM), words).state:
        return text[: short.start()].rstrip(TRIM), short.group(1)
    return text, ""


def _search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Search only where a ZIP at the end can start: the rest of a long cell is not read again and again."""
    return pattern.search(text, max(len(text) - _ZIP_LENGTH, 0))
