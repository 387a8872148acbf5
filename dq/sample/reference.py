"""The words the sample is made of, read from `standards/reference/sample/` and the ZIP table, ready to draw from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dq.sample.chance import Indexes, Texts, Weighted

Table = Callable[[str], pd.DataFrame]
"""Gives a reference table by name, all columns text: `Standards.table`."""


@dataclass(frozen=True)
class DefectRate:
    """One row of `defects.csv`: how often a kind of defect strikes which columns.

    Attributes:
        table: Table of the sample, as in record ids (`crm/contacts`).
        columns: Headers struck together in a row.
        kind: Name of the defect.
        rate: Share of the table's rows.
        scope: `any` row, rows of a customer with one (`single`) or several (`several`) records.
    """

    table: str
    columns: tuple[str, ...]
    kind: str
    rate: float
    scope: str


@dataclass(frozen=True)
class Places:
    """ZIP codes to draw addresses from, weighted by the people of their state."""

    zips: Weighted
    city: Texts
    state: Texts
    first_area: Indexes
    area_count: Indexes
    area_codes: Texts


@dataclass(frozen=True)
class SampleReference:
    """Everything the sample draws from.

    Attributes:
        words: Word lists of `words.csv` by kind.
        groups: Industry of a trade word.
        twins: Pairs of first names that are easily confused.
        nicknames: Formal first name → nicknames.
        variants: Kind of defect → value (empty for any) → what it becomes.
        canada: City, province, sortation area and area code, in step.
    """

    first_names: dict[str, Weighted]
    last_names: Weighted
    streets: Weighted
    words: dict[str, Weighted]
    groups: dict[str, str]
    twins: tuple[Texts, Texts]
    nicknames: dict[str, tuple[str, ...]]
    variants: dict[str, dict[str, tuple[str, ...]]]
    states: dict[str, str]
    places: Places
    canada: dict[str, Texts]
    defects: tuple[DefectRate, ...]


def read_reference(table: Table) -> SampleReference:
    """Return the words of the sample.

    Args:
        table: Gives `sample/<name>` and `zips`.
    """
    names = table("sample/first_names")
    words = table("sample/words")
    twins = table("sample/twins")
    canada = table("sample/canada")
    states = table("sample/states")
    return SampleReference(
        first_names={str(sex): _weighted(group, "name") for sex, group in names.groupby("sex", sort=True)},
        last_names=_weighted(table("sample/last_names"), "name"),
        streets=_weighted(table("sample/streets"), "name"),
        words={str(kind): _weighted(group, "word") for kind, group in words.groupby("kind", sort=True)},
        groups=dict(zip(words["word"], words["group"], strict=True)),
        twins=(_texts(twins["first_name"]), _texts(twins["twin"])),
        nicknames=_listed(table("sample/nicknames"), "first_name", "nickname"),
        variants={
            str(kind): _listed(group, "value", "becomes")
            for kind, group in table("sample/variants").groupby("kind", sort=True)
        },
        states=dict(zip(states["state"], states["name"], strict=True)),
        places=_places(table("zips"), states, table("sample/area_codes")),
        canada={str(column): _texts(canada[column]) for column in canada},
        defects=tuple(_defect(row) for row in table("sample/defects").itertuples(index=False, name=None)),
    )


def _texts(column: pd.Series) -> Texts:
    return column.to_numpy(dtype=object)


def _whole(column: pd.Series) -> Indexes:
    return np.array(column.tolist(), dtype=np.int64)


def _weighted(rows: pd.DataFrame, column: str) -> Weighted:
    return Weighted.of(_texts(rows[column]), _whole(rows["weight"]))


def _listed(rows: pd.DataFrame, key: str, value: str) -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for name, item in zip(rows[key], rows[value], strict=True):
        lists[name] = (*lists.get(name, ()), item)
    return lists


def _defect(row: tuple[str, ...]) -> DefectRate:
    table, columns, kind, rate, scope = row[:5]
    return DefectRate(table, tuple(columns.split("|")), kind, float(rate), scope)


def _places(zips: pd.DataFrame, states: pd.DataFrame, area_codes: pd.DataFrame) -> Places:
    people = dict(zip(states["state"], states["people"].astype("int64"), strict=True))
    areas = area_codes.sort_values(["state", "area_code"])
    count = areas.groupby("state", sort=True).size()
    first = dict(zip(count.index, np.r_[0, count.to_numpy().cumsum()[:-1]], strict=True))
    served = zips[zips["state"].isin(list(people))].sort_values("zip5")
    in_state = served["state"].map(served["state"].value_counts())
    # Thousands of people × 1,000 over the state's ZIPs: whole numbers, so that the draw is exact.
    weights = _whole(served["state"].map(people)) * 1000 // _whole(in_state)
    return Places(
        Weighted.of(_texts(served["zip5"]), weights),
        _texts(served["city"]),
        _texts(served["state"]),
        _whole(served["state"].map(first)),
        _whole(served["state"].map(count)),
        _texts(areas["area_code"]),
    )
