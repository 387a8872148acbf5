"""Standards: the policy in force, to be read; it is changed in its files, where changes are reviewed."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dq.errors import NotFoundError
from dq.stewardship.house import House
from dq.web.pages import page
from dq.web.visitors import HouseDep, VisitorDep

router = APIRouter(include_in_schema=False)
SHOWN_ROWS: Final = 200
"""Rows of a reference table on a page: enough to see what it holds; the largest has tens of thousands."""


@dataclass(frozen=True)
class Entry:
    """A file of the standards: its place below the folder, its name and its first comment."""

    place: str
    name: str
    about: str


@dataclass(frozen=True)
class Table:
    """The first rows of a reference table."""

    header: list[str]
    rows: list[list[str]]
    told: str


@router.get("/standards")
def standards(request: Request, house: HouseDep, visitor: VisitorDep) -> HTMLResponse:
    """List policy, sources, targets, rules and reference data."""
    del visitor
    groups = [(title, entries(folder, pattern, kind)) for kind, title, folder, pattern in shelves(house)]
    return page(request, "standards.html", groups=[(name, found) for name, found in groups if found])


@router.get("/standards/{kind}/{name}")
def standards_file(request: Request, house: HouseDep, visitor: VisitorDep, kind: str, name: str) -> HTMLResponse:
    """Show one file."""
    del visitor
    # Only names that the list shows: a name from outside never becomes a path.
    known = {
        path.name: path for of, _, folder, pattern in shelves(house) if of == kind for path in folder.glob(pattern)
    }
    if name not in known:
        raise NotFoundError("There is no such file of the standards.", "The list shows all of them.")
    path = known[name]
    about = first_comment(path)
    if path.suffix == ".csv":
        return page(request, "standards_file.html", name=name, about=about, table=first_rows(path), text="")
    return page(
        request, "standards_file.html", name=name, about=about, table=None, text=path.read_text(encoding="utf-8")
    )


def shelves(house: House) -> list[tuple[str, str, Path, str]]:
    """Return where standards lie: the word of the address, a title, the folder, which of its files."""
    folder = house.standards.folder
    return [
        ("policy", "Policy", folder, "*.yml"),
        ("rules", "Quality rules", house.standards.expectations, "*.yml"),
        ("sources", "Sources", folder / "sources", "*.yml"),
        ("targets", "Targets", folder / "targets", "*.yml"),
        ("reference", "Reference data", folder / "reference", "*.csv"),
    ]


def entries(folder: Path, pattern: str, kind: str) -> list[Entry]:
    """Return the files of a folder by name."""
    return [Entry(f"{kind}/{path.name}", path.name, first_comment(path)) for path in sorted(folder.glob(pattern))]


def first_comment(path: Path) -> str:
    """Return the first line of a file where it is a comment."""
    with path.open(encoding="utf-8") as stream:
        line = stream.readline().strip()
    return line.lstrip("# ") if line.startswith("#") else ""


def first_rows(path: Path) -> Table:
    """Return the head of a table and how much of it that is."""
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(line for line in stream if not line.startswith("#"))
        header = next(lines, [])
        rows = [row for row, _ in zip(lines, range(SHOWN_ROWS), strict=False)]
        rest = sum(1 for _ in lines)
    return Table(
        header, rows, f"The first {len(rows):,} of {len(rows) + rest:,} rows" if rest else f"{len(rows):,} rows"
    )
