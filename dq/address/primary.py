"""The segment that is delivered to: house number, street and what stands around them, with how sure that is."""

from dataclasses import dataclass
from typing import Final

from dq.address.highways import find_road
from dq.address.house_numbers import number_behind_name, read_north, take_number
from dq.address.kinds import CROSSING, NUMBER, ROAD, SUFFIX, UNIT, WORD
from dq.address.lines import Grammar, Line
from dq.address.numbers import is_ordinal, ordinal, read_cardinal
from dq.address.street import Street, ends_street, parse_street
from dq.address.tagger import Labels
from dq.address.units import Unit, looks_like_number, take_units
from dq.address.words import Words

WHOLE_SHAPE: Final = 0.98
"""Confidence of number, name and a C1 suffix with nothing left over: usaddress's labelled files agree in 99.9 % of
their clean lines of this shape and in 98 % of their messy ones."""
ALL_STREET: Final = 0.7
"""Confidence of a number and a name without suffix that the model calls a street from end to end."""
NO_NUMBER_CONFIDENCE: Final = 0.6
"""A line without a number is read as a street or a building by the look of its words only."""
NO_STREET_CONFIDENCE: Final = 0.3
"""A number alone."""
NO_SHAPE_CONFIDENCE: Final = 0.45
"""Neither a number nor a suffix: a building, a site or nonsense; below the threshold of a doubtful parse."""

_TRAILING_NAMES: Final = frozenset({"Recipient", "BuildingName", "LandmarkName", "NotAddress"})
_LONGEST_NUMBER: Final = 6
"""Characters of the longest number of a road: `60W`, `A1A`, `1700`, `27-441`."""
_STREET_ENDS: Final = frozenset({"StreetNamePostType", "StreetNamePostDirectional"})


@dataclass(slots=True)
class Segment:
    """One piece of a line with its units cut off.

    Attributes:
        typed: The house number as typed, in tokens.
        number: The house number.
        tokens: The tokens between house number and units.
        behind: Text behind the units.
    """

    typed: list[str]
    number: str
    tokens: list[str]
    behind: list[str]

    @property
    def text(self) -> str:
        """The piece as typed, without its units."""
        return " ".join((*self.typed, *self.tokens, *self.behind))


def read_segment(tokens: list[str], seen: int, grammar: Grammar) -> tuple[Segment, list[Unit]]:
    """Part a segment into house number, street and units.

    Args:
        tokens: Upper-case tokens without deliveries that are no street; at least one.
        seen: Bits any of them has.
        grammar: Tables and labeller.
    """
    words = grammar.words
    number, rest = take_number(tokens, words)
    typed = tokens[: len(tokens) - len(rest)]
    if not seen & UNIT and not _may_hide_unit(tokens, words):
        return Segment(typed, number, rest, []), []
    start = 0
    if seen & ROAD and (found := find_road(rest, words, grammar.highways)):
        rest, road = found
        start = road.end
    head, units, behind = take_units([*typed, *rest], len(typed) + start, words)
    return Segment(typed, number, head[len(typed) :], behind), units


def read_primary(segment: Segment, grammar: Grammar) -> Line:
    """Read the segment that is delivered to; the model is asked only where the shape leaves doubt."""
    number, tokens, words = segment.number, segment.tokens, grammar.words
    above: list[str] = []
    if not number:
        found = _ask(tokens, grammar)
        number, tokens, labels, above = _number_inside(tokens, list(found.labels), words)
        if not tokens or (len(tokens) == 1 and tokens[0].isdigit() and not number):
            number = " ".join([number, *tokens]).strip()
            return Line(number, above=tuple(above), confidence=NO_STREET_CONFIDENCE, flags=("no_street",))
    elif not tokens:
        return Line(number, confidence=NO_STREET_CONFIDENCE, flags=("no_street",))
    seen = words.kinds.of(tokens)
    if seen & CROSSING and (corner := _read_corner(number, tokens, grammar)):
        return corner
    street, behind = parse_street(tokens, seen, words, grammar.highways)
    if "-" in number:
        street = _queens(number, street)
    if not number:
        confidence = _no_number_confidence(street, found.probability, words)
        return Line("", street, rest=behind, confidence=confidence)
    if not behind and not above and _is_complete(street, words):
        return Line(number, street, confidence=WHOLE_SHAPE, is_settled=True)
    if not above:
        found = _ask([number.split()[0], *tokens], grammar)
        labels = list(found.labels[1:])
    return _read_doubtful(number, tokens, labels, found.probability, above, grammar)


def _ask(tokens: list[str], grammar: Grammar) -> Labels:
    return grammar.label(tuple(grammar.words.canonical(token) for token in tokens))


def _read_doubtful(
    number: str, tokens: list[str], labels: list[str], probability: float, above: list[str], grammar: Grammar
) -> Line:
    """Read a numbered street that does not end in its suffix, with what the model says of its tokens."""
    words = grammar.words
    tokens, names = _trailing_names(tokens, labels)
    tokens, units = (tokens, []) if names else _tagged_unit(tokens, labels, words)
    street, behind = parse_street(tokens, words.kinds.of(tokens), words, grammar.highways)
    street = _queens(number, street)
    if not above and not names and not behind and _is_complete(street, words):
        probability = WHOLE_SHAPE
    elif not names and not behind and all(tag.startswith("StreetName") for tag in labels):
        probability = max(probability, ALL_STREET)
    return Line(number, street, units=tuple(units), rest=behind, above=(*above, *names), confidence=probability)


def _no_number_confidence(street: Street, probability: float, words: Words) -> float:
    is_street = street.suffix in words.common_suffixes or any(map(str.isdigit, street.name[-1]))
    return NO_NUMBER_CONFIDENCE if is_street else min(probability, NO_SHAPE_CONFIDENCE)


def _may_hide_unit(tokens: list[str], words: Words) -> bool:
    """Return whether the last token can be a unit without designator: `450 MAIN ST 4B`."""
    last = tokens[-1]
    return len(tokens) > 3 and (len(last) == 1 or bool(words.kinds[last] & NUMBER))


def _is_complete(street: Street, words: Words) -> bool:
    """Return whether nothing but a street can be meant: it ends in its suffix, and no street ends before."""
    if not street.suffix:
        return _is_numbered_road(street, words)
    return len(street.name) < 3 or not any(ends_street(token, words) for token in street.name[1:-1])


def _is_numbered_road(street: Street, words: Words) -> bool:
    """Return whether the name ends in a number behind the type of a road: `HIGHWAY 60W`, `CALLE 5`, `LOOP 410`."""
    last = street.name[-1]
    if len(street.name) < 2 or len(last) > _LONGEST_NUMBER or not any(map(str.isdigit, last)):
        return False
    if any(ends_street(token, words) for token in street.name[1:-2]):
        return False
    before = street.name[-2]
    return bool(words.kinds[before] & (SUFFIX | ROAD)) or before in words.spanish["street"]


def _number_inside(tokens: list[str], labels: list[str], words: Words) -> tuple[str, list[str], list[str], list[str]]:
    """Find the house number behind a recipient's, building's or landmark's name, or a lone number word.

    Returns:
        House number, tokens and labels behind it, and the name as text for the line above.
    """
    if at := number_behind_name(tokens, words, labels):
        number, rest = take_number(tokens[at:], words)
        return number, rest, labels[len(labels) - len(rest) :], [" ".join(tokens[:at])]
    if labels[0] == "AddressNumber" and words.kinds[tokens[0]] & WORD and len(tokens) > 1:
        value, used = read_cardinal(tokens, 0, words)
        if 0 < used < len(tokens) and (tokens[used],) not in words.name_words["counted"]:
            return str(value), read_north(tokens[used:]), labels[used:], []
    return "", tokens, labels, []


def _trailing_names(tokens: list[str], labels: list[str]) -> tuple[list[str], list[str]]:
    """Take a building or firm that follows a complete street (`1 COURT ST FEDERAL CENTER`)."""
    at = len(labels)
    while at and labels[at - 1] in _TRAILING_NAMES:
        at -= 1
    if 0 < at < len(labels) and labels[at - 1] in _STREET_ENDS:
        return tokens[:at], [" ".join(tokens[at:])]
    return tokens, []


def _tagged_unit(tokens: list[str], labels: list[str], words: Words) -> tuple[list[str], list[Unit]]:
    """Take a unit number behind a street without suffix (`203 N WABASH 608`) where the model says so too."""
    last = tokens[-1]
    is_number = words.kinds[last] & NUMBER and looks_like_number(last) and not is_ordinal(last)
    if len(tokens) < 2 or not is_number or labels[-1] != "OccupancyIdentifier":
        return tokens, []
    is_road = words.kinds[tokens[-2]] & (SUFFIX | ROAD | NUMBER | UNIT) or tokens[-2] in words.spanish["street"]
    return (tokens, []) if is_road else (tokens[:-1], [("#", last)])


def _queens(number: str, street: Street) -> Street:
    """Write `112-10 31 RD` as 31st Road: a hyphenated number is New York's, elsewhere roads count miles."""
    if street.suffix == "RD" and "-" in number and len(street.name) == 1 and street.name[0].isdigit():
        return street._replace(name=(ordinal(int(street.name[0])),))
    return street


def _is_named(street: Street, words: Words) -> bool:
    return street.suffix in words.common_suffixes or street.name in words.name_words["alone"]


def _read_corner(number: str, tokens: list[str], grammar: Grammar) -> Line | None:
    """Read two streets that cross: `MAIN ST & 5TH AVE`. Both must look like streets: `SMITH & WESSON DR` is one."""
    for at, token in enumerate(tokens):
        if not grammar.words.kinds[token] & CROSSING or not 0 < at < len(tokens) - 1:
            continue
        parts = (tokens[:at], tokens[at + 1 :])
        sides = [parse_street(part, grammar.words.kinds.of(part), grammar.words, grammar.highways) for part in parts]
        if not any(behind for _, behind in sides) and all(_is_named(street, grammar.words) for street, _ in sides):
            return Line(number, sides[0][0], sides[1][0], confidence=NO_NUMBER_CONFIDENCE)
    return None
