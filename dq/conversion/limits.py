"""What several targets demand of the same customers together: the tightest limits, and where no value suits all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.standards.expressions import Column, columns_of, parse_expression
from dq.standards.targets import RESERVED, Target, TargetField

Used = Mapping[str, Collection[str]]
"""Target → its objects that get rows: what no customer becomes limits nobody."""
Place = str
"""`<target>.<object>.<field>`."""
EXAMPLES: Final = 3
"""Customers named per limit, as for every other trouble; `blockers.parquet` has all of them."""


@dataclass(frozen=True)
class TooLong:
    """Rows of a field whose value is longer than it takes, and the first customers among them."""

    rows: int
    customers: tuple[str, ...] = ()


Longer = Mapping[Place, TooLong]
"""Every field with a length that holds anything → what is too long for it."""


@dataclass(frozen=True)
class Limit:
    """The tightest length that any target has for a column of customers.

    Attributes:
        column: Column of customers.
        length: Most characters.
        by: `<target>.<object>.<field>` that has it.
        loosest: The most that another one takes.
        longer: Rows of that field whose value does not fit.
        customers: The first customers among them.
        verdict: What becomes of them by the load path in force: `alters` is cut, `reject` refused.
    """

    column: str
    length: int
    by: str
    loosest: int
    longer: int
    customers: tuple[str, ...] = ()
    verdict: str = ""


@dataclass(frozen=True)
class Conflict:
    """Two fields made of one column that no value suits both of.

    Attributes:
        column: Column of customers.
        one: `<target>.<object>.<field>`.
        other: The same of another target.
        why: What they ask for, as a sentence.
    """

    column: str
    one: str
    other: str
    why: str


def longer_values(name: str, target: Target, objects: Mapping[str, pd.DataFrame]) -> dict[Place, TooLong]:
    """Return of each field that has a length and holds anything which rows have a longer value (`Longer`)."""
    found = {}
    for thing, rows in objects.items():
        for key, field in target.in_force(thing).items():
            if field.length is not None and key in rows.columns and rows[key].notna().any():
                long = rows.loc[(rows[key].str.len() > field.length).fillna(False).astype(bool)]
                customers = _first_customers(long) if len(long) else ()
                found[f"{name}.{thing}.{key}"] = TooLong(len(long), customers)
    return found


def _first_customers(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the first customers by id; a household's account is none."""
    return tuple(rows["golden_id"].fillna(rows["record_id"]).dropna().sort_values().unique()[:EXAMPLES])


def tightest(targets: Mapping[str, Target], used: Used, longer: Longer, paths: Mapping[str, str]) -> tuple[Limit, ...]:
    """Return the tightest length per column that several targets limit differently, what is cut most first.

    Columns that hold nothing limit nobody. `paths` has the load path in force of each target.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for place, field, columns in fields_of(targets, used):
        for column in columns:
            # Ids that the load makes have the length that it gives them.
            if field.length is not None and place in longer and column not in RESERVED:
                found.setdefault(column, []).append((field.length, place))
    limits = []
    for column, lengths in sorted(found.items()):
        (least, place), most = min(lengths), max(length for length, _ in lengths)
        if least < most and len({place.partition(".")[0] for _, place in lengths}) > 1:
            name, cut = place.partition(".")[0], longer[place]
            verdict = targets[name].outcome("too_long", paths[name]).verdict
            limits.append(Limit(column, least, place, most, cut.rows, cut.customers, verdict))
    return tuple(sorted(limits, key=lambda limit: (-limit.longer, limit.column)))


def conflicts(targets: Mapping[str, Target], used: Used) -> tuple[Conflict, ...]:
    """Return the fields of different targets whose lists have no value in common although one column fills both."""
    listed = [
        (place, column, set(targets[place.partition(".")[0]].picklists[field.picklist]))
        for place, field, columns in fields_of(targets, used)
        for column in columns
        if field.picklist and field.restricted and field.type != "email"
        if not field.listed_with or targets[place.partition(".")[0]].features.get(field.listed_with)
    ]
    found = []
    for number, (one, column, values) in enumerate(listed):
        for other, same, others in listed[number + 1 :]:
            apart = one.partition(".")[0] != other.partition(".")[0]
            if apart and same == column and values and others and not values & others:
                why = f"one takes {min(values)} and the like, the other {min(others)}: map it for one of them"
                found.append(Conflict(column, one, other, why))
    return tuple(found)


def fields_of(
    targets: Mapping[str, Target], used: Used, *, plain: bool = True
) -> list[tuple[Place, TargetField, tuple[str, ...]]]:
    """Return every field that is made of columns, with its place.

    Args:
        targets: By name.
        used: Target → objects that get rows.
        plain: Only fields made of one column as it is: what is joined of several or mapped says nothing of one.
    """
    found = []
    for name, target in targets.items():
        for thing in used[name]:
            for key, field in target.in_force(thing).items():
                tree = parse_expression(field.value) if field.value else None
                columns = () if tree is None else columns_of(tree)
                if isinstance(tree, Column) or (columns and not plain):
                    found.append((f"{name}.{thing}.{key}", field, tuple(columns)))
    return found
