"""Rows of a target that load without a blocker, to be spoilt by tests."""

from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd

from dq.conversion import TargetRows
from dq.model import TEXT
from dq.settings import load_settings
from dq.standards.targets import Target, load_target, parent_field

AS_OF = date(2026, 11, 22)
_PLAIN = {
    **dict.fromkeys(("LastName", "lastname"), "Linkous"),
    **dict.fromkeys(("FirstName", "firstname"), "Sarah"),
    **dict.fromkeys(("Name", "name", "Company", "companyname", "subject"), "Granite Robin LLC"),
    **dict.fromkeys(("Email", "emailaddress1", "email"), "sarah@example.com"),
    **dict.fromkeys(("MailingState",), "California"),
    **dict.fromkeys(("MailingCountry", "country"), "United States"),
    **dict.fromkeys(("address1_stateorprovince", "state"), "CA"),
    "address1_country": "US",
}


@cache
def shipped(name: str, feature: str = "") -> Target:
    """Return a target that ships with dq, with one more feature on."""
    target = load_target(load_settings().standards, name)
    return target.model_copy(update={"features": {**target.features, feature: True}}) if feature else target


def rows_of(target: Target, thing: str, *changes: dict[str, str | None]) -> TargetRows:
    """Return one row per change of an object, with the parents they need; all of them load but for the changes."""
    fields = target.in_force(thing)
    plain = {key: text for key, text in _PLAIN.items() if key in fields}
    parent = parent_field(target, thing)
    above = fields[parent].refers_to if parent else ""
    rows = []
    for number, change in enumerate(changes):
        row: dict[str, str | None] = {**plain, "row_id": f"G{number}", "golden_id": f"G{number}", "record_id": None}
        row |= {target.objects[thing].key: f"G{number}", "parent_row_id": "P0" if above not in ("", thing) else None}
        if "email" in plain:
            row["email"] = f"sarah{number}@example.com"
        rows.append(row | change)
    objects = {thing: pd.DataFrame(rows).astype(TEXT)}
    if above not in ("", thing):
        objects = {**rows_of(target, above, {"row_id": "P0"}).objects, **objects}
    return replace(TargetRows(objects, pd.DataFrame(columns=["row_id"]), {}))
