"""Addresses of a record, all of them, as components that matching compares."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dq.matching.folding import as_series, by_distinct, column, fold, glued, joined, numbered, text_array
from dq.model import TEXT
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
_MARK = "\x1f"
"""Parts the columns of an address; no cell holds this sign, and one that does has a blank there."""
_BOX = re.compile(r"\b(?:p ?o ?box|post office box|postfach)\s+(\w+)")


def addresses_of(records: pd.DataFrame, owned: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return `addresses`: every address of each record, sorted, parted by `;`."""
    chosen = owned[owned["kind"].eq("address")]
    whole = pa.concat_arrays([_whole(source) for source in (records, chosen)])
    owners = np.concatenate([np.arange(len(records)), chosen["owner"].to_numpy(dtype="int64")])
    codes, distinct = numbered(whole)
    texts = text_array(_texts(_parted(distinct), words))
    values = as_series(texts.take(pa.array(codes)))
    return pd.DataFrame({"addresses": joined(values, owners, len(records), ";")}).astype(TEXT)


def _whole(rows: pd.DataFrame) -> pa.Array:
    """Return everything of each row that makes its address, as one text: most addresses stand in several rows."""
    parts = [text_array(column(rows, name)) for name in ADDRESS_READ]
    return glued(*(pc.replace_substring(part, _MARK, " ") for part in parts), by=_MARK, missing="")


def _parted(wholes: pa.Array) -> pd.DataFrame:
    """Return the columns that `_whole` put together."""
    pieces = pc.split_pattern(wholes, _MARK).flatten()
    pieces = pc.if_else(pc.equal(pieces, ""), None, pieces)
    first = np.arange(len(wholes), dtype=np.int64) * len(ADDRESS_READ)
    return pd.DataFrame(
        {name: as_series(pieces.take(pa.array(first + place))) for place, name in enumerate(ADDRESS_READ)}
    )


def _texts(rows: pd.DataFrame, words: Words) -> pd.Series:
    """Return each address as one text of its PARTS; missing where nothing is known."""
    known = rows["addr_street"].notna() | rows["addr_box"].notna()
    lines = by_distinct(rows["address_line1"].where(~known), lambda text: _parse(fold(text), words))
    detail = (text_array(rows[f"addr_{name}"]) for name in ("predirectional", "suffix", "postdirectional"))
    details = by_distinct(
        as_series(glued(*detail, by=" ", missing="")), lambda text: _detail(fold(text).split(), words)
    )
    given = [_folded(rows["addr_number"]), _street(rows["addr_street"], words), details]
    given += [_folded(rows["addr_unit"]), _folded(rows["addr_box"])]
    area = [_folded(rows["zip5"].fillna(rows["postal_code"])), *(_folded(rows[name]) for name in ("city", "state"))]
    rest = glued(*(text_array(part) for part in area), by="|", missing="")
    line = glued(*(text_array(part) for part in given), by="|", missing="")
    line = pc.if_else(pa.array(known), line, text_array(lines).fill_null("||||"))
    made = glued(line, rest, by="|")
    return as_series(pc.if_else(pc.equal(made, "|" * (len(PARTS) - 1)), None, made))


def components(addresses: pa.Array) -> dict[str, pa.Array]:
    """Return the PARTS of address texts, none of them missing; empty texts where a part is not known."""
    pieces = pc.split_pattern(addresses, "|").flatten()
    first = np.arange(len(addresses), dtype=np.int64) * len(PARTS)
    return {name: pieces.take(pa.array(first + place)) for place, name in enumerate(PARTS)}


def places_of(addresses: pa.Array) -> pa.Array:
    """Return `place_of` of many address texts, none of them missing."""
    parts = components(addresses)
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


def _folded(values: pd.Series) -> pd.Series:
    return by_distinct(values, lambda text: fold(text).replace(" ", ""))


def _street(values: pd.Series, words: Words) -> pd.Series:
    return by_distinct(values, lambda text: _street_name(fold(text).split(), words))


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
    while len(tokens) > 1 and tokens[-1] in (words.directions | words.streets) and len(tail) < 2:
        tail.insert(0, tokens.pop())
    street = _street_name(tokens, words)
    return "|".join((number, street, _detail(detail + tail, words), unit, ""))
