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
    cells = [_quoted(values.tolist(), style) for values in columns.values()]
    return [style.delimiter.join(row) for row in zip(*cells, strict=True)]


def _quoted(cells: list[str], style: Format) -> list[str]:
    text = "".join(cells)
    if '"' in text:
        cells = [cell.replace('"', '""') for cell in cells]
    if style.quotes_all:
        return [f'"{cell}"' for cell in cells]
    special = re.compile(f'[{style.delimiter}"\r\n]')
    if not special.search(text):
        return cells
    return [f'"{cell}"' if special.search(cell) else cell for cell in cells]
