"""The street of a delivery line, parsed from right to left (Publication 28 sections 231 to 234)."""

from typing import Final, NamedTuple

from dq.address.highways import Highways, Road, find_road, load_highways
from dq.address.kinds import COMMON, DIRECTION, ROAD
from dq.address.street_names import is_saint, is_street_letter, spell_name
from dq.address.words import Words

__all__ = ["Highways", "Street", "ends_street", "load_highways", "parse_street"]

_COMPOUNDS: Final = {("N", "E"): "NE", ("N", "W"): "NW", ("S", "E"): "SE", ("S", "W"): "SW"}
_STANDALONE: Final = frozenset({"AVENUE", "AVE", "AV", "ROAD", "RD", "STREET", "ROUTE", "HIGHWAY", "HWY", "LANE"})
"""Words that stand before the letter that names a street."""
_ENDINGS: Final = frozenset({"ST", "AVE", "RD", "BLVD", "DR", "LN"})
"""Suffixes that end a street although more text follows: `MAIN ST FORSYTH`."""
_EXTENSIONS: Final = frozenset({"EXT", "EXTS", "BYP"})
_NO_NAME_BEFORE: Final = frozenset({"OF", "THE", "AND", "&", "TO"})


class Street(NamedTuple):
    """Directionals and suffix as abbreviations, the name as it is to be written; empty where absent."""

    predirectional: str
    name: tuple[str, ...]
    suffix: str
    postdirectional: str


def parse_street(tokens: list[str], seen: int, words: Words, highways: Highways) -> tuple[Street, tuple[str, ...]]:
    """Take the parts of a street apart; every token ends up in one of them.

    Args:
        tokens: Upper-case tokens between house number and unit, at least one.
        seen: Bits any of them has.
        words: The tables.
        highways: Types of numbered roads.

    Returns:
        The street, and text that follows a complete street.
    """
    if seen & ROAD and (found := find_road(tokens, words, highways)):
        return road_street(*found, words), ()
    rest, postdirectional = _take_postdirectional(tokens, words) if seen & DIRECTION else (tokens, "")
    rest, suffix = _take_suffix(rest, words)
    behind: list[str] = []
    if not suffix and seen & COMMON and (end := _street_end(tokens, words)):
        behind = tokens[end:]
        rest, postdirectional = _take_postdirectional(tokens[:end], words)
        rest, suffix = _take_suffix(rest, words)
    rest, predirectional = _take_predirectional(rest, suffix, words) if seen & DIRECTION else (rest, "")
    return Street(predirectional, tuple(spell_name(rest, suffix, words)), suffix, postdirectional), tuple(behind)


def road_street(tokens: list[str], road: Road, words: Words) -> Street:
    """Return a numbered road with what stands around it: `N HIGHWAY 11 BYP`, `US HIGHWAY 41 SW`."""
    head, tail = tokens[: road.start], tokens[road.end :]
    postdirectional = suffix = predirectional = ""
    if tail and tail[-1] in words.directionals:
        tail, postdirectional = tail[:-1], words.directionals[tail[-1]]
    if tail and tail[-1] in words.suffixes:
        tail, suffix = tail[:-1], words.suffixes[tail[-1]]
    if head and head[0] in words.directionals:
        head, predirectional = head[1:], words.directionals[head[0]]
    if head and predirectional and head[0] in words.directionals:
        pair = (predirectional, words.directionals[head[0]])
        head, predirectional = (head[1:], _COMPOUNDS[pair]) if pair in _COMPOUNDS else (head, predirectional)
    behind = ["BUS" if word == "BUSINESS" else word for word in tail]
    head = [words.directional_names.get(words.directionals.get(word, ""), word) for word in head]
    name = (*head, *road.name, *(spell_name(behind, suffix or "RD", words) if behind else ()))
    return Street(predirectional, name, suffix, postdirectional)


def ends_street(token: str, words: Words) -> bool:
    """Return whether a token is a suffix that text may follow."""
    return bool(words.kinds[token] & COMMON) and words.suffixes[token] in _ENDINGS


def _take_postdirectional(tokens: list[str], words: Words) -> tuple[list[str], str]:
    last = words.directionals.get(tokens[-1])
    if last is None or len(tokens) < 2:
        return tokens, ""
    previous = words.directionals.get(tokens[-2])
    if previous and len(tokens) > 2 and (previous, last) in _COMPOUNDS:
        return tokens[:-2], _COMPOUNDS[previous, last]
    if len(tokens[-1]) == 1 and _stands_alone(tokens[:-1], words):
        return tokens, ""
    # N E: both are the name of nothing; the first stays a directional, the second the name.
    if len(tokens) == 2 and previous:
        return tokens, ""
    return tokens[:-1], last


def _stands_alone(tokens: list[str], words: Words) -> bool:
    """Return whether a letter behind these tokens is a name: AVENUE E is called E, SOUTH ST E is called South."""
    if tokens[-1] not in _STANDALONE and tokens[-1] not in words.spanish["street"]:
        return False
    return all(token in words.directionals and len(token) <= 2 for token in tokens[:-1])


def _take_suffix(tokens: list[str], words: Words) -> tuple[list[str], str]:
    suffix = words.suffixes.get(tokens[-1])
    if suffix is None or len(tokens) < 2 or tokens[-2] == "THE":
        return tokens, ""
    if tokens[0] == "THE" and suffix not in words.common_suffixes:
        return tokens, ""  # THE OLD MILL
    if len(tokens) == 2 and tokens[0] in words.directionals and suffix not in words.common_suffixes:
        return tokens, ""
    return tokens[:-1], suffix


def _street_end(tokens: list[str], words: Words) -> int:
    """Return where a street ends that more text follows, 0 where none does: `MAIN ST FORSYTH`, not `W ST CHARLES`."""
    if tokens[0] in words.spanish["street"]:
        return 0
    for at in range(len(tokens) - 2, 0, -1):
        word = tokens[at]
        if not ends_street(word, words):
            continue
        if tokens[at + 1] in _NO_NAME_BEFORE or tokens[at - 1] in _NO_NAME_BEFORE:
            return 0
        if all(before in words.directionals for before in tokens[:at]) and (
            word == "DR" or is_street_letter(tokens[at + 1])
        ):
            return 0  # S AVENUE H, SW DR MARTIN LUTHER KING
        if word == "ST" and is_saint(tokens, at, words):
            return 0
        end = at + 1
        return end + 1 if tokens[end] in words.directionals and end + 1 < len(tokens) else end
    return 0


def _take_predirectional(tokens: list[str], suffix: str, words: Words) -> tuple[list[str], str]:
    first = words.directionals.get(tokens[0])
    if first is None or len(tokens) < 2 or tokens[1] in {"OF", "&", "AND"}:
        return tokens, ""
    if suffix in _EXTENSIONS and len(tokens) == 2 and words.kinds[tokens[1]] & COMMON:
        return [words.directional_names[first], tokens[1]], ""  # the extension of South Street
    second = words.directionals.get(tokens[1])
    if second and len(tokens) > 2 and (first, second) in _COMPOUNDS and tokens[2] not in {"OF", "&", "AND"}:
        return tokens[2:], _COMPOUNDS[first, second]
    if second and len(tokens) > 2:
        # NORTH SOUTH OAK: the second directional belongs to the name and is spelled out (section 233.22).
        return [words.directional_names[second], *tokens[2:]], first
    return tokens[1:], first
