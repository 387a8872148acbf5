"""Shows what each blocking rule gives: pairs, those only it makes, and its largest blocks."""

import json
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from dq.pipeline.rule_yields import BLOCKING_FILE

SHOWN_BLOCKS = 8
"""Largest blocks printed: a screen holds them under the table of rules; the file has three per rule."""


def show_blocking(folder: Path, console: Console) -> None:
    """Print `blocking.json` of a run as tables that fit 80 columns."""
    document = json.loads((folder / BLOCKING_FILE).read_text(encoding="utf-8"))
    console.print()
    console.print(_rules(document))
    console.print("only: made by no other rule", markup=False)
    console.print()
    console.print(_largest(document))
    for line in _splits(document):
        console.print(line, markup=False)


def _rules(document: dict[str, Any]) -> Table:
    title = f"{document['records']:,} records make {document['pairs']:,} candidate pairs"
    table = _table(title, "rule", "keys", "blocks", "pairs", "only", "matches", "only")
    for rule in document["rules"]:
        counts = ("keys", "blocks", "pairs", "only_pairs", "matches", "only_matches")
        table.add_row(rule["name"], *(f"{rule[name]:,}" for name in counts))
    return table


def _largest(document: dict[str, Any]) -> Table:
    table = _table("Largest blocks, values masked", "rule", "records", "agrees on")
    table.columns[2].justify = "left"
    blocks = [(rule["name"], block) for rule in document["rules"] for block in rule["largest_blocks"]]
    for name, block in sorted(blocks, key=lambda named: -named[1]["records"])[:SHOWN_BLOCKS]:
        value = ", ".join(f"{feature} {text}" for feature, text in block["value"].items())
        table.add_row(name, f"{block['records']:,}", value)
    return table


def _splits(document: dict[str, Any]) -> list[str]:
    """Return one line per rule with blocks too large."""
    lines = []
    for rule in document["rules"]:
        split, windowed = rule["split"], rule["windowed"]
        if split:
            by = " and ".join(rule["finer"]) or "nothing finer"
            more = f"; {windowed['blocks']:,} still too large, each record met its neighbours" if windowed else ""
            blocks = "block" if split["blocks"] == 1 else "blocks"
            lines.append(f"{rule['name']}: {split['blocks']:,} {blocks} split by {by}{more}")
    return lines


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)
    for place, name in enumerate(columns):
        table.add_column(name, overflow="fold", justify="right" if place else "left")
    return table
