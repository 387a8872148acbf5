"""What the codes of CASS, DPV and NCOALink in a row say, in this project's outcomes. Looks at no address.

The codes are data: `standards/reference/bureau_codes.csv`. A code that is not there is kept as typed and counted.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pandas as pd

from dq.model import TEXT
from dq.standards import Standards

NEW_ADDRESS: Final = "new_address"
NO_ADDRESS: Final = "no_address"
POSSIBLE_MOVE: Final = "possible_move"
CODE_CELLS: Final = (
    *("dpv", "dpv_footnotes", "footnotes", "match_code", "vacant", "no_stat", "no_stat_reason"),
    *("ncoa_code", "ank", "match_flag", "move_type", "lacs"),
)
"""Columns of an answer that hold codes."""
HAS_ZIP4: Final = "has_zip4"
HAS_NEW: Final = "has_new"
SAID: Final = (
    *("dpv", "dpv_footnotes", "footnotes", "outcome", "detail"),
    *("move", "move_type", "move_detail", "is_converted", "unknown"),
)
"""Columns of `read_codes`, all text, null where nothing is said."""

_BY_POSITION: Final = re.compile(r"[YDSNR ][YN ]{1,5}")
"""DPV, CMRA, false positive, vacant, No-Stat (and a sixth) in one cell: how AccuZIP and its kin write `DPV_`."""
_PAIRS: Final = re.compile(r"(?:AA|A1)(?:[A-Z][A-Z0-9])*")
"""DPV footnotes are pairs and start with AA or A1; letters of CASS never repeat, so they are never taken for pairs."""
_REACHED: Final = frozenset(("", "confirmed", "unit_missing", "unit_unconfirmed", "range_only"))
"""Outcomes that being vacant or without delivery alters: the others say already that mail does not arrive."""
_LONGEST_UNKNOWN: Final = 20
"""Characters of an unknown code that are kept: codes have at most six, the rest is text in the wrong column."""
_YES: Final = "Y"


class Said(NamedTuple):
    """What the codes of a row say; columns of SAID, empty where they say nothing."""

    dpv: str
    dpv_footnotes: str
    footnotes: str
    outcome: str
    detail: str
    move: str
    move_type: str
    move_detail: str
    is_converted: str
    unknown: str


@dataclass(frozen=True)
class BureauCodes:
    """The table of codes: (kind, code) → what it means here, and the words for a steward."""

    values: Mapping[tuple[str, str], str]
    notes: Mapping[tuple[str, str], str]


def load_codes(standards: Standards) -> BureauCodes:
    """Read the table of codes."""
    table = standards.table("bureau_codes")
    keys = list(zip(table["kind"], table["code"], strict=True))
    return BureauCodes(
        dict(zip(keys, table["value"], strict=True)),
        dict(zip(keys, table["note"], strict=True)),
    )


def read_codes(answer: pd.DataFrame, codes: BureauCodes) -> pd.DataFrame:
    """Read the codes of every row, once per distinct combination.

    Args:
        answer: Columns of CODE_CELLS as typed (those that are absent count as null), and the booleans `has_zip4`
            (the row brings a +4) and `has_new` (it brings an address to move to).
        codes: The table.

    Returns:
        Index of `answer`, columns of SAID.
    """
    cells = answer.reindex(columns=list(CODE_CELLS)).astype(TEXT).fillna("")
    cells = cells.assign(**{flag: answer[flag].map({True: _YES, False: ""}) for flag in (HAS_ZIP4, HAS_NEW)})
    combinations, distinct = pd.factorize(pd.MultiIndex.from_frame(cells))
    names = list(cells.columns)
    read = [read_row(dict(zip(names, row, strict=True)), codes) for row in distinct]
    said = pd.DataFrame(read, columns=list(SAID), dtype=TEXT).take(combinations).set_axis(answer.index)
    return said.mask(said == "")


def count_unknown(unknown: pd.Series) -> dict[str, int]:
    """Return how many rows hold an unknown code, by field; `unknown` is the column of `read_codes`."""
    counts: Counter[str] = Counter()
    for fields, count in unknown.value_counts().items():
        counts.update(dict.fromkeys(str(fields).split(), int(count)))
    return dict(sorted(counts.items()))


def read_row(cells: Mapping[str, str], codes: BureauCodes) -> Said:
    """Return what the codes of one row say."""
    row = _Row(cells, codes)
    flags = row.positions()
    dpv = row.known("dpv", flags[0])
    pairs = row.pairs(cells["dpv_footnotes"]) or _pairs(cells["footnotes"])
    letters = "" if _pairs(cells["footnotes"]) else row.letters(cells["footnotes"])
    match_code = row.known("match_code", cells["match_code"])
    vacant = row.known("vacant", cells["vacant"] or flags[3])
    no_stat = row.known("no_stat", cells["no_stat_reason"] or cells["no_stat"] or flags[4])
    lacs = row.known("lacs", cells["lacs"])
    told = [("dpv", dpv), *(("dpv_footnote", pair) for pair in pairs), *(("footnote", letter) for letter in letters)]
    told += [("match_code", match_code), ("vacant", vacant), ("no_stat", no_stat), ("lacs", lacs)]
    outcome = _outcome(row, dpv, pairs, letters, match_code)
    for kind, code in (("vacant", vacant), ("no_stat", no_stat)):
        if outcome in _REACHED:
            outcome = row.value(kind, code) or outcome
    move_type = row.value("move_type", row.known("move_type", cells["move_type"]))
    move, move_code = _move(row, move_type)
    return Said(
        dpv=dpv,
        dpv_footnotes="".join(pairs),
        footnotes=letters,
        outcome=outcome,
        move=move,
        move_type=move_type,
        move_detail=row.note(*move_code),
        is_converted=_YES if row.value("lacs", lacs) else "",
        detail="; ".join(filter(None, [*(row.note(*code) for code in told), *row.unknown_words])),
        unknown=" ".join(row.unknown_fields),
    )


@dataclass
class _Row:
    """The cells of a row beside the table, and the codes that the table lacks."""

    cells: Mapping[str, str]
    codes: BureauCodes
    unknown_fields: list[str] = field(default_factory=list)
    unknown_words: list[str] = field(default_factory=list)

    def positions(self) -> Sequence[str]:
        """Return the letters of the DPV cell by position; a longer word is one letter that the table will not know."""
        cell = self.cells["dpv"].upper().rstrip()
        letters = cell if _BY_POSITION.fullmatch(cell) else [cell]
        return [*(letter.strip() for letter in letters), "", "", "", ""]

    def known(self, field_name: str, cell: str, kind: str = "") -> str:
        """Return the code of a cell, with the zero a spreadsheet took restored; empty where it is unknown."""
        code = cell.strip().upper().removesuffix(".0")
        kind = kind or field_name
        for spelling in (code, code.zfill(2)):
            if not code or (kind, spelling) in self.codes.values:
                return spelling if code else ""
        self._add_unknown(field_name, code)
        return ""

    def pairs(self, cell: str) -> list[str]:
        """Return the DPV footnotes of a cell; a cell that holds something else is an unknown code."""
        pairs = _pairs(cell)
        if not pairs and cell.strip():
            self._add_unknown("dpv_footnotes", cell.strip())
        return pairs

    def letters(self, cell: str) -> str:
        """Return the CASS footnotes of a cell; a cell that holds something else is an unknown code."""
        letters = _letters(cell)
        if letters is None:
            self._add_unknown("footnotes", cell.strip())
        return letters or ""

    def _add_unknown(self, field_name: str, code: str) -> None:
        self.unknown_fields.append(field_name)
        self.unknown_words.append(f"unknown {field_name.replace('_', ' ')} {code[:_LONGEST_UNKNOWN]}")

    def value(self, kind: str, code: str) -> str:
        """Return what a code means here, empty where it means nothing."""
        return self.codes.values.get((kind, code), "")

    def note(self, kind: str, code: str) -> str:
        """Return a code with its words, such as `DPV M3: house number not valid`; empty without words."""
        words = self.codes.notes.get((kind, code), "")
        return f"{_LABELS[kind]} {code}: {words}" if words else ""


_LABELS: Final = {
    "dpv": "DPV",
    "dpv_footnote": "DPV",
    "footnote": "CASS",
    "match_code": "CASS",
    "vacant": "vacant",
    "no_stat": "No-Stat",
    "lacs": "LACS",
    "ncoa": "NCOA",
    "ank": "ANK",
    "match_flag": "NCOA",
}


def _outcome(row: _Row, dpv: str, pairs: Sequence[str], letters: str, match_code: str) -> str:
    """Return the outcome before vacancy: what DPV says, else what its footnotes say, else those of CASS."""
    by_pairs = next(filter(None, (row.value("dpv_footnote", pair) for pair in pairs)), "")
    if outcome := row.value("dpv", dpv):
        return by_pairs if by_pairs == "no_delivery" else outcome
    by_letters = next(filter(None, (row.value("footnote", letter) for letter in letters)), "")
    found = by_pairs or by_letters or row.value("match_code", match_code)
    if found:
        return found
    if dpv:
        # Only an address with a ZIP+4 is presented to DPV: where no footnote says more, it is the number that fails.
        return "number_out_of_range"
    return "range_only" if row.cells[HAS_ZIP4] else ""


def _move(row: _Row, move_type: str) -> tuple[str, tuple[str, str]]:
    """Return what became of the name, and the (kind, code) that says so."""
    cells = row.cells
    told = [
        ("ncoa", row.known("ncoa_code", cells["ncoa_code"], "ncoa")),
        ("ank", row.known("ank", cells["ank"])),
        ("match_flag", row.known("match_flag", cells["match_flag"])),
    ]
    for wanted in ((NEW_ADDRESS, NO_ADDRESS), (POSSIBLE_MOVE,)):
        for kind, code in told:
            if row.value(kind, code) in wanted:
                return row.value(kind, code), (kind, code)
    is_silent = not any(code for _, code in told)
    if is_silent and (cells[HAS_NEW] or move_type):
        return NEW_ADDRESS, ("", "")
    return "", ("", "")


def _pairs(cell: str) -> list[str]:
    """Return the DPV footnotes of a cell, empty where it holds none.

    >>> _pairs("AA, BB"), _pairs("A#N#")
    (['AA', 'BB'], [])
    """
    joined = re.sub(r"[^A-Z0-9]", "", cell.upper())
    if not _PAIRS.fullmatch(joined):
        return []
    return list(dict.fromkeys(joined[at : at + 2] for at in range(0, len(joined), 2)))


def _letters(cell: str) -> str | None:
    """Return the letters of CASS footnotes without their signs, each once; None where the cell holds something else.

    >>> _letters("A#N#"), _letters("matched")
    ('AN', None)
    """
    letters = re.sub(r"[#,;/|\s]", "", cell.upper())
    is_signed = len(letters) < len(cell.strip())
    if letters and not re.fullmatch(rf"[A-Z]{{1,{_MOST_LETTERS if is_signed else _MOST_UNSIGNED}}}", letters):
        return None
    return "".join(dict.fromkeys(letters))


_MOST_LETTERS: Final = 26
_MOST_UNSIGNED: Final = 4
"""Letters that stand together without a sign are footnotes up to here; a longer run is a word."""
