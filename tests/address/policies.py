"""Policies and frames for the address tests."""

from datetime import date
from functools import lru_cache

import pandas as pd

from dq.address.parser import Grammar
from dq.address.standardize import Tables, load_tables
from dq.model import TEXT
from dq.settings import load_settings
from dq.standards import RowPolicy, load_standards
from dq.standards.style import Style

ABBREVIATE = Style()
EXPAND = Style(address_words="expand", address_case="title")


@lru_cache(maxsize=1)
def policy() -> RowPolicy:
    settings = load_settings()
    return RowPolicy(load_standards(settings.standards, settings.expectations), date(2026, 11, 22))


def tables() -> Tables:
    return load_tables(policy().standards)


def grammar() -> Grammar:
    return tables().grammar


def addresses(*rows: dict[str, str], country: str | None = "US") -> pd.DataFrame:
    """Contact points of kind address; cells that are not named are null."""
    columns = ["address_line1", "address_line2", "city", "state", "zip5", "zip4", "postal_code", "country"]
    columns += ["address_text", "last_line", "country_raw", "flags"]
    filled = [
        {
            "contact_point_id": f"crm:{number}|address|1",
            "record_id": f"crm:{number}",
            "kind": "address",
            "country": country,
            **row,
        }
        for number, row in enumerate(rows)
    ]
    frame = pd.DataFrame(filled, columns=["contact_point_id", "record_id", "kind", *columns])
    return frame.astype(TEXT)
