"""Whole addresses in one text to their parts, rules and model together. Parses only: nothing is looked up or mended."""

import re
from typing import Final, NamedTuple

import pandas as pd

from dq import model
from dq.address.crf import label_lines
from dq.address.foreign_ends import ForeignEnd, foreign_end
from dq.address.last_line import LastLine, split_address
from dq.address.publication28 import StandardLine, components, standardize_line
from dq.address.standardize import Tables, load_tables
from dq.address.zip_codes import parse_zip
from dq.settings import load_settings
from dq.standards import Standards, load_standards

KINDS: Final = (
    "street",
    "intersection",
    "po_box",
    "rural_route",
    "highway_contract",
    "military",
    "general_delivery",
    "foreign",
    "unknown",
    "missing",
)
"""What the delivery line is.

- `street`: a number, or a street with its suffix or number, Puerto Rico's included; `intersection`: two of them.
- `po_box`, `rural_route`, `highway_contract`, `military`, `general_delivery`: as Publication 28 calls them.
- `foreign`: the text says that it lies abroad; its line is kept as written.
- `unknown`: text that is none of these, or a last line alone; `missing`: no text.
"""
PARSED: Final = (
    *model.COMPONENT_COLUMNS,
    "recipient",
    "address_line1",
    "address_line2",
    "city",
    "state",
    "zip5",
    "zip4",
    "postal_code",
    "country",
    "kind",
)
"""Text columns of `parse`, in order; `confidence` follows them."""
FOREIGN_CONFIDENCE: Final = 0.5
"""Nothing was checked and nothing speaks against it."""

_ROUTES: Final = {"RR": "rural_route", "HC": "highway_contract", "GENERAL": "general_delivery"}
_MILITARY_CITIES: Final = frozenset({"APO", "FPO", "DPO"})
_NO_NAME = re.compile(r"(?:PMB|URB|MAIL STOP|PO BOX|RR|HC|BOX|PSC|CMR|UNIT|APT|STE|BLDG|FL|RM|#|\d)(?!\w)|\d")
_COUNTIES: Final = (" COUNTY", " PARISH")
_MARK = re.compile(r"^(?:C/O|ATTN:?|CARE OF|ATTENTION)\s+")
_AMERICAN_END = re.compile(r"\d{5}(?:\s*-?\s*\d{4})?\W*$")


class _Parse(NamedTuple):
    last: LastLine
    line: StandardLine
    foreign: ForeignEnd | None


class AddressParser:
    """Parses addresses with the words of a set of standards; holds no other state."""

    def __init__(self, standards: Standards | None = None) -> None:
        """Take standards, by default those in force for the working folder."""
        if standards is None:
            settings = load_settings()
            standards = load_standards(settings.standards, settings.expectations)
        self._style = standards.style
        self._tables: Tables = load_tables(standards)

    def label(self, lines: pd.Series, *, marginals: bool = False) -> pd.DataFrame:
        """Label tokens with usaddress's model alone, without any rule.

        Args:
            lines: Texts; nulls count as empty.
            marginals: Also give each label its own probability.

        Returns:
            One row per token: `line` (label of the index), `position`, `token`, `label`, `probability`.
        """
        return label_lines(lines, marginals=marginals)

    def parse(self, lines: pd.Series) -> pd.DataFrame:
        """Take whole addresses apart, a street alone or a last line alone included.

        Args:
            lines: Texts with or without commas and line breaks; nulls count as missing. Never raises on text.

        Returns:
            Index of `lines`; the columns `PARSED`, text, null where absent, and `confidence`, 0 to 1. City, state and
            ZIP stand as written, in upper case: a missing zero stays missing. `recipient` names who is above the
            delivery line, which `address_line2` holds as well.
        """
        codes, distinct = pd.factorize(lines.astype(model.TEXT).fillna("").astype(object))
        standard: dict[str, StandardLine] = {}
        rows = [self._row(self._parse(text, standard)) for text in distinct]
        columns = [*PARSED, "confidence"]
        frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(PARSED, model.TEXT))
        frame["confidence"] = frame["confidence"].astype("float64")
        return frame.take(codes).set_axis(lines.index)

    def _parse(self, text: str, standard: dict[str, StandardLine]) -> _Parse:
        foreign = None if _AMERICAN_END.search(text) else foreign_end(text, self._tables.countries)
        if foreign:
            return _Parse(LastLine(foreign.line), self._line("", standard), foreign)
        last = split_address(text, self._tables.grammar.words, self._tables.reference)
        return _Parse(last, self._line(last.line, standard), None)

    def _line(self, text: str, standard: dict[str, StandardLine]) -> StandardLine:
        if text not in standard:
            standard[text] = standardize_line(text, self._tables.grammar, self._style)
        return standard[text]

    def _row(self, found: _Parse) -> tuple[object, ...]:
        """Return one row in the order of `PARSED` and confidence."""
        last, line, foreign = found
        if foreign:
            parts = ("",) * len(model.COMPONENT_COLUMNS)
            values = (*parts, "", foreign.line, "", foreign.city, foreign.state, "", "", foreign.postal_code)
            return (*(value or None for value in (*values, foreign.country, "foreign")), FOREIGN_CONFIDENCE)
        code = parse_zip(last.zip_text)
        named = components(line.parts, self._tables.grammar.words, self._style)
        kind = _kind(last, line)
        values = (
            *(named[column] for column in model.COMPONENT_COLUMNS),
            _recipient(line),
            line.line1,
            line.line2,
            last.city,
            last.state,
            code.zip5.rpartition("-")[0] if code.doubt == "length" and "-" in code.zip5 else code.zip5,
            code.zip4,
            "",
            "",
            kind,
        )
        return (*(value or None for value in values), _confidence(last, line, kind))


def _kind(last: LastLine, line: StandardLine) -> str:
    parts, head = line.parts, line.parts.route.partition(" ")[0]
    if not any((line.line1, last.city, last.state, last.zip_text)):
        return "missing"
    if head in _ROUTES:
        return _ROUTES[head]
    if parts.route or (last.city in _MILITARY_CITIES and line.line1):
        return "military"
    if parts.box and not parts.street.name:
        return "po_box"
    if not parts.number and {"&", "AND", "@"} & set(line.line1.upper().split()[1:-1]):
        return "intersection"
    is_street = parts.number or parts.street.suffix or any(any(map(str.isdigit, word)) for word in parts.street.name)
    return "street" if is_street else "unknown"


def _recipient(line: StandardLine) -> str:
    """Return the first text above the delivery line that names somebody, without `C/O` or `ATTN`."""
    texts = (text for text in line.parts.above if not _NO_NAME.match(text) and not text.endswith(_COUNTIES))
    names = (_MARK.sub("", text) for text in texts)
    return next((name for name in names if name), "")


def _confidence(last: LastLine, line: StandardLine, kind: str) -> float:
    if kind == "missing":
        return 0.0
    return round(last.certainty * (line.parts.confidence if line.line1 else 1.0), 4)
