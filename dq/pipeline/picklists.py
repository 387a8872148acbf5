"""Picklists of a run: what sources say, what was accepted before, what is remembered for next time."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from dq.conversion import TargetRows
from dq.conversion.agreeing import LEARNED, no_picklists
from dq.conversion.proposals import MAP, PROPOSALS, REQUIRED, accepted
from dq.conversion.rows import field_mapping
from dq.conversion.vocabulary import Vocabulary, picklist_fields, read_vocabulary
from dq.engine import paths_of
from dq.engine.parts import to_frame
from dq.errors import Problem, SettingsError, SourceError, StandardsError
from dq.model import TEXT
from dq.pipeline.run import Run
from dq.standards.expressions import columns_of
from dq.standards.targets import Target
from dq.tables.people_files import read_people_csv
from dq.tables.writing import write_csv_for_people

FILE: Final = "picklists.csv"
"""In the home's standards: mappings that were accepted; in a run: the crosswalk of every word."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def vocabulary_of(run: Run, target: Target, rows: TargetRows, customers: pd.DataFrame) -> Vocabulary:
    """Return what the sources of a run say in the picklists of a target.

    Args:
        run: The run.
        target: The target.
        rows: What would be loaded, before anything accepted is applied.
        customers: What fields are made of, for the columns there are.
    """
    wanted: set[str] = set()
    for thing, keys in picklist_fields(target, rows).items():
        mapping = field_mapping(target, thing, customers)
        wanted |= {column for key in keys if key in mapping for column in columns_of(mapping[key])}
    records = [_read(path, wanted) for path in paths_of(run.parts("verified"), "records")] if wanted else []
    columns = {column: pd.Series(dtype=TEXT) for column in ("record_id", "source")}
    told = pd.concat([pd.DataFrame(columns), *records], ignore_index=True).astype(TEXT)
    told = told.assign(customer_id=told["record_id"])
    if run.plan.merge and records:
        query = "SELECT record_id, golden_id FROM crosswalk"
        files = {"crosswalk": paths_of(run.parts("crosswalk"), "crosswalk")}
        golden = run.engine.frame(query, files, ("record_id",)).set_index("record_id")["golden_id"]
        told = told.assign(customer_id=told["record_id"].map(golden).astype(TEXT))
    return read_vocabulary(target, rows, told)


def _read(path: Path, wanted: Iterable[str]) -> pd.DataFrame:
    there = [column for column in pq.read_schema(path).names if column in wanted]
    return to_frame(pq.read_table(path, columns=["record_id", "source", *there]))


def read_learned(folder: Path) -> pd.DataFrame:
    """Return the accepted mappings of a standards folder, columns LEARNED, in the order of the file.

    Raises:
        StandardsError: With every row that cannot be used.
    """
    path = folder / FILE
    if not path.is_file():
        return no_picklists()
    try:
        rows = read_people_csv(path, LEARNED)
    except SourceError as error:
        raise StandardsError([Problem(FILE, "", error.message, error.hint)]) from error
    problems = list(_problems(rows))
    if problems:
        raise StandardsError(problems)
    return rows.astype(TEXT)


def _problems(rows: pd.DataFrame) -> Iterable[Problem]:
    for number, line in enumerate(rows.fillna("").to_dict("records"), start=2):
        for column in ("columns", "value", "becomes", "target", "field", "accepted_by"):
            if not line[column]:
                yield Problem(FILE, f"row {number}", f"`{column}` is empty", "say what, where and who")
        if not _DAY.fullmatch(line["accepted_on"]):
            yield Problem(FILE, f"row {number}", f"`{line['accepted_on']}` is no day", "write it as 2026-01-31")


def read_proposals(path: Path) -> pd.DataFrame:
    """Return a file of proposals, columns PROPOSALS; one of an earlier version lacks those on picklists.

    Raises:
        SourceError: It cannot be read or lacks a column.
    """
    read_people_csv(path, REQUIRED)
    return read_people_csv(path).reindex(columns=list(PROPOSALS)).astype(TEXT)


def remember(folder: Path, file: Path, by: str, on: date) -> int:
    """Add the accepted mappings of a file of proposals to the standards; return how many are new.

    Args:
        folder: The `standards` folder.
        file: A `proposals.csv` with `yes` beside what is accepted.
        by: Who accepted them.
        on: The day.

    Raises:
        SettingsError: Nobody is named.
        SourceError: The file cannot be read.
        StandardsError: What is remembered already cannot be used.
    """
    if not by.strip():
        raise SettingsError("--by names nobody", "say who accepted the mappings: --by 'Mary Kwan'")
    there = read_learned(folder)
    said = accepted(read_proposals(file))
    said = said[said["action"].eq(MAP) & said["columns"].notna() & said["proposed"].notna()]
    new = pd.DataFrame(
        {
            "columns": said["columns"],
            "source": said["source"],
            "value": said["value"],
            "becomes": said["proposed"],
            "target": said["target"],
            "field": said["object"] + "." + said["field"],
            "accepted_by": by.strip(),
            "accepted_on": on.isoformat(),
        }
    ).astype(TEXT)
    keys = ["columns", "source", "value", "target", "field"]
    last = there.fillna("").drop_duplicates(keys, keep="last")[[*keys, "becomes"]]
    known = set(last.itertuples(index=False, name=None))
    new = new[[line not in known for line in new.fillna("")[[*keys, "becomes"]].itertuples(index=False, name=None)]]
    if len(new):
        write_csv_for_people(pd.concat([there, new], ignore_index=True), folder / FILE, list(LEARNED))
    return len(new)
