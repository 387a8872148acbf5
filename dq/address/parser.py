"""Delivery lines to their parts: rules first, usaddress for the rest. Never drops a token, never raises."""

from dataclasses import dataclass, field
from typing import Final

from dq.address.glue import mend_tokens
from dq.address.house_numbers import is_house_number, second_number, starts_with_number, take_number
from dq.address.kinds import GLUED, NUMBER, SPECIAL, UNIT, WORD
from dq.address.lines import Grammar, Line
from dq.address.primary import Segment, read_primary, read_segment
from dq.address.puerto_rico import take_place
from dq.address.special import Special, is_short_route, join_routes, order_above, take_specials
from dq.address.tokens import LONGEST_LINE, fold, segments
from dq.address.units import Unit, looks_like_number, order_units, take_leading_units, take_units
from dq.address.words import Words

__all__ = ["Grammar", "Line", "parse_line"]

TWO_ADDRESSES: Final = 0.6
"""Highest confidence where a second segment holds a number: the one chosen is right in 60 % of labelled lines."""
WITH_TEXT_ABOVE: Final = 0.93
"""Highest confidence where a name or note was parted from the street: right in 94 % of labelled lines."""
_PLACES: Final = frozenset({"CTR", "PLZ", "MALL", "VLG", "PARK"})
"""Suffixes that name a building or a site as often as a street: `2 GREENTREE CTR, 9000 LINCOLN DR`."""
_MARKERS: Final = frozenset({"KM", "HM", "MILE", "MILEPOST", "KILOMETRO", "HECTOMETRO"})
"""Words at the head of a segment that say how far along the road before the comma."""


@dataclass(slots=True)
class _Pieces:
    """What the segments of one address turned out to be, while they are read."""

    streets: list[Segment] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    above: list[tuple[str, str]] = field(default_factory=list)
    deliveries: list[Special] = field(default_factory=list)
    pmbs: list[str] = field(default_factory=list)


def parse_line(text: str, grammar: Grammar) -> Line:
    """Take one address without its last line apart; line breaks and commas part the segments.

    Args:
        text: `address_line1` and, after a line break, `address_line2`.
        grammar: Tables and labeller.
    """
    if len(text := text.strip()) > LONGEST_LINE:
        return Line(rest=(" ".join(fold(text).split()),), confidence=0.0, flags=("too_long",))
    pieces = _Pieces()
    parts = segments(text)
    for segment in join_routes(parts) if len(parts) > 1 else parts:
        _sort_segment(segment, pieces, grammar)
    return _assemble(pieces, grammar)


def _sort_segment(segment: str, pieces: _Pieces, grammar: Grammar) -> None:
    words = grammar.words
    tokens = segment.split()
    seen = words.kinds.of(tokens)
    if seen & (GLUED | WORD):
        tokens = mend_tokens(tokens, seen, words)
        seen = words.kinds.of(tokens)
    if not seen & SPECIAL and not is_short_route(tokens):
        _sort_tokens(tokens, seen, pieces, grammar)
        return
    if place := take_place(tokens, words):
        name, street = place
        pieces.above.append(("urbanization", name))
        if street:
            _sort_segment(" ".join(street), pieces, grammar)
        return
    texts, specials = take_specials(" ".join(tokens), words.states)
    for special in specials:
        _sort_special(special, pieces, grammar)
    for text in texts:
        tokens = text.split()
        _sort_tokens(tokens, words.kinds.of(tokens), pieces, grammar)


def _sort_special(special: Special, pieces: _Pieces, grammar: Grammar) -> None:
    if special.kind == "care_of":
        name, address = _part_at_number(special.text)
        pieces.above.append((special.kind, name))
        if address:
            _sort_segment(address, pieces, grammar)
    elif special.kind == "pmb":
        pieces.pmbs.append(special.text)
    elif special.text:
        pieces.above.append((special.kind, special.text))
    else:
        pieces.deliveries.append(special)


def _sort_tokens(tokens: list[str], seen: int, pieces: _Pieces, grammar: Grammar) -> None:
    """Put the tokens of a piece of text where they belong: the street before the comma, the units, a new street."""
    words = grammar.words
    before = pieces.streets[-1] if pieces.streets else None
    if before:
        if tokens[0] in _MARKERS:
            before.tokens += tokens
            return
        if tokens[0] in words.directionals and not (tokens := _take_direction(tokens, before, pieces, words)):
            return
    if seen & UNIT and words.kinds.of(tokens[:2]) & UNIT:
        head, units, behind = take_units(tokens, 0, words, has_street=before is not None)
        if not head and (before or not behind):
            pieces.units += units
            if behind:
                _sort_tokens(behind, seen, pieces, grammar)
            return
        tokens, leading = take_leading_units(tokens, words, has_street=before is not None)
        pieces.units += leading
    if (before or pieces.deliveries) and _is_bare_unit(tokens, words):
        pieces.units.append(("#", " ".join(tokens)))
        return
    if before and not before.typed and len(before.tokens) == 1 and is_house_number(before.tokens[0], words):
        tokens = [*before.tokens, *tokens]  # `12, Oak St`: the comma only parts the number from its street
        pieces.streets.pop()
    segment, units = read_segment(tokens, seen, grammar)
    pieces.units += units
    if segment.behind and starts_with_number(segment.behind, words) and len(segment.behind) > 2:
        behind, segment.behind = segment.behind, []
        _add_street(segment, pieces, words)
        _sort_tokens(behind, seen, pieces, grammar)
    else:
        _add_street(segment, pieces, words)


def _add_street(segment: Segment, pieces: _Pieces, words: Words) -> None:
    """Keep a segment, in two where a second address follows without a comma."""
    if segment.number and len(segment.tokens) > 4:
        tokens = [segment.number, *segment.tokens]
        if at := second_number(tokens, words):
            number, rest = take_number(tokens[at:], words)
            second = Segment(tokens[at : len(tokens) - len(rest)], number, rest, segment.behind)
            pieces.streets += (Segment(segment.typed, segment.number, tokens[1:at], []), second)
            return
    if segment.typed or segment.tokens:
        pieces.streets.append(segment)
    elif segment.behind:
        pieces.above.append(("text", " ".join(segment.behind)))


def _take_direction(tokens: list[str], before: Segment, pieces: _Pieces, words: Words) -> list[str]:
    """Give a directional behind a comma to what stands before it: the street, or the suite (`STE 520, WEST`)."""
    first = words.directionals[tokens[0]]
    pair = first + words.directionals.get(tokens[1], "-") if len(tokens) > 1 else ""
    length = 2 if pair in {"NE", "NW", "SE", "SW"} else 1
    is_quadrant = length == 2 or len(first) == 2
    rest = tokens[length:]
    is_street = bool(before.tokens) and words.suffixes.get(before.tokens[-1]) in words.common_suffixes
    if rest and not (is_quadrant and is_street) and not (len(rest) > 1 and words.kinds[rest[0]] & (UNIT | NUMBER)):
        return tokens  # `WEST HALL`
    if pieces.units and pieces.units[-1][1] and not is_quadrant:
        if rest:
            return tokens
        unit_type, number = pieces.units[-1]
        pieces.units[-1] = (unit_type, f"{number} {tokens[0]}")
        return []
    if not before.tokens or before.tokens[-1] in words.directionals:
        return tokens
    before.tokens += tokens[:length]
    return rest


def _part_at_number(text: str) -> tuple[str, str]:
    """Part `C/O ANN LEE 12 OAK ST` before the house number; a number needs a word after it."""
    tokens = text.split()
    for at in range(2, len(tokens) - 1):
        if tokens[at][0].isdigit():
            return " ".join(tokens[:at]).removesuffix(" #"), " ".join(tokens[at:])
    return text, ""


def _is_bare_unit(tokens: list[str], words: Words) -> bool:
    """Return whether a segment is the number of a unit and nothing else: `4B`, `C`, `4 N`."""
    first = tokens[0]
    if len(tokens) > 1:
        return len(tokens) == 2 and first.isdigit() and len(tokens[1]) <= 2 and tokens[1] in words.directionals
    if len(first) == 1:
        return first.isalnum()
    return (first[0].isdigit() and looks_like_number(first)) or any(map(str.isdigit, first[1:]))


def _assemble(pieces: _Pieces, grammar: Grammar) -> Line:
    streets = pieces.streets
    if len(streets) == 1 and not (pieces.deliveries or pieces.above or pieces.pmbs) and not streets[0].behind:
        line = read_primary(streets[0], grammar)
        if pieces.units:
            is_settled = line.is_settled and _is_settled(pieces.units)
            line = line._replace(units=order_units([*line.units, *pieces.units]), is_settled=is_settled)
        if line.number and not line.above:
            return line
    else:
        line = _assemble_several(pieces, grammar)
    if line.street.name[:1] == ("AVENIDA",) and any(kind == "urbanization" for kind, _ in pieces.above):
        # Puerto Rico writes AVE, other states spell it out.
        line = line._replace(street=line.street._replace(name=("AVE", *line.street.name[1:])))
    if line.above:
        pieces.above[:0] = [("text", text) for text in line.above]
    flags = line.flags
    if not line.number and not line.box and not line.route and (line.street.name or line.units or line.rest):
        flags += ("no_number",)
    return line._replace(above=tuple(order_above(pieces.above)), flags=flags, is_settled=False)


def _is_settled(units: list[Unit]) -> bool:
    """Return whether units are read again as they are written: with a digit or a letter, `STE 100`, `UNIT B`."""
    return all(
        number.isalnum() and (len(number) == 1 or not number.isalpha()) and number not in "NSEW" for _, number in units
    )


def _assemble_several(pieces: _Pieces, grammar: Grammar) -> Line:
    """Put a line together from several segments, deliveries or texts for the line above."""
    streets = pieces.streets
    primary = _primary(streets, grammar.words) if streets else None
    others = [segment for segment in streets if segment is not primary]
    flags: list[str] = []
    if pieces.deliveries and primary and not starts_with_number([*primary.typed, *primary.tokens], grammar.words):
        others, primary = [primary, *others], None
    pieces.above.extend(("text", segment.text) for segment in others)
    if primary and any(segment.number and segment.tokens for segment in others):
        flags.append("two_addresses")
    line = read_primary(primary, grammar) if primary else Line()
    if primary and primary.behind:
        line = _with_text_behind(line, " ".join(primary.behind), pieces)
    if pieces.units or pieces.pmbs:
        units = order_units([*line.units, *pieces.units])
        line = line._replace(units=units, pmb=" ".join(dict.fromkeys(pieces.pmbs)))
    line = _with_deliveries(line, pieces, flags)
    confidence = min(line.confidence, _most_confidence(pieces, flags))
    return line._replace(flags=(*line.flags, *flags), confidence=confidence)


def _most_confidence(pieces: _Pieces, flags: list[str]) -> float:
    has_number = any(kind == "text" and any(map(str.isdigit, text)) for kind, text in pieces.above)
    if has_number or "two_addresses" in flags:
        return TWO_ADDRESSES
    return WITH_TEXT_ABOVE if pieces.above else 1.0


def _with_text_behind(line: Line, text: str, pieces: _Pieces) -> Line:
    """Put text behind the units above the line where it is a name, else leave it at the end of the line."""
    if any(character.isdigit() for character in text):
        return line._replace(rest=(*line.rest, text), confidence=min(line.confidence, TWO_ADDRESSES))
    pieces.above.append(("text", text))
    return line


def _primary(streets: list[Segment], words: Words) -> Segment:
    """Return the segment that is delivered to: the first that looks most like a numbered street."""
    if len(streets) == 1:
        return streets[0]
    ranks = [_street_rank(segment, words) for segment in streets]
    return streets[ranks.index(max(ranks))]


def _street_rank(segment: Segment, words: Words) -> int:
    tokens = segment.tokens
    has_suffix = len(segment.typed) + len(tokens) > 1 and _ends_in_suffix(tokens, words)
    if segment.number and tokens:
        is_site = words.suffixes.get(tokens[-1], "") in _PLACES
        # `TWO LIBERTY SQUARE, 75 BEATTIE PLACE`: a number in words is a building's more often.
        return 2 if is_site else 5 if has_suffix and segment.typed[0] not in words.cardinals else 4
    if has_suffix or (tokens and (tokens[0] in words.spanish["street"] or tokens[0] == "AVE")):
        return 3
    return 2 if any(is_house_number(token, words) for token in tokens[1:-1]) else 0


def _ends_in_suffix(tokens: list[str], words: Words) -> bool:
    if not tokens:
        return False
    last = tokens[-2] if len(tokens) > 1 and tokens[-1] in words.directionals else tokens[-1]
    return words.suffixes.get(last) in words.common_suffixes


def _with_deliveries(line: Line, pieces: _Pieces, flags: list[str]) -> Line:
    """Put boxes and routes on the line; beside a street they go above it, where nothing is lost."""
    for special in pieces.deliveries:
        if line.number or line.street.name or line.rest or (line.route and special.kind != "po_box"):
            pieces.above.append(("po_box", _delivery_text(special)))
            flags.append("po_box_and_street" if special.kind == "po_box" else "two_addresses")
            if line.street.name:
                line = line._replace(box=line.box or special.box)
        elif line.box or line.route:
            pieces.above.append(("po_box", _delivery_text(special)))
            flags.append("two_addresses")
        else:
            line = line._replace(box=special.box, route=special.route)
    return line


def _delivery_text(special: Special) -> str:
    if special.kind == "po_box":
        return f"PO BOX {special.box}"
    return f"{special.route} BOX {special.box}" if special.box else special.route
