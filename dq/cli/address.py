"""`dq address`: one address looked at closely, and the ways evidence about addresses comes in and goes out."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from dq import model
from dq.address.doubts import readings
from dq.address.findings import address_key
from dq.address.standardize import standardize_addresses
from dq.settings import load_settings
from dq.standards import Hints, RowPolicy, load_standards

_PARTS = (*model.COMPONENT_COLUMNS, "address_line2", "city", "state", "zip5", "zip4", "postal_code", "country")


@dataclass(frozen=True)
class Shown:
    """One address as standardised, with what it was changed by and how else it could be read."""

    row: dict[str, Any]
    changes: list[dict[str, Any]]
    rules: str
    tagger: str


def look_at(text: str, as_of: date | None = None) -> Shown:
    """Standardise and judge one address under the standards in force."""
    settings = load_settings()
    standards = load_standards(settings.standards, settings.expectations)
    points = pd.DataFrame(
        {
            "contact_point_id": ["1"],
            "record_id": ["1"],
            "kind": ["address"],
            "role": [pd.NA],
            "country": ["US"],
            "address_text": [text],
            "verified_on": [pd.NA],
            "delivery_point": [pd.NA],
        },
        dtype=model.TEXT,
    )
    policy = RowPolicy(standards, as_of or datetime.now(UTC).date(), Hints({}, {}, {}))
    found, changes = standardize_addresses(points, policy)
    found = found.assign(**{model.ADDRESS_KEY: address_key(found)})
    row = json.loads(found.to_json(orient="records"))[0]
    rules, tagger = readings(row)
    return Shown(row, json.loads(changes.to_json(orient="records")), rules, tagger)


def show_address(text: str, output_format: str) -> None:
    """Print the parse with its confidence, the standard form, the outcome and what it rests on."""
    shown = look_at(text)
    row = shown.row
    if output_format == "json":
        keep = ("address_line1", *_PARTS, *model.VERIFICATION_COLUMNS, model.DELIVERY_POINT, model.FLAGS)
        print(json.dumps({name: row.get(name) for name in keep}, indent=1, ensure_ascii=False))
        return
    console = Console(highlight=False)
    for line in label_lines(row):
        console.print(line, markup=False, soft_wrap=True, style="bold")
    table = Table(show_edge=False, show_header=False, pad_edge=False, box=None)
    for name in _PARTS[: len(model.COMPONENT_COLUMNS)]:
        if row.get(name):
            table.add_row(name, str(row[name]))
    table.add_row("outcome", str(row["address_outcome"]))
    table.add_row("confidence", f"{row['address_confidence']:.2f}")
    table.add_row("evidence", row.get("address_evidence") or "none")
    if row.get(model.FLAGS):
        table.add_row("doubts", str(row[model.FLAGS]))
    if shown.rules != shown.tagger and row["address_outcome"] == "parse_doubt":
        table.add_row("or read as", shown.tagger)
    console.print()
    console.print(table)


def label_lines(row: dict[str, Any]) -> list[str]:
    """Return an address as it stands on a label: the second line above the first (Publication 28 section 211)."""
    plus4 = f"{row['zip5']}-{row['zip4']}" if row.get("zip5") and row.get("zip4") else row.get("zip5")
    last = " ".join(filter(None, (row.get("city"), row.get("state"), plus4 or row.get("postal_code"))))
    return [line for line in (row.get("address_line2"), row.get("address_line1"), last) if line]
