"""Deliveries that are no street: boxes, rural routes, military mail, and what stands above the delivery line.

Works on segments as `dq.address.tokens.segments` gives them. Publication 28 sections 24 to 29.
"""

import re
from typing import Final, NamedTuple

_NUMBER: Final = r"(?:\s*(?:#|\bNO|\bNUM|\bNUMBER)\b)?(?:\s*#)?"
_ID: Final = r"(?P<id>[A-Z]{0,2}-?\d[A-Z0-9-]*|[A-Z]{1,2})"
_END: Final = r"(?![\w-])"

_PO_BOX = re.compile(
    r"\b(?:(?:P\s?O|POST\s?OFFICE|POSTAL|US\s?POST\s?OFFICE)\s*(?:BOX|BX|DRAWER|DWR|BIN|CALLER|LOCK\s?BOX)"
    r"|POB|P\sO\sB|LOCK\s?BOX|(?:FIRM\s)?CALLER(?:\sBOX)?|CALL\sBOX|APARTADO(?:\sPOSTAL)?)"
    + _NUMBER
    + r"\s*"
    + _ID
    + _END
)
_BOX_ALONE = re.compile(r"(?:BOX|BX|PO|P\sO|DRAWER|BIN)" + _NUMBER + r"\s*(?P<id>[A-Z]{0,2}-?\d[A-Z0-9-]*)")
_RURAL: Final = (
    r"(?:R\s?R|RURAL\s(?:ROUTE|RTE|RT|DELIVERY)|R\s?F\s?D(?:\s(?:ROUTE|RTE|RT))?|RUTA\sRURAL|{short})"
    + _NUMBER
    + r"\s*"
)
_STAR: Final = r"(?:H\s?C\s?R?|(?:HIGHWAY|HWY)\sCONTRACT(?:\s(?:ROUTE|RTE|RT))?|STAR\s(?:ROUTE|RTE|RT)|RUTA\sESTRELLA)"
_ROUTE_NUMBER: Final = r"0*(?P<route>\d+[A-Z]?)"
_BOX: Final = r"\s*(?:BOX|BX|BUZON|#)(?:\s*#)?(?:\s*(?:NO|NUMBER)\b)?\s*(?P<box>\d[\w-]*|[A-Z]-?\d*[A-Z]?)" + _END
_RURAL_BOX = re.compile(r"\b" + _RURAL.format(short="ROUTE|RTE|RT|RD") + _ROUTE_NUMBER + r"\b" + _BOX)
_RURAL_ONLY = re.compile(_RURAL.format(short="RR") + _ROUTE_NUMBER)
_STAR_BOX = re.compile(r"\b" + _STAR + _NUMBER + r"\s*" + _ROUTE_NUMBER + r"\b" + _BOX)
_STAR_BARE_BOX = re.compile(r"\bSTAR\s(?:ROUTE|RTE|RT)" + _BOX)
_STAR_ONLY = re.compile(_STAR + _NUMBER + r"\s*" + _ROUTE_NUMBER)
_BOX_FIRST = re.compile(r"^(?P<box>BOX\s(?:#\s)?\d[\w-]*)\s(?P<route>(?:RR|RFD|RURAL|ROUTE|RTE|RT|HC|HCR|STAR)\b.*)$")
_MILITARY = re.compile(
    r"\b(?P<type>PSC|CMR|UNIT|OMC|UMR)\s*(?:#\s*)?(?P<route>\d+)\s+BOX\s*(?:#\s*)?(?P<box>\d[\w-]*|[A-Z])" + _END
)
_GENERAL = re.compile(r"\b(?:GENERAL|GEN|GENL)\s(?:DELIVERY|DELIV|DEL|DLVRY)\b")
_PMB = re.compile(r"\b(?:PMB|PRIVATE\sMAIL\s?BOX)" + _NUMBER + r"\s*(?P<id>\w[\w-]*)")
_MAIL_STOP = re.compile(r"\bMAIL\s?(?:STOP|CODE)\s*(?:#\s*)?(?P<id>\w*\d[\w-]*|[A-Z]{1,3}" + _END + ")")
_CARE_OF = re.compile(r"(?:^|\s)(?P<mark>C/O|CARE OF|ATTENTION|ATTN|%)\s*(?P<text>\S.*)$")
_URBANIZATION = re.compile(r"^URB(?:ANIZACION)?\s(?P<text>\S.*\s\d\S*\s\S.*)$")
_ROUTE_HEAD = re.compile(
    r"(?:R\s?R|R\s?F\s?D|RURAL (?:ROUTE|RTE|RT)|ROUTE|RTE|RT|H\s?C\s?R?|STAR (?:ROUTE|RTE|RT)"
    r"|PSC|CMR|UNIT|OMC|UMR|RUTA RURAL)\s*(?:# )?\d+"
)
_BOX_SEGMENT = re.compile(r"(?:BOX|BX|BUZON)\s*(?:# )?\d[\w-]*")

_ABOVE_ORDER: Final = ("text", "care_of", "mail_stop", "urbanization", "pmb", "po_box")
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


def take_specials(segment: str) -> tuple[list[str], list[Special]]:
    """Cut every special delivery out of a segment.

    Returns:
        The texts left of, between and right of what was cut, and what was cut.

    >>> take_specials("10 MAIN ST POST OFFICE BOX # 12")
    (['10 MAIN ST'], [Special(kind='po_box', route='', box='12', text='')])
    """
    swapped = _BOX_FIRST.match(segment)
    if swapped:
        segment = f"{swapped['route']} {swapped['box']}"
    rest, found = [segment], []
    for pattern, make in _RULES:
        remaining: list[str] = []
        for text in rest:
            match = pattern.search(text)
            if match is None:
                remaining.append(text)
                continue
            found.append(make(match))
            remaining.extend(part for part in (text[: match.start()].strip(), text[match.end() :].strip()) if part)
        rest = remaining
    whole = _whole_segment(rest[0]) if len(rest) == 1 and not found else None
    return ([], [whole]) if whole else (rest, found)


def order_above(pieces: list[tuple[str, str]]) -> list[str]:
    """Return the texts of (kind, text) pieces in the fixed order of `address_line2`."""
    fixed = {"mail_stop", "pmb", "po_box"}
    order = sorted(pieces, key=lambda piece: (_ABOVE_ORDER.index(piece[0]), piece[1] if piece[0] in fixed else ""))
    return [text for _, text in order]


def _whole_segment(segment: str) -> Special | None:
    if match := _BOX_ALONE.fullmatch(segment):
        return Special("po_box", box=match["id"])
    if match := _RURAL_ONLY.fullmatch(segment):
        return Special("route", route=f"RR {match['route']}")
    if match := _STAR_ONLY.fullmatch(segment):
        return Special("route", route=f"HC {match['route']}")
    if segment.startswith(("URB ", "URBANIZACION ")) and not segment[-1].isdigit():
        return Special("urbanization", text="URB " + segment.split(" ", 1)[1])
    return None


def _care_of(match: re.Match[str]) -> Special:
    mark = {"CARE OF": "C/O", "%": "C/O", "ATTENTION": "ATTN"}.get(match["mark"], match["mark"])
    return Special("care_of", text=f"{mark} {match['text']}")


_RULES: Final = (
    (_CARE_OF, _care_of),
    (_URBANIZATION, lambda match: Special("urbanization", text=f"URB {match['text']}")),
    (_MILITARY, lambda match: Special("military", f"{match['type']} {match['route']}", match["box"])),
    (_STAR_BOX, lambda match: Special("route", f"HC {match['route']}", match["box"])),
    (_STAR_BARE_BOX, lambda match: Special("route", "HC", match["box"])),
    (_RURAL_BOX, lambda match: Special("route", f"RR {match['route']}", match["box"])),
    (_PO_BOX, lambda match: Special("po_box", box=match["id"])),
    (_PMB, lambda match: Special("pmb", text=f"PMB {match['id']}")),
    (_MAIL_STOP, lambda match: Special("mail_stop", text=f"MAIL STOP {match['id']}")),
    (_GENERAL, lambda _: Special("general", "GENERAL DELIVERY")),
)
