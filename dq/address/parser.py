"""Delivery lines to their parts: rules first, usaddress for the rest. Never drops a token, never raises."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from dq.address.special import Special, join_routes, order_above, take_specials
from dq.address.street import Highways, Street, parse_street
from dq.address.tagger import Labels, label
from dq.address.tokens import LONGEST_LINE, fold, segments
from dq.address.units import Unit, looks_like_number, split_glued, take_leading_units, take_trailing_units
from dq.address.words import Words

NO_STREET: Final = Street("", (), "", "")
WHOLE_SHAPE: Final = 0.95
"""Confidence of number, name and a C1 suffix with nothing left over: right in 99 % of real lines with that shape."""
ALL_STREET: Final = 0.7
"""Confidence of a number and a name without suffix that the model calls a street from end to end."""
NO_NUMBER_CONFIDENCE: Final = 0.6
"""A line without a number is read as a street or a building by the look of its words only."""

NO_SHAPE_CONFIDENCE: Final = 0.45
"""Neither a number nor a suffix: a building, a site or nonsense; below the threshold of a doubtful parse."""

_NUMBER_WORDS: Final = frozenset(
    {"ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN", "TWELVE"}
)
_PLACES: Final = frozenset({"CTR", "PLZ", "MALL", "VLG", "PARK"})
"""Suffixes that name a building or a site as often as a street: `2 GREENTREE CTR, 9000 LINCOLN DR`."""
_ROADS: Final = frozenset({"CARR", "CARRETERA", "KM", "PR", "#", "CALLE"})
"""Words before a number that is no house number, beside the suffixes."""
_NAMES: Final = frozenset({"Recipient", "BuildingName", "LandmarkName", "NotAddress", "SubaddressType"})
_TRAILING_NAMES: Final = frozenset({"Recipient", "BuildingName", "LandmarkName", "NotAddress"})


@dataclass(frozen=True)
class Line:
    """A delivery line in parts, upper case; empty where absent.

    Attributes:
        number: House number as written, never altered.
        street: Directionals, name and suffix.
        units: Secondary designators from left to right.
        box: Number of a PO box, or of the box on a route.
        route: `RR 4`, `HC 1`, `PSC 802`, `GENERAL DELIVERY`.
        rest: Text that stays at the end of the line because its role is unknown.
        above: Texts for the line above, in order.
        confidence: 0 to 1.
        flags: Codes of doubts about the line.
    """

    number: str = ""
    street: Street = NO_STREET
    units: tuple[Unit, ...] = ()
    box: str = ""
    route: str = ""
    rest: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    confidence: float = 1.0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grammar:
    """What the parser knows: the word tables, types of highways, and the labeller of tokens."""

    words: Words
    highways: Highways
    label: Callable[[tuple[str, ...]], Labels] = label


@dataclass
class _Pieces:
    """What the segments of one address turned out to be, while they are read."""

    streets: list[list[str]] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    above: list[tuple[str, str]] = field(default_factory=list)
    deliveries: list[Special] = field(default_factory=list)


def parse_line(text: str, grammar: Grammar) -> Line:
    """Take one address without its last line apart; line breaks and commas part the segments.

    Args:
        text: `address_line1` and, after a line break, `address_line2`.
        grammar: Tables and labeller.
    """
    if len(text := text.strip()) > LONGEST_LINE:
        return Line(rest=(" ".join(fold(text).split()),), confidence=0.0, flags=("too_long",))
    pieces = _Pieces()
    for segment in join_routes(segments(text)):
        _sort_segment(segment, pieces, grammar.words)
    return _assemble(pieces, grammar)


def _sort_segment(segment: str, pieces: _Pieces, words: Words) -> None:
    texts, specials = take_specials(segment)
    for special in specials:
        if special.kind in {"care_of", "urbanization"}:
            name, address = _part_at_number(special.text)
            pieces.above.append((special.kind, name))
            if address:
                _sort_segment(address, pieces, words)
        elif special.text:
            pieces.above.append((special.kind, special.text))
        else:
            pieces.deliveries.append(special)
    for text in texts:
        tokens = split_glued(text.split())
        if pieces.streets and tokens[0] in {"KM", "MILE", "MILEPOST"}:
            pieces.streets[-1].extend(tokens)
            continue
        if pieces.streets and tokens[0] in words.directionals and _ends_in_suffix(pieces.streets[-1], words):
            pieces.streets[-1].append(tokens[0])
            tokens = tokens[1:]
            if not tokens:
                continue
        tokens, leading = take_leading_units(tokens, words, has_street=bool(pieces.streets))
        tokens, trailing = take_trailing_units(tokens, words, is_whole=True)
        if len(tokens) == 1 and not trailing and (pieces.streets or pieces.deliveries) and _is_bare_unit(tokens[0]):
            tokens, trailing = [], [("#", tokens[0])]
        pieces.units.extend((*leading, *trailing))
        if tokens and pieces.streets and len(pieces.streets[-1]) == 1 and _is_house_number(pieces.streets[-1][0]):
            pieces.streets[-1].extend(tokens)  # `12, Oak St`: the comma only parts the number from its street
        elif tokens:
            pieces.streets.append(tokens)


def _part_at_number(text: str) -> tuple[str, str]:
    """Part `C/O ANN LEE 12 OAK ST` before the house number; a number needs a word after it."""
    tokens = text.split()
    for at in range(2, len(tokens) - 1):
        if tokens[at][0].isdigit():
            return " ".join(tokens[:at]).removesuffix(" #"), " ".join(tokens[at:])
    return text, ""


def _is_bare_unit(token: str) -> bool:
    return (token[0].isdigit() and looks_like_number(token)) or (len(token) > 1 and any(map(str.isdigit, token[1:])))


def _assemble(pieces: _Pieces, grammar: Grammar) -> Line:
    primary = _primary(pieces.streets, grammar.words)
    others = [tokens for position, tokens in enumerate(pieces.streets) if position != primary]
    street_tokens = pieces.streets[primary] if primary is not None else []
    flags: list[str] = []
    if pieces.deliveries and street_tokens and not _starts_with_number(street_tokens):
        others, street_tokens = [street_tokens, *others], []
    pieces.above.extend(("text", " ".join(tokens)) for tokens in others)
    if sum(_starts_with_number(tokens) and len(tokens) > 1 for tokens in others) and street_tokens:
        flags.append("two_addresses")
    line = _parse_primary(street_tokens, grammar) if street_tokens else Line()
    if pieces.units:
        line = replace(line, units=(*line.units, *pieces.units))
    line = _with_deliveries(line, pieces, flags)
    if line.above:
        pieces.above[:0] = [("text", text) for text in line.above]
    if not line.number and not line.box and not line.route and (line.street.name or line.units or line.rest):
        flags.append("no_number")
    if not pieces.above and not flags:
        return line
    return replace(line, above=tuple(order_above(pieces.above)), flags=(*line.flags, *flags))


def _primary(streets: list[list[str]], words: Words) -> int | None:
    """Return the segment that is delivered to: the first that looks most like a numbered street."""
    ranks = [_street_rank(tokens, words) for tokens in streets]
    return ranks.index(max(ranks)) if ranks else None


def _street_rank(tokens: list[str], words: Words) -> int:
    is_numbered = len(tokens) > 1 and _is_house_number(tokens[0])
    has_suffix = len(tokens) > 1 and _ends_in_suffix(tokens, words)
    has_inner_number = any(_is_house_number(token) for token in tokens[1:-1])
    if is_numbered:
        return 5 if has_suffix else 4 if words.suffixes.get(tokens[-1], "") not in _PLACES else 2
    if has_suffix:
        return 3
    return 2 if has_inner_number else 1 if len(tokens) > 2 and tokens[0] in _NUMBER_WORDS else 0


def _ends_in_suffix(tokens: list[str], words: Words) -> bool:
    last = tokens[-2] if len(tokens) > 2 and tokens[-1] in words.directionals else tokens[-1]
    return words.suffixes.get(last) in words.common_suffixes


def _is_house_number(token: str) -> bool:
    return any(map(str.isdigit, token)) and not _is_ordinal(token)


def _is_ordinal(token: str) -> bool:
    return token[-2:] in {"ST", "ND", "RD", "TH"} and token[:-2].isdigit()


def _starts_with_number(tokens: list[str]) -> bool:
    return _is_house_number(tokens[0]) or (tokens[0] in _NUMBER_WORDS and len(tokens) > 2)


def _with_deliveries(line: Line, pieces: _Pieces, flags: list[str]) -> Line:
    """Put boxes and routes on the line; beside a street they go above it, where nothing is lost."""
    for special in pieces.deliveries:
        if line.street.name or line.rest or (line.route and special.kind != "po_box"):
            pieces.above.append(("po_box", _delivery_text(special)))
            flags.append("po_box_and_street" if special.kind == "po_box" else "two_addresses")
            line = replace(line, box=line.box or special.box, route=line.route or "")
        elif line.box or line.route:
            pieces.above.append(("po_box", _delivery_text(special)))
            flags.append("two_addresses")
        else:
            line = replace(line, box=special.box, route=special.route)
    return line


def _delivery_text(special: Special) -> str:
    if special.kind == "po_box":
        return f"PO BOX {special.box}"
    return f"{special.route} BOX {special.box}" if special.box else special.route


def _parse_primary(tokens: list[str], grammar: Grammar) -> Line:
    words = grammar.words
    found = grammar.label(tuple(words.canonical(token) for token in tokens))
    labels = list(found.labels)
    start = _leading_names(tokens, labels, words)
    above = [" ".join(tokens[:start])] if start else []
    tokens, labels = tokens[start:], labels[start:]
    tokens, labels, units = _tagged_units(tokens, labels, words)
    tokens, labels, names = _trailing_names(tokens, labels)
    number, tokens, labels = _take_number(tokens, labels, words)
    if not tokens:
        return Line(number, units=tuple(units), above=tuple(above + names), confidence=min(found.probability, 0.5))
    if not number and len(tokens) == 1 and tokens[0].isdigit():
        flags = ("no_street",)
        return Line(tokens[0], units=tuple(units), above=tuple(above + names), confidence=0.3, flags=flags)
    street = parse_street(tokens, words, grammar.highways)
    confidence = found.probability
    if number and (street.suffix or (len(street.name) > 1 and street.name[-1][-1:].isdigit())) and not names:
        confidence = max(confidence, WHOLE_SHAPE)
    elif number and all(tag.startswith("StreetName") for tag in labels):
        confidence = max(confidence, ALL_STREET)
    elif not number:
        is_street = street.suffix in words.common_suffixes or any(map(str.isdigit, street.name[-1]))
        confidence = NO_NUMBER_CONFIDENCE if is_street else min(confidence, NO_SHAPE_CONFIDENCE)
    return Line(number, street, tuple(units), above=tuple(above + names), confidence=confidence)


def _leading_names(tokens: list[str], labels: list[str], words: Words) -> int:
    """Return how many tokens before the house number are a recipient, building or landmark."""
    for at, (token, tag) in enumerate(zip(tokens, labels, strict=True)):
        if tag == "AddressNumber":
            follows_road = at and (tokens[at - 1] in _ROADS or tokens[at - 1] in words.suffixes)
            return at if token[0].isdigit() and len(tokens) > at + 2 and not follows_road else 0
        if tag not in _NAMES:
            return 0
    return 0


def _tagged_units(tokens: list[str], labels: list[str], words: Words) -> tuple[list[str], list[str], list[Unit]]:
    """Take a unit number without designator after a suffix (`450 MAIN ST 4B`), where model and tables agree."""
    if (
        len(tokens) > 3
        and labels[-1] == "OccupancyIdentifier"
        and any(map(str.isdigit, tokens[-1]))
        and (words.suffixes.get(tokens[-2]) in words.common_suffixes or tokens[-2] in words.directionals)
        and words.suffixes.get(tokens[-2]) not in {"HWY", "RD", "LOOP", "EXPY", "FWY"}
    ):
        return tokens[:-1], labels[:-1], [("#", tokens[-1])]
    return tokens, labels, []


def _trailing_names(tokens: list[str], labels: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Take a building or firm that follows a complete street (`1 COURT ST FEDERAL CENTER`)."""
    at = len(labels)
    while at and labels[at - 1] in _TRAILING_NAMES:
        at -= 1
    ends = {"StreetNamePostType", "StreetNamePostDirectional"}
    if 1 < at < len(labels) and labels[at - 1] in ends and "AddressNumber" in labels[:at]:
        return tokens[:at], labels[:at], [" ".join(tokens[at:])]
    return tokens, labels, []


def _take_number(tokens: list[str], labels: list[str], words: Words) -> tuple[str, list[str], list[str]]:
    """Take the house number with its fraction or letter; an ordinal or a lone number before a suffix is the street."""
    first = tokens[0]
    is_number = _is_house_number(first)
    if first in _NUMBER_WORDS and len(tokens) > 2:
        is_number = labels[0] == "AddressNumber" or words.suffixes.get(tokens[-1]) is not None
    if not is_number or len(tokens) < 2:
        return "", tokens, labels
    length = 1
    if len(tokens) > 2 and "/" in tokens[1] and tokens[1][0].isdigit():
        length = 2
    elif len(tokens) == 2 and words.suffixes.get(tokens[1]) in words.common_suffixes and "." in first:
        return "", tokens, labels
    return " ".join(tokens[:length]), tokens[length:], labels[length:]
