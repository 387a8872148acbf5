"""Whole jobs on small extracts, and how their results are compared."""

import csv
import random
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from dq.pipeline import RunPlan, RunResult, run_all
from dq.pipeline.listening import Silence
from dq.pipeline.planning import convert_into
from dq.sample.writing import write_sample
from dq.settings import load_settings
from dq.standards import load_standards
from dq.tables.reading.source import parse_sources

AS_OF = date(2026, 11, 21)
CONVERSION = convert_into(["salesforce", "dynamics"], assign="households")
"""For the tests of whole results: it takes a third of a small run."""
_PLACES = re.compile(r'"place": ".*"')
_HASHES = re.compile(r'"[0-9a-f]{64}"')
LINES = {"records.parquet": ["line_number"], "rejects.csv": ["first_line", "last_line"]}
"""Columns that follow the order of the file and nothing else."""


def plan_of(sources: Sequence[str | Path], out: Path, **options: Any) -> RunPlan:
    """Return the plan of a run that calls 2026-11-21 today."""
    return RunPlan(parse_sources([str(source) for source in sources]), out, load_settings(), AS_OF, **options)


def run(sources: Sequence[str | Path], out: Path, **options: Any) -> RunResult:
    """Do the whole job in this process, in silence."""
    return run_all(plan_of(sources, out, **options), Silence())


def sample_sources(folder: Path, rows: int = 150, seed: int = 11) -> list[Path]:
    """Write sample extracts of three sources and return their paths."""
    settings = load_settings()
    write_sample(rows, seed, folder, load_standards(settings.standards, settings.expectations).table)
    return [folder / "crm", folder / "billing.csv", folder / "web_signups.csv"]


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write rows of text, the header first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def shuffled_copy(source: Path, target: Path, seed: int) -> Path:
    """Copy a CSV, or a folder of them, with its data lines in another order; cells with line breaks stay whole."""
    if source.is_dir():
        for path in sorted(source.glob("*.csv")):
            shuffled_copy(path, target / path.name, seed)
        return target
    header, *lines = _whole_lines(source.read_bytes())
    random.Random(seed).shuffle(lines)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(header + b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines))
    return target


def _whole_lines(content: bytes) -> list[bytes]:
    """Split into lines; where every cell is quoted, a line with an odd number of quotes goes on in the next one."""
    lines: list[bytes] = []
    is_quoted = content.startswith(b'"')
    for line in content.splitlines(keepends=True):
        if is_quoted and lines and lines[-1].count(b'"') % 2:
            lines[-1] += line
        else:
            lines.append(line)
    return lines


def differences(left: Path, right: Path, *, but_lines: bool = False) -> list[str]:
    """Return the files of two results that differ; `manifest.json` alone holds clock times and is left out.

    Args:
        left: One result.
        right: The other.
        but_lines: Whether the line numbers of the source files are left out of the comparison.
    """
    files = [path.relative_to(folder) for folder in (left, right) for path in folder.rglob("*") if path.is_file()]
    names = {path.as_posix() for path in files} - {"manifest.json"}
    found = []
    for name in sorted(names):
        one, other = left / name, right / name
        if not (one.exists() and other.exists()):
            found.append(name)
        elif but_lines and name in LINES:
            if not _without(one).equals(_without(other)):
                found.append(name)
        elif but_lines and name == "readiness.json":
            if _PLACES.sub("", one.read_text("utf-8")) != _PLACES.sub("", other.read_text("utf-8")):
                found.append(name)
        elif but_lines and name == "kept/state.json":
            # It names the files that were read by their hash, and these are other files.
            if _HASHES.sub("", one.read_text("utf-8")) != _HASHES.sub("", other.read_text("utf-8")):
                found.append(name)
        elif one.read_bytes() != other.read_bytes():
            found.append(name)
    return found


def table(folder: Path, name: str) -> pd.DataFrame:
    """Return a table of a result, all text where it is a CSV."""
    path = folder / name
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype="str", keep_default_na=False)


def _without(path: Path) -> pd.DataFrame:
    rows = table(path.parent, path.name).drop(columns=LINES[path.name])
    return rows.sort_values(list(rows.columns), ignore_index=True) if path.suffix == ".csv" else rows


def lost_values(sources: Sequence[Path], out: Path) -> dict[str, list[str]]:
    """Return, per `table.header`, the distinct cells of the extracts that stand nowhere in the result.

    A cell is found where it stands as it was typed, or inside a longer one that it was joined into.
    """
    found = _texts_of(out)
    haystack = "\n".join(sorted(found))
    lost: dict[str, list[str]] = {}
    for path in (
        file for source in sources for file in (sorted(source.glob("*.csv")) if source.is_dir() else [source])
    ):
        for header, cells in _cells_of(path).items():
            missing = sorted(cell for cell in cells if cell not in found and cell not in haystack)
            if missing:
                lost[f"{path.stem}.{header}"] = missing
    return lost


def _cells_of(path: Path) -> dict[str, set[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    delimiter = max(",;\t|", key=text.splitlines()[0].count)
    headers, *rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    cells: dict[str, set[str]] = {header: set() for header in headers}
    for row in rows:
        if len(row) == len(headers):
            for header, cell in zip(headers, row, strict=True):
                if cell.strip():
                    cells[header].add(cell.strip())
    return cells


def _texts_of(out: Path) -> set[str]:
    names = ("records.parquet", "contact_points.parquet", "changes.parquet", "crosswalk.csv", "rejects.csv")
    texts: set[str] = set()
    for name in names:
        rows = table(out, name)
        for column in rows.columns:
            texts.update(str(cell).strip() for cell in rows[column].dropna().unique())
    return texts
