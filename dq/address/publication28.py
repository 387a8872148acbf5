"""Parsed lines to the form of Publication 28, abbreviated or spelled out, in upper or title case."""

import re
from typing import Final, NamedTuple

from dq.address.lines import Grammar, Line
from dq.address.parser import parse_line
from dq.address.shortening import shorten
from dq.address.street import Street
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
ABBREVIATED: Final = Style(address_words="abbreviate", address_case="upper")
"""The form of Publication 28, which every other form is made from."""
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
    line = _settle(text, grammar)
    if style.address_words == "expand":
        # Words that would be read as something else when spelled out stay abbreviated.
        spelled = _write(line.parts, grammar.words, style)
        if _settle("\n".join(spelled[:2]), grammar)[:2] == line[:2]:
            line = spelled
    if style.address_case == "upper":
        return line
    return StandardLine(write_case(line.line1, style), write_case(line.line2, style), line.parts)


def _settle(text: str, grammar: Grammar) -> StandardLine:
    """Abbreviate a line until abbreviating it again changes nothing."""
    first = result = _write(parse_line(text, grammar), grammar.words, ABBREVIATED)
    if result.parts.is_settled:
        return result
    seen: list[StandardLine] = []
    while result[:2] not in [line[:2] for line in seen] and len(seen) < _MOST_PASSES:
        seen.append(result)
        result = _write(parse_line(f"{result.line1}\n{result.line2}", grammar), grammar.words, ABBREVIATED)
    start = next((at for at, line in enumerate(seen) if line[:2] == result[:2]), 0)
    # A circle has no end: its smallest member stands for all of them. Nearly always it has one member.
    result = min((*seen[start + 1 :], result), key=lambda line: line[:2])
    flags = tuple(dict.fromkeys((*first.parts.flags, *result.parts.flags)))
    # The confidence is that of the written form, so that a second pass gives the same one.
    if flags == result.parts.flags:
        return result
    return result._replace(parts=result.parts._replace(flags=flags))


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
    parts: list[str] = [line.number] if line.number else []
    if street.name:
        _add_street(parts, street, words, style)
        if line.crossing.name:
            parts.append("&")
            _add_street(parts, line.crossing, words, style)
    else:
        if line.route:
            parts.append(line.route)
        if line.box:
            parts += ("BOX" if line.route else "PO BOX", line.box)
    for kind, number in line.units:
        parts.append(_unit_type(kind, words, style))
        if number:
            parts.append(number)
    if line.pmb:
        parts.append(line.pmb)
    parts += line.rest
    line1 = " ".join(parts)
    line2 = shorten(" ".join(line.above), words) if line.above else ""
    return StandardLine(line1, line2, line) if line1 else StandardLine(line2, "", line)


def _add_street(parts: list[str], street: Street, words: Words, style: Style) -> None:
    if street.predirectional:
        # W AVENUE N spelled out would be West Avenue, north part.
        is_lettered = street.name[-1] in words.directional_names and not street.suffix
        parts.append(street.predirectional if is_lettered else _directional(street.predirectional, words, style))
    parts += street.name
    if street.suffix:
        parts.append(_suffix(street.suffix, words, style))
    if street.postdirectional:
        parts.append(_directional(street.postdirectional, words, style))


def _directional(short: str, words: Words, style: Style) -> str:
    return words.directional_names.get(short, short) if style.address_words == "expand" else short


def _suffix(short: str, words: Words, style: Style) -> str:
    return words.suffix_names.get(short, short) if style.address_words == "expand" else short


def _unit_type(short: str, words: Words, style: Style) -> str:
    if style.address_words != "expand":
        return short
    return " ".join(words.unit_names.get(part, part) for part in short.split())


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
