"""Which record of a street file answers an address: the most specific one, and none where two are left.

Never picks among ties, whatever the order of the rows.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import pandas as pd

from dq.address.range_match.candidates import OTHER_UNIT, RANGE_COLUMNS, UNIT, RangeTable, candidates
from dq.address.range_match.plus4 import plus4_of
from dq.address.range_match.questions import PARTS
from dq.address.range_match.streets import EXACT
from dq.model import TEXT

RECORD: Final = (
    *PARTS,
    "low",
    "high",
    "parity",
    "building",
    "unit_type",
    "unit_low",
    "unit_high",
    "no_delivery",
    "record_type",
    "lacs",
    "last_line_key",
    "vintage",
)
"""Columns of the chosen record in an answer, behind `record_`."""
CHOICE: Final = ("level", "record_kind", "is_explicit", "has_units", "plus4", "choices")
ANSWERED: Final = (*CHOICE, *(f"record_{column}" for column in RECORD), "record_line")
"""What an answer adds to a question; all null where no record covers the number."""
_MOST_NAMED: Final = 3
"""Choices named to a steward; more would not fit a sentence."""


def choose(asked: pd.DataFrame, questions: pd.DataFrame, table: RangeTable) -> pd.DataFrame:
    """Return the record that answers each question.

    Args:
        asked: `question, street_no, level`: the streets each question may mean.
        questions: As `ask` gives them, index from 0.
        table: The ranges.

    Returns:
        One row per question that any record covers, index `question`: `place` (row of the table), `level`,
        `record_kind`, `is_explicit`, `has_units` (the number has unit records), `plus4` (null where undetermined), and
        `choices`: what is left to choose among, null where the answer is one.
    """
    parts = [_best(found, questions, table) for found in candidates(asked, questions, table) if len(found)]
    chosen = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["question", "place", *CHOICE])
    return chosen.astype({"plus4": TEXT, "choices": TEXT}).set_index("question")


def _best(found: pd.DataFrame, questions: pd.DataFrame, table: RangeTable) -> pd.DataFrame:
    groups = found.groupby("question")
    nearest = found[found["level"] == groups["level"].transform("min")]
    is_unit = ((nearest["kind"] >= UNIT) & (nearest["kind"] < UNIT + 4)) | (nearest["kind"] == OTHER_UNIT)
    has_units = is_unit.groupby(nearest["question"]).any()
    best = nearest[nearest["rank"] == nearest.groupby("question")["rank"].transform("min")]
    there = table.ranges.take(best["place"].to_numpy()).set_axis(best.index)
    asked = questions["number"].take(best["question"].to_numpy()).set_axis(best.index)
    best = best.assign(plus4=plus4_of(there, asked).mask(best["kind"] >= OTHER_UNIT).astype(TEXT))
    result = best.loc[_first_by_content(best, there)]
    result = result.assign(has_units=has_units.loc[result["question"]].to_numpy())
    choices = _street_choices(nearest, table)
    for question, texts in _record_choices(best, there):
        choices.setdefault(question, texts)
    result = result.rename(columns={"kind": "record_kind"}).assign(choices=result["question"].map(choices))
    return result.assign(plus4=result["plus4"].mask(result["choices"].notna()))[["question", "place", *CHOICE]]


def _first_by_content(best: pd.DataFrame, there: pd.DataFrame) -> pd.Index:
    """Return one row per question: the smallest by what it says, so that the order of the file plays no part."""
    is_tied = best["question"].duplicated(keep=False)
    alone = best.index[~is_tied]
    if not is_tied.any():
        return alone
    content = there.loc[is_tied, list(RANGE_COLUMNS)].fillna("").assign(question=best.loc[is_tied, "question"])
    ordered = content.sort_values(["question", *RANGE_COLUMNS], kind="stable")
    return alone.append(ordered.drop_duplicates("question").index).sort_values()


def _street_choices(nearest: pd.DataFrame, table: RangeTable) -> dict[int, str]:
    """Return the streets left to choose among, for questions that no street answers as written."""
    doubtful = nearest[nearest["level"] > EXACT]
    lines = table.streets.table["line"].take(table.streets.of_range[doubtful["place"]]).to_numpy()
    distinct = pd.DataFrame({"question": doubtful["question"].to_numpy(), "line": lines}).drop_duplicates()
    several = distinct[distinct["question"].duplicated(keep=False)]
    return dict(_by_question(several["question"], several["line"]))


def _record_choices(best: pd.DataFrame, there: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield questions whose best records differ in ZIP or +4, with the +4 numbers left to choose among."""
    tied = best[best["question"].duplicated(keep=False) & (best["kind"] < OTHER_UNIT)]
    rows = there.loc[tied.index]
    ends = rows["plus4_low"].fillna("none") + "-" + rows["plus4_high"].fillna("none")
    code = tied["plus4"].fillna(ends.where(rows["no_delivery"].isna(), "none"))
    distinct = pd.DataFrame({"question": tied["question"], "plus4": rows["zip5"] + "-" + code}).drop_duplicates()
    several = distinct[distinct["question"].duplicated(keep=False)]
    yield from _by_question(several["question"], several["plus4"])


def _by_question(questions: pd.Series, texts: pd.Series) -> Iterator[tuple[int, str]]:
    gathered: dict[int, list[str]] = {}
    for question, text in zip(questions.tolist(), texts.tolist(), strict=True):
        gathered.setdefault(question, []).append(text)
    for question, found in gathered.items():
        yield question, named_few(found)


def named_few(texts: Iterable[str]) -> str:
    """Return distinct texts in a row, sorted, the first few by name."""
    ordered = sorted(set(texts))
    more = len(ordered) - _MOST_NAMED
    return ", ".join(ordered[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
