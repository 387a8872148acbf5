"""Shows one address: how it is read, its standard form, what is known of it."""

import json
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from dq import model
from dq.pipeline.one_address import SHOWN, look_at
from dq.settings import load_settings
from dq.standards import load_standards


def show_address(text: str, output_format: str) -> None:
    """Print the parse with its confidence, the standard form, the outcome and what it rests on."""
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    found = look_at(text, settings, standards, datetime.now(UTC).date())
    row = found.row
    if output_format == "json":
        document = {name: row[name] for name in SHOWN} | {"changes": found.changes, "details": found.details}
        print(json.dumps(document, indent=1, ensure_ascii=False))
        return
    console = Console(highlight=False, emoji=False)
    for line in label_lines(row):
        console.print(line, markup=False, soft_wrap=True, style="bold")
    table = Table(show_edge=False, show_header=False, pad_edge=False, box=None)
    for name in model.COMPONENT_COLUMNS:
        if row[name]:
            table.add_row(name.removeprefix("addr_"), str(row[name]))
    table.add_row("outcome", str(row["address_outcome"]))
    table.add_row("confidence", f"{row['address_confidence']:.2f}")
    table.add_row("evidence", row["address_evidence"] or "none")
    for detail in found.details:
        table.add_row("", detail)
    if row[model.DELIVERY_POINT]:
        table.add_row("delivery point", str(row[model.DELIVERY_POINT]))
    if row[model.FLAGS]:
        table.add_row("doubts", str(row[model.FLAGS]))
    for change in found.changes:
        if change["before"] and change["reason"] not in ("address_split", "case", "punctuation"):
            table.add_row("changed", f"{change['column']}: {change['before']} → {change['after']} ({change['reason']})")
    if row["address_outcome"] == "parse_doubt":
        table.add_row("read as", found.by_rules)
        table.add_row("or as", found.by_model)
    console.print()
    console.print(table)


def label_lines(row: dict[str, Any]) -> list[str]:
    """Return an address as it stands on a label: the second line above the first (Publication 28 section 211)."""
    zip_code = f"{row['zip5']}-{row['zip4']}" if row["zip5"] and row["zip4"] else row["zip5"] or row["postal_code"]
    last = " ".join(filter(None, (row["city"], row["state"], zip_code)))
    return [line for line in (row["address_line2"], row["address_line1"], last) if line]
