"""Address contact points to standard form: the order of the steps over whole columns. Knows no rule itself."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from dq import model
from dq.address.box_plus4 import box_plus4
from dq.address.cells import split_cells, state_code
from dq.address.changes import line_reasons, list_changes
from dq.address.distinct import Codes, per_distinct
from dq.address.foreign import PARTED, canadians, foreign_cells, standardize_foreign
from dq.address.foreign_ends import Countries, load_countries
from dq.address.outcomes import Verdict, city_text, judge
from dq.address.parser import Grammar
from dq.address.publication28 import StandardLine, components, standardize_line, write_case
from dq.address.street import load_highways
from dq.address.words import load_words
from dq.address.zip_reference import ZipReference
from dq.address.zip_tables import load_reference
from dq.standards import RowPolicy, Standards
from dq.standards.style import Style

AMERICAN: Final = "US"

_DOUBTS: Final = "doubts"
_REASON: Final = "reason_"
_LAST_LINE: Final = ("city", "state", "zip5", "zip4")

_TEXT_COLUMNS: Final = (*model.ADDRESS_COLUMNS, *model.UNSPLIT_POINT_COLUMNS, model.FLAGS)
_WRITTEN: Final = (*model.ADDRESS_COLUMNS, *model.COMPONENT_COLUMNS, "address_outcome", "address_evidence")


class Tables(NamedTuple):
    """The reference tables in the form the steps use."""

    grammar: Grammar
    reference: ZipReference
    countries: Countries


_TABLES: dict[str, Tables] = {}


def load_tables(standards: Standards) -> Tables:
    """Build the look-ups of a set of standards once per process."""
    if standards.hash not in _TABLES:
        _TABLES.clear()
        grammar = Grammar(load_words(standards), load_highways(standards))
        _TABLES[standards.hash] = Tables(grammar, load_reference(standards), load_countries(standards))
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
    codes, found = per_distinct(lines, lambda text: standardize_line(text, grammar, style))
    columns = ["address_line1", "address_line2", *model.COMPONENT_COLUMNS, "confidence"]
    return _line_columns(found, grammar, style)[columns].take(codes).set_axis(lines.index)


def standardize_addresses(points: pd.DataFrame, policy: RowPolicy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Standardise and judge the addresses of one part.

    Args:
        points: Contact points of kind `address`; columns that are absent count as null.
        policy: Standards of the run.

    Returns:
        The same rows with standardised columns, components, outcome, confidence, evidence and flags; and the changes.
    """
    given, tables = _with_columns(points), load_tables(policy.standards)
    country = given["country"].mask(canadians(given, tables.reference), "CA")
    abroad = foreign_cells(given, tables.countries)
    country.loc[abroad.index] = abroad["country"]
    is_american = (country == AMERICAN).fillna(False)
    american, american_reasons = _standardize_american(given[is_american], policy)
    others = given[~is_american].copy()
    for column in PARTED[:-1]:
        others.loc[abroad.index, column] = others.loc[abroad.index, column].fillna(abroad[column])
    foreign, foreign_reasons = standardize_foreign(others, country[~is_american], policy.standards.style)
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
    words = tables.grammar.words
    cells = split_cells(given, words, tables.reference)
    text = cells["address_line1"] + "\n" + cells["address_line2"]
    line_codes, lines = per_distinct(text, lambda line: standardize_line(line, tables.grammar, style))
    state_codes, states = per_distinct(cells["state"], lambda state: state_code(state, words))
    city_codes, cities = per_distinct(cells["city"], city_text)
    keys = pd.Series(
        [f"{z}\t{cities[c]}\t{states[s]}" for z, c, s in zip(cells["zip"], city_codes, state_codes, strict=True)],
        given.index,
        dtype=object,
    )
    verdict_codes, verdicts = per_distinct(keys, lambda key: _judge(key, tables.reference))
    written = _line_columns(lines, tables.grammar, style).take(line_codes).set_axis(given.index)
    judged = _verdict_columns(verdicts, style).take(verdict_codes).set_axis(given.index)
    result = _results(written, judged, given[model.FLAGS], style)
    reasons = _reasons(given, cells, _line_reasons(text, line_codes, lines), judged)
    return result, reasons


def _judge(key: str, reference: ZipReference) -> Verdict:
    zip_text, city, state = key.split("\t")
    return judge(zip_text, city, state, reference)


def _line_columns(lines: Sequence[StandardLine], grammar: Grammar, style: Style) -> pd.DataFrame:
    """Return lines, components and flags as text columns, null where empty, and the parse's `confidence`."""
    parts = [components(line.parts, grammar.words, style) for line in lines]
    columns = {column: [part[column] for part in parts] for column in model.COMPONENT_COLUMNS}
    columns["address_line1"] = [line.line1 for line in lines]
    columns["address_line2"] = [line.line2 for line in lines]
    columns[_DOUBTS] = [" ".join(_line_flags(line)) for line in lines]
    frame = _texts(columns)
    frame["confidence"] = np.fromiter((line.parts.confidence for line in lines), "float64", len(lines))
    return frame


def _verdict_columns(verdicts: Sequence[Verdict], style: Style) -> pd.DataFrame:
    """Return verdicts as text columns, null where empty, `certainty`, and a reason per column."""
    reasons = [dict(verdict.reasons) for verdict in verdicts]
    frame = _texts(
        {
            "city": [write_case(verdict.city, style) for verdict in verdicts],
            "state": [verdict.state for verdict in verdicts],
            "zip5": [verdict.zip5 for verdict in verdicts],
            "zip4": [verdict.zip4 for verdict in verdicts],
            "address_outcome": [verdict.outcome for verdict in verdicts],
            "address_evidence": [verdict.evidence for verdict in verdicts],
            _DOUBTS: [" ".join(verdict.flags) for verdict in verdicts],
        }
        | {_REASON + column: [reason.get(column, "") for reason in reasons] for column in _LAST_LINE}
    )
    frame["certainty"] = np.fromiter((verdict.certainty for verdict in verdicts), "float64", len(verdicts))
    return frame


def _results(written: pd.DataFrame, judged: pd.DataFrame, flags: pd.Series, style: Style) -> pd.DataFrame:
    """Put delivery lines and verdicts together: outcome, confidence, evidence and flags of the whole address."""
    result = written.drop(columns=["confidence", _DOUBTS]).assign(
        **{column: judged[column] for column in (*_LAST_LINE, "address_evidence")}
    )
    is_empty = result[["address_line1", "address_line2", *_LAST_LINE[:3]]].isna().all(axis=1)
    is_doubtful = judged["address_outcome"].isin(["consistent", "unverified"]) & (
        written["confidence"] < style.parse_doubt_below
    )
    outcome = judged["address_outcome"].mask(is_doubtful, "parse_doubt").mask(is_empty, "missing")
    result["postal_code"] = pd.Series(pd.NA, result.index, model.TEXT)
    result["country"] = pd.Series(AMERICAN, result.index, model.TEXT)
    result["address_outcome"] = outcome
    confidence = (written["confidence"] * judged["certainty"]).mask(is_empty, 0.0)
    # Rounded one by one: NumPy rounds the scaled number, so that its last digit differs from the written one's.
    result["address_confidence"] = [round(value, 4) for value in confidence.tolist()]
    box_evidence, box_flag = box_plus4(result["addr_box"], result["addr_route"], result["addr_street"], result["zip4"])
    evidence = result["address_evidence"].fillna("") + box_evidence.map(lambda word: f" {word}" if word else "")
    result["address_evidence"] = _null_empty(evidence.str.strip().mask(is_empty, ""))
    doubts = written[_DOUBTS].fillna("") + " " + judged[_DOUBTS].fillna("") + " " + box_flag
    result[model.FLAGS] = _tidy_flags(flags.fillna("") + " " + doubts.mask(is_empty, ""))
    return result


def _tidy_flags(flags: pd.Series) -> pd.Series:
    """Return each word once in its order; null where none is left."""
    codes, distinct = per_distinct(flags, lambda text: " ".join(dict.fromkeys(text.split())))
    return _null_empty(pd.Series(pd.array(distinct, dtype=model.TEXT).take(codes), index=flags.index))


def _line_flags(line: StandardLine) -> tuple[str, ...]:
    missing = () if line.line1 else ("missing",)
    return tuple(f"address_line1:{code}" for code in (*line.parts.flags, *missing))


def _line_reasons(text: pd.Series, codes: Codes, lines: Sequence[StandardLine]) -> tuple[list[str], list[str]]:
    """Return per row why the two lines differ from their source, found once per distinct text."""
    distinct = pd.unique(text)
    pairs = [line_reasons(source, line) for source, line in zip(distinct, lines, strict=True)]
    return [pairs[code][0] for code in codes], [pairs[code][1] for code in codes]


def _reasons(
    given: pd.DataFrame, cells: pd.DataFrame, line_pairs: tuple[list[str], list[str]], judged: pd.DataFrame
) -> pd.DataFrame:
    """Return per column the reason that applies where the value differs."""
    reasons = pd.DataFrame("", index=given.index, columns=list(model.ADDRESS_COLUMNS), dtype=model.TEXT)
    reasons["address_line1"], reasons["address_line2"] = line_pairs
    for column in _LAST_LINE:
        reasons[column] = judged[_REASON + column].fillna("")
    was_combined = (given["address_text"].notna() | given["last_line"].notna()).to_numpy()
    was_whole = (given["address_line1"].fillna("") != cells["address_line1"]).to_numpy()
    was_split = was_combined | was_whole
    reasons.loc[was_whole & given["address_line1"].notna().to_numpy(), "address_line1"] = "address_split"
    for column, cell in (("address_line1", "address_line1"), ("city", "city"), ("state", "state"), ("zip5", "zip")):
        is_new = was_split & given[column].isna().to_numpy() & (cells[cell] != "").to_numpy()
        reasons.loc[is_new, column] = "address_split"
    return reasons


def _texts(columns: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return text columns, null where empty."""
    return pd.DataFrame(
        {name: pd.array([value or None for value in values], dtype=model.TEXT) for name, values in columns.items()}
    )


def _null_empty(texts: pd.Series) -> pd.Series:
    return texts.astype(model.TEXT).mask(texts == "")
