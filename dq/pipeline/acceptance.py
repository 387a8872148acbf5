"""Acceptance packs of a run: a workbook per department, and what came back, counted."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq

from dq.conversion.uat import FIELDS, choose, count_defects, read_uat, uat_form
from dq.engine.parts import to_frame
from dq.errors import NotFoundError, SettingsError
from dq.matching.mistakes import wilson
from dq.model import raw
from dq.tables.forms import write_form
from dq.tables.forms.guard import LARGEST
from dq.tables.people_files import read_crosswalk

NOBODY: Final = "everybody"
"""Name of the pack of customers that no department owns."""
_SHOWN: Final = tuple(column for columns in FIELDS.values() for column in columns)


def make_packs(folder: Path, out: Path, department: str | None, seed: int) -> list[tuple[str, int, Path]]:
    """Write a workbook per department of a run; return department, customers and file.

    Raises:
        NotFoundError: It is no run with golden records, or has no such department.
    """
    for name in ("manifest.json", "golden.parquet", "records.parquet"):
        if not (folder / name).is_file():
            raise NotFoundError(f"{folder} holds no {name}", "name the folder of a finished run")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    golden = _read(folder / "golden.parquet", ["golden_id", "cluster_size", "department", *_SHOWN])
    golden = golden.assign(department=golden["department"].fillna(NOBODY))
    there = sorted(golden["department"].unique())
    if department is not None and department not in there:
        raise NotFoundError(f"the run has no department {department}", f"there are: {', '.join(there)}")
    chosen = {
        one: choose(golden.loc[golden["department"] == one], seed)
        for one in there
        if department is None or one == department
    }
    wanted = {customer for some in chosen.values() for customer in some["golden_id"]}
    records = _old_rows(folder, wanted)
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for one, some in chosen.items():
        about = [("Run", manifest["run_id"]), ("Department", one), ("Seed", str(seed))]
        form = uat_form(f"Acceptance: {one}", about, some, golden, records)
        place = out / f"uat_{re.sub(r'[^A-Za-z0-9]+', '_', one).strip('_').lower() or 'department'}.xlsx"
        place.write_bytes(write_form(form))
        made.append((one, len(some), place))
    return made


def read_packs(files: Sequence[Path]) -> dict[str, Any]:
    """Return what departments found, counted.

    Raises:
        NotFoundError: A file is not there.
        SettingsError: With everything in the workbooks that does not fit; nothing is counted then.
    """
    found, problems = [], []
    for file in files:
        if not file.is_file():
            raise NotFoundError(f"there is no file {file}", "give the workbooks that came back")
        with file.open("rb") as stream:
            one = read_uat(stream.read(LARGEST + 1))
        problems += [f"{file.name}, {problem}" for problem in one.problems]
        found.append(one)
    names = [one.about.get("Department", "") for one in found if not one.problems]
    problems += [f"the department {name} stands in two files" for name in sorted(set(names)) if names.count(name) > 1]
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise SettingsError(f"the workbooks cannot be counted:\n{lines}", "mend them all, then read them again")
    return count_defects(found, wilson)


def _old_rows(folder: Path, wanted: set[str]) -> pd.DataFrame:
    crosswalk = read_crosswalk(folder)
    own = crosswalk.loc[crosswalk["golden_id"].isin(wanted)].set_index("record_id")["golden_id"]
    columns = ["record_id", *_SHOWN, *(raw(column) for column in _SHOWN)]
    records = _read(folder / "records.parquet", columns)
    records = records.loc[records["record_id"].isin(own.index)]
    return records.assign(golden_id=records["record_id"].map(own))


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    there = set(pq.read_schema(path).names)
    found: pd.DataFrame = to_frame(pq.read_table(path, columns=[name for name in columns if name in there]))
    return found
