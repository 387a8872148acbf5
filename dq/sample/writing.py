"""Writes a sample to a folder, block by block, each file in the format of the system it imitates."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dq.errors import SettingsError
from dq.sample.make import BILLING, BROKEN, CLUSTERS, Block, sample_blocks
from dq.sample.reference import Table
from dq.sample.sheets import Columns


@dataclass(frozen=True)
class Format:
    """How a file is written.

    Attributes:
        quotes_all: Whether every cell stands in quotes, as CRM exports have it.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\n"
    quotes_all: bool = False


PLAIN = Format()
FORMATS = {
    "crm": Format(quotes_all=True),
    BILLING: Format(delimiter=";", encoding="cp1252", line_end="\r\n"),
}


@dataclass(frozen=True)
class SampleSize:
    """What was written.

    Attributes:
        rows: Rows of each source file by path.
        records: Records in the answer key.
    """

    rows: dict[str, int]
    records: int


def write_sample(rows: int, seed: int, out: Path, table: Table) -> SampleSize:
    """Write a sample into the folder `out`; memory holds one block at a time.

    Args:
        rows: About how many rows the sources have together.
        seed: Equal seeds give equal bytes.
        out: New or empty folder; a folder that holds an earlier sample is overwritten file by file.
        table: Gives reference tables by name: `Standards.table`.

    Raises:
        SettingsError: `rows` is below 1 or `out` is a file.
    """
    if rows < 1:
        raise SettingsError(f"a sample of {rows} rows is empty", "give --rows a number above 0")
    if out.exists() and not out.is_dir():
        raise SettingsError(f"{out} is a file", "name a folder with --out")
    written: dict[str, int] = {}
    for number, block in enumerate(sample_blocks(rows, seed, table)):
        for path, columns in block.tables.items():
            text = render(path, columns, block, with_header=number == 0)
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb" if number == 0 else "ab") as file:
                file.write(text)
            written[path] = written.get(path, 0) + len(next(iter(columns.values())))
    sources = {path: count for path, count in sorted(written.items()) if not path.startswith("answers/")}
    return SampleSize(sources, written[CLUSTERS])


def render(path: str, columns: Columns, block: Block, with_header: bool) -> bytes:
    """Return the bytes one block adds to the file at `path`."""
    style = FORMATS.get(path) or FORMATS.get(path.split("/")[0], PLAIN)
    lines = _lines(columns, style)
    if path == BILLING:
        lines = _with_broken(lines, block)
    header = _lines({name: np.array([name], dtype=object) for name in columns}, style) if with_header else []
    text = style.line_end.join((*header, *lines, ""))
    return text.encode(style.encoding)


def _with_broken(lines: list[str], block: Block) -> list[str]:
    texts = block.tables[BROKEN]["text"].tolist()
    # From the end, so that the places of the earlier ones still hold.
    for after, text in reversed([*zip(block.broken_after.tolist(), texts, strict=True)]):
        lines.insert(after, text)
    return lines


def _lines(columns: Columns, style: Format) -> list[str]:
    cells = [values.tolist() for values in columns.values()]
    if style.quotes_all:
        doubled = [
            [cell.replace('"', '""') for cell in column] if '"' in "".join(column) else column for column in cells
        ]
        return [f'"{row}"' for row in map(f'"{style.delimiter}"'.join, zip(*doubled, strict=True))]
    special = re.compile(f'[{style.delimiter}"\r\n]')
    return list(map(style.delimiter.join, zip(*(_quoted(column, special) for column in cells), strict=True)))


def _quoted(cells: list[str], special: re.Pattern[str]) -> list[str]:
    if not special.search("".join(cells)):
        return cells
    return ['"' + cell.replace('"', '""') + '"' if special.search(cell) else cell for cell in cells]
