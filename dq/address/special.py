"""Deliveries that are no street: boxes, rural routes, military mail, and what stands above the delivery line.

Works on segments as `dq.address.tokens.segments` gives them. Publication 28 sections 24 to 29.
"""

import re
from collections.abc import Callable, Container
from typing import Final, NamedTuple

_NUMBER: Final = r"(?:\s*(?:#|\bNO|\bNUM|\bNUMBER)\b)?(?:\s*#)?"
_ID: Final = r"(?:\s*(?P<id>[A-Z]{0,2}-?\d[A-Z0-9-]*)|(?:\s+|(?<=#))(?P<letters>[A-Z]{1,2}))"
_END: Final = r"(?![\w-])"

_PO_BOX = re.compile(
    r"\b(?:(?:P\s?O|P0|POST\s?OFFICE|POSTAL|POST|US\s?POST\s?OFFICE)\s*"
    r"(?:BOX|BX|DRAWER|DWR|BIN|CALLER|CALL\sBOX|LOCK\s?BOX)"
    r"|POB|P\sO\sB|LOCK\s?BOX|LOCK\sDRAWER|(?:FIRM\s)?CALLER(?:\s(?:BOX|SERVICE))?|CALL\sBOX|APARTADO(?:\sPOSTAL)?)"
    + _NUMBER
    + _ID
    + _END
)
_BOX_ALONE = re.compile(
    r"(?:(?:BOX|BX|PO|P\sO)" + _NUMBER + r"\s*(?P<id>[A-Z]{0,2}-?\d[A-Z0-9-]*)"
    r"|(?:DRAWER|DWR|BIN)" + _NUMBER + r"\s*(?P<letter>[A-Z]{0,2}-?\d[A-Z0-9-]*|[A-Z]))"
)
_ROUTE_WORD: Final = r"(?:ROUTE|RTE|RT)"
_RURAL: Final = rf"(?:R\s?R|RURAL\s(?:{_ROUTE_WORD}|DELIVERY)|R\s?F\s?D(?:\s{_ROUTE_WORD})?|RUTA\sRURAL)"
_STAR: Final = (
    rf"(?:H\s?C\s?R?|H\s?C\s?{_ROUTE_WORD}|(?:HIGHWAY|HWY)\sCONTRACT(?:\s{_ROUTE_WORD})?|STAR\s{_ROUTE_WORD}"
    r"|RUTA\sESTRELLA)"
)
_ROUTE_NUMBER: Final = _NUMBER + r"\s*0*(?P<route>\d+[A-Z]?)"
_BOX: Final = r"\s*(?:BOX|BX|BUZON|#)(?:\s*#)?(?:\s*(?:NO|NUMBER)\b)?\s*#?\s*(?P<box>\d[\w-]*|[A-Z]-?\d*[A-Z]?)" + _END
_RURAL_BOX = re.compile(r"\b" + _RURAL + _ROUTE_NUMBER + r"\b" + _BOX)
_SHORT_RURAL_BOX = re.compile(
    rf"(?P<before>(?:[A-Z]+ )*?)(?:{_ROUTE_WORD}|(?P<road>RD|ROAD))" + _ROUTE_NUMBER + r"\b" + _BOX
)
_RURAL_ONLY = re.compile(_RURAL + _ROUTE_NUMBER)
_STAR_BOX = re.compile(r"\b" + _STAR + _ROUTE_NUMBER + r"\b" + _BOX)
_STAR_BARE_BOX = re.compile(rf"\bSTAR\s{_ROUTE_WORD}" + _BOX)
_STAR_ONLY = re.compile(_STAR + _ROUTE_NUMBER)
_BOX_FIRST = re.compile(
    r"(?P<box>(?:BOX|BX)\s(?:#\s|NO\s)?\d[\w-]*)\s(?P<route>(?:RR|R R|RFD|RURAL|ROUTE|RTE|RT|HC|HCR|STAR)\b.*)"
)
_MILITARY = re.compile(
    r"\b(?P<type>PSC|CMR|UNIT|OMC|UMR)\s*(?:#\s*)?(?P<route>\d+)\s+(?:BOX|BX)\s*(?:#\s*)?(?P<box>\d[\w-]*|[A-Z])" + _END
)
_GENERAL = re.compile(r"\b(?:GENERAL|GEN|GENL)\s(?:DELIVERY|DELIV|DEL|DLVRY)\b")
_PMB = re.compile(r"\b(?:PMB|PRIVATE\sMAIL\s?BOX)" + _NUMBER + r"\s*(?P<id>\w[\w-]*)")
_MAIL_STOP = re.compile(
    r"\b(?:MAIL\s?(?:STOP|CODE|DROP)|MSC)" + _NUMBER + r"\s*(?P<id>[\w-]*\d[\w-]*|[A-Z]{1,3}" + _END + ")"
)
_CARE_OF = re.compile(r"(?:^|\s)(?P<mark>C/O|(?:IN )?CARE OF|ATTENTION|ATTN|%)\s*(?P<text>\S.*)$")
_ROUTE_HEAD = re.compile(
    rf"(?:R\s?R|R\s?F\s?D(?:\s{_ROUTE_WORD})?|RURAL {_ROUTE_WORD}|{_ROUTE_WORD}|H\s?C\s?R?|STAR {_ROUTE_WORD}"
    rf"|(?:HIGHWAY|HWY) CONTRACT {_ROUTE_WORD}|PSC|CMR|UNIT|OMC|UMR|RUTA RURAL)\s*(?:# |NO )?\d+[A-Z]?"
)
_BOX_SEGMENT = re.compile(r"(?:BOX|BX|BUZON)\s*(?:# |NO )?\d[\w-]*")
_LONGEST_ROUTE: Final = 2
"""Digits of a rural route whose box is a number sign: `RD 51 # 25`; a longer number is a highway's."""
_ROAD_TYPES: Final = frozenset(
    {"STATE", "COUNTY", "CNTY", "CO", "US", "ST", "OLD", "NEW", "FARM", "TOWNSHIP", "TWP", "N", "S", "E", "W"}
)

_ABOVE_ORDER: Final = ("text", "care_of", "mail_stop", "urbanization", "po_box")
"""Order of the pieces of `address_line2`: fixed, so that standardising its own output changes nothing."""


class Special(NamedTuple):
    """What was cut out of a segment: its kind, the route (`RR 4`, `PSC 802`), the box, and text for above the line."""

    kind: str
    route: str = ""
    box: str = ""
    text: str = ""


def join_routes(segments: list[str]) -> list[str]:
    """Join a route with the box that a comma parted from it, in either order.

    >>> join_routes(["RR 2", "BOX 15"])
    ['RR 2 BOX 15']
    """
    joined: list[str] = []
    for segment in segments:
        if joined and _ROUTE_HEAD.fullmatch(joined[-1]) and _BOX_SEGMENT.fullmatch(segment):
            joined[-1] = f"{joined[-1]} {segment}"
        elif joined and _BOX_SEGMENT.fullmatch(joined[-1]) and _ROUTE_HEAD.fullmatch(segment):
            joined[-1] = f"{segment} {joined[-1]}"
        else:
            joined.append(segment)
    return joined


def take_specials(segment: str, states: Container[str] = ()) -> tuple[list[str], list[Special]]:
    """Cut every special delivery out of a segment.

    Args:
        segment: Upper-case text without punctuation.
        states: Words that make `… ROUTE 4` a highway rather than a rural route.

    Returns:
        The texts left of, between and right of what was cut, and what was cut.

    >>> take_specials("10 MAIN ST POST OFFICE BOX # 12")
    (['10 MAIN ST'], [Special(kind='po_box', route='', box='12', text='')])
    """
    swapped = _BOX_FIRST.fullmatch(segment)
    if swapped:
        segment = f"{swapped['route']} {swapped['box']}"
    present = set(segment.split())
    rest, found = [segment], []
    for heads, pattern, make in _RULES:
        if present.isdisjoint(heads):
            continue
        remaining: list[str] = []
        for text in rest:
            match = pattern.search(text)
            if match is None:
                remaining.append(text)
                continue
            found.append(make(match))
            remaining.extend(part for part in (text[: match.start()].strip(), text[match.end() :].strip()) if part)
        rest = remaining
    if found:
        return rest, found
    if whole := _whole_segment(segment):
        return [], [whole]
    return (None if present.isdisjoint(_SHORT_HEADS) else _short_route(segment, states)) or (rest, found)


def is_short_route(tokens: list[str]) -> bool:
    """Return whether a segment may be a rural route with a number sign for its box: `RD 51 # 25`."""
    return tokens[0] in _SHORT_HEADS and "#" in tokens


def order_above(pieces: list[tuple[str, str]]) -> list[str]:
    """Return the texts of (kind, text) pieces in the fixed order of `address_line2`."""
    fixed = {"mail_stop", "po_box"}
    order = sorted(pieces, key=lambda piece: (_ABOVE_ORDER.index(piece[0]), piece[1] if piece[0] in fixed else ""))
    return [text for _, text in order]


def _short_route(segment: str, states: Container[str]) -> tuple[list[str], list[Special]] | None:
    """Read `ROUTE 4 BOX 87` and `RD 51 # 25` as a rural route unless a house number or a highway stands before it."""
    match = _SHORT_RURAL_BOX.match(segment)
    if match is None:
        return None
    before = match["before"].split()
    if "#" in match[0] and len(match["route"]) > _LONGEST_ROUTE:
        return None
    if before and (match["road"] or before[-1] in _ROAD_TYPES or before[-1] in states):
        return None
    rest = [part for part in (" ".join(before), segment[match.end() :].strip()) if part]
    return rest, [Special("route", f"RR {match['route']}", match["box"])]


def _whole_segment(segment: str) -> Special | None:
    if match := _BOX_ALONE.fullmatch(segment):
        return Special("po_box", box=match["id"] or match["letter"])
    if match := _RURAL_ONLY.fullmatch(segment):
        return Special("route", route=f"RR {match['route']}")
    if match := _STAR_ONLY.fullmatch(segment):
        return Special("route", route=f"HC {match['route']}")
    return None


def _care_of(match: re.Match[str]) -> Special:
    mark = {"CARE OF": "C/O", "IN CARE OF": "C/O", "%": "C/O", "ATTENTION": "ATTN"}.get(match["mark"], match["mark"])
    return Special("care_of", text=f"{mark} {match['text']}")


def _heads(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SHORT_HEADS: Final = _heads("ROUTE RTE RT RD ROAD")
_RULES: Final[tuple[tuple[frozenset[str], re.Pattern[str], Callable[[re.Match[str]], Special]], ...]] = (
    (_heads("C/O CARE ATTN ATTENTION %"), _CARE_OF, _care_of),
    (
        _heads("PSC CMR UNIT OMC UMR"),
        _MILITARY,
        lambda match: Special("military", f"{match['type']} {match['route']}", match["box"]),
    ),
    (
        _heads("HC HCR H CONTRACT STAR RUTA"),
        _STAR_BOX,
        lambda match: Special("route", f"HC {match['route']}", match["box"]),
    ),
    (_heads("STAR"), _STAR_BARE_BOX, lambda match: Special("route", "HC", match["box"])),
    (
        _heads("RR R RFD RURAL RUTA"),
        _RURAL_BOX,
        lambda match: Special("route", f"RR {match['route']}", match["box"]),
    ),
    (
        _heads("PO P P0 POBOX POST POSTAL POB LOCKBOX LOCK CALLER CALL APARTADO US"),
        _PO_BOX,
        lambda match: Special("po_box", box=match["id"] or match["letters"]),
    ),
    (_heads("PMB PRIVATE"), _PMB, lambda match: Special("pmb", text=f"PMB {match['id']}")),
    (_heads("MAIL MAILSTOP MSC"), _MAIL_STOP, lambda match: Special("mail_stop", text=f"MAIL STOP {match['id']}")),
    (_heads("GENERAL GEN GENL"), _GENERAL, lambda _: Special("general", "GENERAL DELIVERY")),
)
HEADS: Final = frozenset().union(*(heads for heads, _, _ in _RULES)) - {"UNIT", "US"} | _heads(
    "BOX BX DRAWER DWR BIN BUZON"
)
"""Words without which no pattern of this module can match, beside a route's type at the head of a segment."""
