"""The policy that the standardising tests run under: the packaged standards on a fixed day."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import pandas as pd

from dq.model import TEXT
from dq.standardize.known_values import KnownValues, known_values
from dq.standards import Hints, RowPolicy, Standards, load_standards

ROOT = Path(__file__).parents[2]
AS_OF = date(2026, 11, 21)


@lru_cache(maxsize=1)
def packaged() -> Standards:
    return load_standards(ROOT / "standards", ROOT / "expectations")


def known() -> KnownValues:
    return known_values(packaged())


def policy(**hints: dict[str, str]) -> RowPolicy:
    return RowPolicy(packaged(), AS_OF, Hints(**hints))


def texts(values: list[str | None]) -> pd.Series:
    return pd.Series(pd.array(values, dtype=TEXT))


def frame(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame({name: texts(values) for name, values in columns.items()})


def cases(name: str) -> list[dict[str, str]]:
    table = pd.read_csv(ROOT / "tests" / "cases" / f"{name}.csv", dtype="str", keep_default_na=False, na_filter=False)
    return table.to_dict("records")
