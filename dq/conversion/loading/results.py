"""Reads what a target said of a load: success and error files of whatever tool, joined by the key they carry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.model import TEXT
from dq.standards.targets import Target

RESULTS: Final = ("row_id", "object", "loaded", "target_id", "error")
"""One row per row the target spoke of: `loaded` is yes or no, `error` its own text where it said no."""

_IDS: Final = ("sf__id", "id", "record id", "recordid", "hs_object_id")
"""Columns that hold the target's own id, folded: Bulk API 2.0, Data Loader and Bulk API 1, HubSpot."""
_ERRORS: Final = ("sf__error", "error", "errors", "errormessage", "error message")
"""Columns that hold what was wrong, folded."""


@dataclass(frozen=True)
class Answers:
    """What success and error files say together.

    Attributes:
        results: Columns RESULTS, one row per row, sorted by `row_id`.
        problems: What is odd about the files, in sentences with counts; they are not guessed away.
        strangers: How many rows the files hold that this load did not send.
    """

    results: pd.DataFrame
    problems: tuple[str, ...]
    strangers: int


def read_answers(
    target: Target,
    sent: Mapping[str, Sequence[str]],
    successes: Iterable[pd.DataFrame],
    errors: Iterable[pd.DataFrame],
    earlier: pd.DataFrame | None = None,
) -> Answers:
    """Return which rows are in and which are not.

    A row in both kinds of file counts as loaded: the error file of some tools also lists rows that came in without a
    value, and loading it again would make two of it. A row in neither is not known to be in: it remains.

    Args:
        target: What was loaded into: its key fields tell rows apart.
        sent: Object → the `row_id` of the rows that were sent.
        successes: Files of rows that went in.
        errors: Files of rows that did not, or not whole.
        earlier: What was read before (RESULTS): a row once in is not taken out by a later file.
    """
    whose = {row: thing for thing, rows in sent.items() for row in rows}
    good, lost_good = _spoken(target, whose, successes)
    bad, lost_bad = _spoken(target, whose, errors)
    both = set(good["row_id"]) & set(bad["row_id"])
    problems = []
    before = _no_rows() if earlier is None else earlier
    already = set(before.loc[before["loaded"] == "yes", "row_id"])
    read = len(already & set(good["row_id"]))
    if read:
        problems.append(f"{_rows(read)} in the success files that were read already: nothing changes for them")
    if both:
        problems.append(f"{_rows(len(both))} in both a success and an error file: counted as loaded")
    for name, frame in (("success", good), ("error", bad)):
        twice = int(frame["row_id"].duplicated().sum())
        if twice:
            problems.append(f"{_rows(twice)} more than once in the {name} files: counted once")
    said = bad.drop_duplicates("row_id").set_index("row_id")["error"]
    good = pd.concat([_earlier(before, "yes"), good], ignore_index=True)
    bad = pd.concat([bad, _earlier(before, "no")], ignore_index=True)
    strangers = lost_good + lost_bad
    if strangers:
        problems.append(f"{_rows(strangers)} in the files that this load did not send: left out")
    silent = len(whose) - len(set(good["row_id"]) | set(bad["row_id"]))
    if silent:
        problems.append(f"{silent:,} of {len(whose):,} rows sent are in no file: not known to be in, they remain")
    failed = bad[~bad["row_id"].isin(good["row_id"])].drop_duplicates("row_id")
    # Of what is said twice the first holds, but for an id over there that only a later file tells.
    loaded = good.assign(_nameless=good["target_id"].isna()).sort_values("_nameless", kind="stable")
    loaded = loaded.drop_duplicates("row_id").drop(columns="_nameless")
    loaded = loaded.assign(loaded="yes", error=loaded["row_id"].map(said).astype(TEXT).fillna(loaded["error"]))
    results = pd.concat([loaded, failed.assign(loaded="no", target_id=None)])
    results = results.assign(object=results["row_id"].map(whose))[list(RESULTS)]
    return Answers(results.astype(TEXT).sort_values("row_id", ignore_index=True), tuple(problems), strangers)


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=TEXT) for name in RESULTS})


def _earlier(before: pd.DataFrame, loaded: str) -> pd.DataFrame:
    """Return what was read before as one more file."""
    return before.loc[before["loaded"] == loaded, ["row_id", "target_id", "error"]]


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def _spoken(target: Target, whose: Mapping[str, str], files: Iterable[pd.DataFrame]) -> tuple[pd.DataFrame, int]:
    """Return the rows of the load that files speak of, and how many rows they hold that are none of it."""
    keys = {
        header.casefold()
        for thing in target.objects
        for field in (target.objects[thing].key,)
        for header in (field, target.in_force(thing)[field].header, target.in_force(thing)[field].label)
        if header
    }
    frames, strangers = [], 0
    for rows in files:
        folded = {column.casefold().strip(): column for column in reversed(rows.columns)}
        candidates = [folded[key] for key in sorted(keys) if key in folded]
        known = {column: int(rows[column].isin(list(whose)).sum()) for column in candidates}
        key = max(candidates, key=known.__getitem__, default=None)
        if key is None:
            strangers += len(rows)
            continue
        own = rows[key].isin(list(whose))
        strangers += int((~own).sum())
        frames.append(
            pd.DataFrame(
                {
                    "row_id": rows.loc[own, key],
                    "target_id": _column(rows, folded, _IDS, but=key)[own],
                    "error": _column(rows, folded, _ERRORS, but=key)[own],
                }
            )
        )
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("row_id", "target_id", "error")}), strangers
    return pd.concat(frames, ignore_index=True).astype(TEXT), strangers


def _column(rows: pd.DataFrame, folded: Mapping[str, str], names: Sequence[str], *, but: str) -> pd.Series:
    for name in names:
        column = folded.get(name)
        if column is not None and column != but:
            return rows[column].astype(TEXT).where(rows[column] != "")
    return pd.Series(None, index=rows.index, dtype=TEXT)
