"""Address contact points to standard form: the order of the steps over whole columns. Knows no rule itself."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

import pandas as pd

from dq import model
from dq.address.changes import line_reasons, list_changes
from dq.address.foreign import canadians, standardize_foreign
from dq.address.last_line import LastLine, split_address, split_last_line
from dq.address.outcomes import Verdict, city_text, judge
from dq.address.parser import Grammar
from dq.address.publication28 import StandardLine, components, standardize_line, write_case
from dq.address.street import load_highways
from dq.address.words import load_words, plain_state
from dq.address.zip_reference import ZipReference, load_reference
from dq.standards import RowPolicy, Standards

AMERICAN: Final = "US"
Found = TypeVar("Found")

_TEXT_COLUMNS: Final = (*model.ADDRESS_COLUMNS, *model.UNSPLIT_POINT_COLUMNS, model.FLAGS)
_WRITTEN: Final = (*model.ADDRESS_COLUMNS, *model.COMPONENT_COLUMNS, "address_outcome", "address_evidence")


class Tables(NamedTuple):
    """The reference tables in the form the steps use."""

    grammar: Grammar
    reference: ZipReference


_TABLES: dict[str, Tables] = {}


def load_tables(standards: Standards) -> Tables:
    """Build the look-ups of a set of standards once per process."""
    if standards.hash not in _TABLES:
        _TABLES.clear()
        grammar = Grammar(load_words(standards), load_highways(standards))
        _TABLES[standards.hash] = Tables(grammar, load_reference(standards))
    return _TABLES[standards.hash]


def parse_lines(lines: pd.Series, standards: Standards) -> pd.DataFrame:
    """Take delivery lines apart without judging them.

    Args:
        lines: Delivery lines of US addresses; null where missing.
        standards: For the word tables and the style.

    Returns:
        Index of `lines`; `address_line1`, `address_line2`, the `addr_*` components, all text, and `confidence`.
    """
    grammar, style = load_tables(standards).grammar, standards.style
    found = _per_distinct(lines, lambda text: standardize_line(text, grammar, style))
    rows = [
        {
            "address_line1": line.line1,
            "address_line2": line.line2,
            **components(line.parts, grammar.words, style),
            "confidence": line.parts.confidence,
        }
        for line in found
    ]
    columns = ["address_line1", "address_line2", *model.COMPONENT_COLUMNS]
    frame = pd.DataFrame(rows, index=lines.index, columns=[*columns, "confidence"])
    frame[columns] = frame[columns].astype(model.TEXT).replace("", pd.NA).astype(model.TEXT)
    return frame


def standardize_addresses(points: pd.DataFrame, policy: RowPolicy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Standardise and judge the addresses of one part.

    Args:
        points: Contact points of kind `address`; columns that are absent count as null.
        policy: Standards of the run.

    Returns:
        The same rows with standardised columns, components, outcome, confidence, evidence and flags; and the changes.
    """
    given = _with_columns(points)
    found_canadian = canadians(given, load_tables(policy.standards).reference)
    country = given["country"].mask(found_canadian, "CA")
    is_american = (country == AMERICAN).fillna(False)
    american, american_reasons = _standardize_american(given[is_american], policy)
    foreign, foreign_reasons = standardize_foreign(given[~is_american], country[~is_american], policy.standards.style)
    result = given.copy()
    for column in (*_WRITTEN, model.FLAGS):
        values = pd.concat([american[column], foreign[column]]).reindex(given.index)
        result[column] = values.astype(model.TEXT)
    result["address_confidence"] = pd.concat([american["address_confidence"], foreign["address_confidence"]]).reindex(
        given.index
    )
    for column in model.UNSPLIT_POINT_COLUMNS:
        result[column] = pd.Series(pd.NA, index=given.index, dtype=model.TEXT)
    reasons = pd.concat([american_reasons, foreign_reasons]).reindex(given.index)
    return result, list_changes(given, result, reasons)


def _with_columns(points: pd.DataFrame) -> pd.DataFrame:
    """Return a copy in which every column the steps read exists as text."""
    given = points.copy()
    for column in _TEXT_COLUMNS:
        given[column] = (
            given[column].astype(model.TEXT) if column in given else pd.Series(pd.NA, given.index, model.TEXT)
        )
    return given


def _standardize_american(given: pd.DataFrame, policy: RowPolicy) -> tuple[pd.DataFrame, pd.DataFrame]:
    tables, style = load_tables(policy.standards), policy.standards.style
    cells = _split_cells(given, tables)
    text = cells["address_line1"] + "\n" + cells["address_line2"]
    lines = _per_distinct(text, lambda line: standardize_line(line, tables.grammar, style))
    states = _per_distinct(cells["state"], lambda state: _state_code(state, tables))
    cities = _per_distinct(cells["city"], city_text)
    last = pd.Series([f"{z}\t{c}\t{s}" for z, c, s in zip(cells["zip"], cities, states, strict=True)], given.index)
    verdicts = _per_distinct(last, lambda key: _judge(key, tables.reference))
    rows = [
        _row(line, verdict, flags, tables, policy)
        for line, verdict, flags in zip(lines, verdicts, given[model.FLAGS], strict=True)
    ]
    result = pd.DataFrame(rows, index=given.index, columns=[*_WRITTEN, model.FLAGS, "address_confidence"])
    result["address_confidence"] = result["address_confidence"].astype("float64")
    reasons = _reasons(given, cells, text, lines, verdicts)
    return result, reasons


def _split_cells(given: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return line1, line2, city, state and the ZIP text, empty where missing, with combined cells taken apart."""
    filled = given[list(_TEXT_COLUMNS)].fillna("")
    zips = filled["zip5"].where(filled["zip5"] != "", filled["postal_code"])
    has_plus4 = (filled["zip4"] != "") & zips.str.fullmatch(r"\s*\d{3,5}\s*")
    cells = pd.DataFrame(
        {
            "address_line1": filled["address_line1"],
            "address_line2": filled["address_line2"],
            "city": filled["city"],
            "state": filled["state"],
            "zip": zips.where(~has_plus4, zips.str.strip() + "-" + filled["zip4"].str.strip()),
        }
    )
    words = tables.grammar.words
    _fill(cells, filled["last_line"], lambda text: split_last_line(text, words))
    _fill(cells, filled["address_text"], lambda text: split_address(text, words, tables.reference))
    return cells


def _fill(cells: pd.DataFrame, texts: pd.Series, split: Callable[[str], LastLine]) -> None:
    """Fill empty cells in place from a combined one."""
    has_text = texts.str.strip() != ""
    if not has_text.any():
        return
    parts = _per_distinct(texts[has_text], split)
    columns = {"address_line1": "line", "city": "city", "state": "state", "zip": "zip_text"}
    for column, part in columns.items():
        values = pd.Series([getattr(found, part) for found in parts], texts.index[has_text], dtype=model.TEXT)
        current = cells.loc[has_text, column]
        cells.loc[has_text, column] = current.where(current != "", values)


def _state_code(state: str, tables: Tables) -> str:
    plain = plain_state(state)
    words = tables.grammar.words
    return words.states.get(plain) or words.states.get(plain.replace(" ", "")) or plain


def _judge(key: str, reference: ZipReference) -> Verdict:
    zip_text, city, state = key.split("\t")
    return judge(zip_text, city, state, reference)


def _row(line: StandardLine, verdict: Verdict, flags: object, tables: Tables, policy: RowPolicy) -> tuple[object, ...]:
    """Return one row in the order of `_WRITTEN`, flags and confidence; null where empty."""
    style = policy.standards.style
    parts = components(line.parts, tables.grammar.words, style)
    confidence = round(line.parts.confidence * verdict.certainty, 4)
    outcome = verdict.outcome
    is_empty = not any((line.line1, line.line2, verdict.city, verdict.state, verdict.zip5))
    if is_empty:
        outcome, confidence = "missing", 0.0
    elif outcome in {"consistent", "unverified"} and line.parts.confidence < style.parse_doubt_below:
        outcome = "parse_doubt"
    doubts = () if is_empty else (*_line_flags(line), *verdict.flags)
    words = dict.fromkeys((*(flags.split() if isinstance(flags, str) else ()), *doubts))
    values = (
        line.line1,
        line.line2,
        write_case(verdict.city, style),
        verdict.state,
        verdict.zip5,
        verdict.zip4,
        "",
        AMERICAN,
        *(parts[column] for column in model.COMPONENT_COLUMNS),
        outcome,
        "" if is_empty else verdict.evidence,
        " ".join(words),
    )
    return (*(value or None for value in values), confidence)


def _line_flags(line: StandardLine) -> tuple[str, ...]:
    missing = () if line.line1 else ("missing",)
    return tuple(f"address_line1:{code}" for code in (*line.parts.flags, *missing))


def _reasons(
    given: pd.DataFrame, cells: pd.DataFrame, text: pd.Series, lines: list[StandardLine], verdicts: list[Verdict]
) -> pd.DataFrame:
    """Return per column the reason that applies where the value differs."""
    reasons = pd.DataFrame("", index=given.index, columns=list(model.ADDRESS_COLUMNS), dtype=model.TEXT)
    pairs = [line_reasons(source, line) for source, line in zip(text, lines, strict=True)]
    reasons["address_line1"] = [pair[0] for pair in pairs]
    reasons["address_line2"] = [pair[1] for pair in pairs]
    for column in ("city", "state", "zip5", "zip4"):
        reasons[column] = [dict(verdict.reasons).get(column, "") for verdict in verdicts]
    was_split = (given["address_text"].notna() | given["last_line"].notna()).to_numpy()
    for column, cell in (("address_line1", "address_line1"), ("city", "city"), ("state", "state"), ("zip5", "zip")):
        is_new = was_split & given[column].isna().to_numpy() & (cells[cell] != "").to_numpy()
        reasons.loc[is_new, column] = "address_split"
    return reasons


def _per_distinct(texts: pd.Series, function: Callable[[str], Found]) -> list[Found]:
    """Apply a function once per distinct text; nulls count as empty."""
    codes, distinct = pd.factorize(texts.fillna(""))
    results = [function(text) for text in distinct]
    return [results[code] for code in codes]
