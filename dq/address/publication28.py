"""Parsed lines to the form of Publication 28, abbreviated or spelled out, in upper or title case."""

import re
from dataclasses import replace
from typing import Final, NamedTuple

from dq.address.parser import Grammar, Line, parse_line
from dq.address.tokens import fold, segments
from dq.address.words import Words
from dq.standards.style import Style

_UPPER: Final = frozenset(
    {
        "NE",
        "NW",
        "SE",
        "SW",
        "PO",
        "RR",
        "HC",
        "PSC",
        "CMR",
        "OMC",
        "UMR",
        "PMB",
        "URB",
        "US",
        "FM",
        "II",
        "III",
        "IV",
        "APO",
        "FPO",
        "DPO",
        "LLC",
    }
)
_ORDINAL = re.compile(r"\d+(ST|ND|RD|TH)")
_WORD = re.compile(r"\S+")
_MOST_PASSES: Final = 8
"""Standardising is repeated until it changes nothing; real lines need two passes, nearly all one."""


class StandardLine(NamedTuple):
    """A standardised delivery line, the line above it, and the parts in the words of the style."""

    line1: str
    line2: str
    parts: Line


def standardize_line(text: str, grammar: Grammar, style: Style) -> StandardLine:
    """Write one address without its last line in the style's form; doing it twice equals doing it once.

    Args:
        text: `address_line1` and, after a line break, `address_line2`.
        grammar: Tables and labeller.
        style: House style.
    """
    first = result = _write(parse_line(text, grammar), grammar.words, style)
    if segments(text) == [fold(result.line1)]:
        return result  # it was standard already
    seen: list[StandardLine] = []
    while result[:2] not in [line[:2] for line in seen] and len(seen) < _MOST_PASSES:
        seen.append(result)
        result = _write(parse_line(f"{result.line1}\n{result.line2}", grammar), grammar.words, style)
    start = next((at for at, line in enumerate(seen) if line[:2] == result[:2]), 0)
    # A circle has no end: its smallest member stands for all of them. Nearly always it has one member.
    result = min((*seen[start + 1 :], result), key=lambda line: line[:2])
    flags = tuple(dict.fromkeys((*first.parts.flags, *result.parts.flags)))
    # The confidence is that of the written form, so that a second pass gives the same one.
    if flags == result.parts.flags:
        return result
    return result._replace(parts=replace(result.parts, flags=flags))


def write_case(text: str, style: Style) -> str:
    """Return upper-case text in the style's case.

    >>> write_case("12 NE 5TH ST APT 4B", Style(address_case="title"))
    '12 NE 5th St Apt 4B'
    """
    return _WORD.sub(lambda word: _title(word.group()), text) if style.address_case == "title" else text


def components(line: Line, words: Words, style: Style) -> dict[str, str]:
    """Return the `addr_*` columns of a line in the style's words and case; empty where absent."""
    parts = {
        "addr_number": line.number,
        "addr_predirectional": _directional(line.street.predirectional, words, style),
        "addr_street": " ".join(line.street.name),
        "addr_suffix": _suffix(line.street.suffix, words, style),
        "addr_postdirectional": _directional(line.street.postdirectional, words, style),
        "addr_unit_type": " ".join(_unit_type(kind, words, style) for kind, _ in line.units),
        "addr_unit": " ".join(number for _, number in line.units if number),
        "addr_box": line.box,
        "addr_route": line.route,
    }
    return {column: write_case(value, style) for column, value in parts.items()}


def _write(line: Line, words: Words, style: Style) -> StandardLine:
    street = line.street
    box = () if street.name or not line.box else (("BOX" if line.route else "PO BOX"), line.box)
    parts = (
        line.number,
        _directional(street.predirectional, words, style),
        *street.name,
        _suffix(street.suffix, words, style),
        _directional(street.postdirectional, words, style),
        line.route if not street.name else "",
        *box,
        *(part for kind, number in line.units for part in (_unit_type(kind, words, style), number)),
        *line.rest,
    )
    written = write_case(" ".join(filter(None, parts)), style), write_case(" ".join(line.above), style)
    line1, line2 = written if written[0] else (written[1], "")
    return StandardLine(line1, line2, line)


def _directional(short: str, words: Words, style: Style) -> str:
    return words.directional_names.get(short, short) if style.address_words == "expand" else short


def _suffix(short: str, words: Words, style: Style) -> str:
    return words.suffix_names.get(short, short) if style.address_words == "expand" else short


def _unit_type(short: str, words: Words, style: Style) -> str:
    return words.unit_names.get(short, short) if style.address_words == "expand" else short


def _title(word: str) -> str:
    if word in _UPPER:
        return word
    if _ORDINAL.fullmatch(word):
        return word.lower()
    if word == "C/O":
        return "c/o"
    if any(map(str.isdigit, word)):
        return word
    return "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
