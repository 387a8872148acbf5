"""Addresses of a record, all of them, as components that matching compares."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dq.matching.folding import column, fold, folded, glued, text_array
from dq.matching.points import Points, further
from dq.matching.singles import Single, distinct_rows, joined, put_together, single_of
from dq.standards.matching import Words

PARTS = ("number", "street", "detail", "unit", "box", "zip", "city", "state")
"""Components of an address text, parted by `|`: `detail` is directions and street type."""

ADDRESS_READ = (
    "address_line1",
    "city",
    "state",
    "zip5",
    "postal_code",
    "addr_number",
    "addr_predirectional",
    "addr_street",
    "addr_suffix",
    "addr_postdirectional",
    "addr_unit",
    "addr_box",
)
"""Columns of records and contact points that an address is made of."""
_BOX = re.compile(r"\b(?:p ?o ?box|post office box|postfach)\s+(\w+)")


_MAILBOX = "pmb"
"""Abbreviation of a private mailbox, by Publication 28."""


def addresses_of(records: pd.DataFrame, points: Points, words: Words) -> Single:
    """Return every address of each record, sorted, parted by `;`."""
    chosen = points.chosen(("address",))
    own = _read({name: text_array(column(records, name)) for name in ADDRESS_READ})
    theirs = _read({name: points.texts(chosen, name) for name in ADDRESS_READ})
    owners = points.owners[chosen]
    more = further(owners, own, theirs)
    columns = {
        name: single_of(pa.concat_arrays([own[name], theirs[name].take(pa.array(more))])) for name in ADDRESS_READ
    }
    owners = np.concatenate([np.arange(len(records)), owners[more]])
    return joined(_texts(columns, words), owners, len(records), ";")


def _read(texts: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """Return the columns of addresses with whole lines only where their components are not known.

    A private mailbox stands in the line and in no component; it says who of a building it is, as an apartment does.
    """
    line = texts["address_line1"]
    units = {}
    if pc.any(pc.match_substring(line, _MAILBOX, ignore_case=True)).as_py():
        found = pc.extract_regex(line, r"(?i)\bpmb\s*#?\s*(?P<number>\w+)")
        units["addr_unit"] = pc.coalesce(pc.struct_field(found, "number"), texts["addr_unit"])
    bare = pc.and_(*(pc.is_null(texts[name]) for name in ("addr_street", "addr_box")))
    return texts | units | {"address_line1": pc.if_else(bare, line, None)}


def _texts(columns: Mapping[str, Single], words: Words) -> Single:
    """Return each address as one text of its PARTS; missing where nothing is known."""
    known = columns["addr_street"].known | columns["addr_box"].known
    details = put_together(
        *(columns[f"addr_{name}"] for name in ("predirectional", "suffix", "postdirectional")), by=" "
    )
    line = put_together(
        _folded(columns["addr_number"].where(known)),
        _street(columns["addr_street"].where(known), words),
        details.where(known).made(lambda text: _detail(fold(text).split(), words)),
        _folded(columns["addr_unit"].where(known)),
        _folded(columns["addr_box"].where(known)),
        by="|",
    )
    line = line.or_else(columns["address_line1"].made(lambda text: _parse(fold(text), words)))
    area = put_together(
        _folded(columns["zip5"].or_else(columns["postal_code"])),
        _folded(columns["city"]),
        _folded(columns["state"]),
        by="|",
    )
    places, first = distinct_rows([line.codes, area.codes])
    made = glued(line.of(first).fill_null("||||"), area.of(first).fill_null("||"), by="|")
    return Single(places, made).mapped(pc.if_else(pc.equal(made, "|" * (len(PARTS) - 1)), None, made))


def components(addresses: pa.Array) -> dict[str, pa.Array]:
    """Return the PARTS of address texts, none of them missing; empty texts where a part is not known."""
    pieces = pc.split_pattern(addresses, "|").flatten()
    first = np.arange(len(addresses), dtype=np.int64) * len(PARTS)
    return {name: pieces.take(pa.array(first + place)) for place, name in enumerate(PARTS)}


def places_of(addresses: pa.Array) -> pa.Array:
    """Return `place_of` of many address texts, none of them missing."""
    return places_of_parts(components(addresses))


def places_of_parts(parts: Mapping[str, pa.Array]) -> pa.Array:
    """Return `place_of` of many addresses that are taken apart (`components`)."""
    trimmed = pc.utf8_trim(glued(parts["number"], parts["street"], parts["detail"], by=" "), " ")
    lives = pc.and_(pc.not_equal(parts["number"], ""), pc.not_equal(parts["street"], ""))
    line = pc.if_else(lives, trimmed, "")
    line = pc.if_else(pc.equal(parts["box"], ""), line, glued("box", parts["box"], by=" "))
    area = pc.if_else(pc.equal(parts["zip"], ""), parts["city"], parts["zip"])
    return pc.if_else(pc.equal(line, ""), "", glued(line, area, by="|"))


def place_of(address: str) -> str:
    """Return what of an address everybody in one building shares, empty where there is no street, number or box.

    >>> place_of("12|oak|st|4||89501|reno|nv")
    '12 oak st|89501'
    """
    number, street, detail, _, box, postal_code, city, _ = address.split("|")
    line = f"box {box}" if box else f"{number} {street} {detail}".strip() if number and street else ""
    return f"{line}|{postal_code or city}" if line else ""


def _folded(values: Single) -> Single:
    return values.mapped(pc.replace_substring(folded(values.texts), " ", ""))


def _street(values: Single, words: Words) -> Single:
    return values.made(lambda text: _street_name(fold(text).split(), words))


def _street_name(tokens: list[str], words: Words) -> str:
    return " ".join(words.directions.get(token, words.ordinals.get(token, token)) for token in tokens)


def _detail(tokens: list[str], words: Words) -> str:
    return " ".join(words.directions.get(token, words.streets.get(token, token)) for token in tokens)


def _parse(line: str, words: Words) -> str:
    """Return number, street, detail, unit and box of a folded delivery line that came without components."""
    box = _BOX.search(line)
    if box:
        return "||||" + box.group(1)
    tokens = line.split()
    unit = ""
    for place, token in enumerate(tokens[1:], 1):
        if token in words.units and place + 1 < len(tokens):
            unit = "".join(tokens[place + 1 :])
            tokens = tokens[:place]
            break
    number = tokens.pop(0) if len(tokens) > 1 and tokens[0][0].isdigit() else ""
    detail = []
    if len(tokens) > 1 and tokens[0] in words.directions:
        detail.append(tokens.pop(0))
    tail: list[str] = []
    while len(tokens) > 1 and (tokens[-1] in words.directions or tokens[-1] in words.streets) and len(tail) < 2:
        tail.insert(0, tokens.pop())
    street = _street_name(tokens, words)
    return "|".join((number, street, _detail(detail + tail, words), unit, ""))
