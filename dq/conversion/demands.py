"""What several targets ask of one column in different ways: required here and not there, another form. See `limits`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dq.conversion.limits import Place, Used, fields_of
from dq.standards.expressions import Call, Text, parse_expression
from dq.standards.targets import RESERVED, Target, TargetField

EXAMPLES: Final = 3
"""Customers named per demand, as for every other trouble."""
_FORMS: Final = {
    "zip5": "a ZIP of five digits",
    "zip4": "four digits beside a ZIP",
    "zip9": "a ZIP of nine digits",
    "domestic": "the home country only",
}
"""Form a field asks for, in words; the others say nothing of how a value is written."""


@dataclass(frozen=True)
class Empty:
    """Rows of a required field that have nothing in it, and the first customers among them."""

    rows: int
    customers: tuple[str, ...]


@dataclass(frozen=True)
class Demand:
    """A column that one target asks for and another does not.

    Attributes:
        column: Column of customers.
        required_by: `<target>.<object>.<field>` that cannot be without it.
        optional_in: Fields of other targets that can.
        absent_in: Targets in which nothing is made of the column: what is kept there cannot give it.
        empty: Rows of the fields that require it and have nothing.
        customers: The first customers among them.
    """

    column: str
    required_by: tuple[str, ...]
    optional_in: tuple[str, ...]
    absent_in: tuple[str, ...]
    empty: int
    customers: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A column that targets write in different ways: one file does not do for all of them.

    Attributes:
        column: Column of customers.
        forms: What is written → fields that write it so.
    """

    column: str
    forms: Mapping[str, tuple[str, ...]]


def empty_values(name: str, target: Target, objects: Mapping[str, pd.DataFrame]) -> dict[Place, Empty]:
    """Return of each required field of an object that gets rows how many of them have nothing in it."""
    found = {}
    for thing, rows in objects.items():
        for key, field in target.in_force(thing).items():
            if field.required and len(rows):
                lacking = rows if key not in rows.columns else rows.loc[rows[key].isna()]
                customers = lacking["golden_id"].fillna(lacking["record_id"]).dropna().sort_values()
                found[f"{name}.{thing}.{key}"] = Empty(len(lacking), tuple(customers.unique()[:EXAMPLES]))
    return found


def demands(targets: Mapping[str, Target], used: Used, empty: Mapping[Place, Empty]) -> tuple[Demand, ...]:
    """Return the columns required by one target and not by another, those that most rows lack first."""
    alone = _by_column(targets, used)
    found = []
    for column, own in _by_column(targets, used, joined=True).items():
        # What is joined of several columns asks for none of them by itself, but has a place for each.
        asked = tuple(place for place, field in alone.get(column, ()) if field.required and place in empty)
        if not asked:
            continue
        optional = tuple(place for place, field in own if not field.required)
        asking, offering = {_target(place) for place in asked}, {_target(place) for place in optional}
        absent = tuple(sorted(set(targets) - asking - offering))
        optional = tuple(place for place in optional if _target(place) not in asking)
        if optional or absent:
            customers = sorted({one for place in asked for one in empty[place].customers})[:EXAMPLES]
            rows = sum(empty[place].rows for place in asked)
            found.append(Demand(column, asked, optional, absent, rows, tuple(customers)))
    return tuple(sorted(found, key=lambda demand: (-demand.empty, demand.column)))


def forms(
    targets: Mapping[str, Target], used: Used, paths: Mapping[str, str], filled: Collection[Place]
) -> tuple[Form, ...]:
    """Return the columns that targets write in different ways.

    Args:
        targets: By name.
        used: Target → objects that get rows.
        paths: Target → load path in force: it says how dates are written.
        filled: Fields that hold anything.
    """
    found = []
    for column, own in _by_column(targets, used).items():
        written: dict[str, list[str]] = {}
        for place, field in own:
            if place in filled:
                said = _form(field, targets[_target(place)], paths[_target(place)])
                written.setdefault(said, []).append(place)
        users = {_target(place) for places in written.values() for place in places}
        # Where one target writes a column in two ways, each field of the others that agrees with one is no conflict.
        if len(written) > 1 and len(users) > 1:
            found.append(Form(column, {said: tuple(places) for said, places in sorted(written.items())}))
    return tuple(found)


def _form(field: TargetField, target: Target, path: str) -> str:
    """Say how a field is written."""
    tree = parse_expression(field.value)
    if field.type in ("date", "datetime"):
        return f"a date as {target.paths[path].date_format}"
    if isinstance(tree, Call) and tree.function == "map" and isinstance(tree.arguments[1], Text):
        return f"by the table {tree.arguments[1].value}"
    if isinstance(tree, Call) and tree.function in ("upper", "lower"):
        return f"in {tree.function} case"
    if field.case == "lower":
        return "in lower case"
    if field.format in _FORMS:
        return _FORMS[field.format]
    is_listed = field.picklist and field.restricted and field.type != "email"
    if is_listed and (not field.listed_with or target.features.get(field.listed_with)):
        return f"a value of the list {field.picklist}"
    return f"in a pattern of its own, {field.pattern}" if field.pattern and field.type != "email" else "as it is"


def _by_column(
    targets: Mapping[str, Target], used: Used, *, joined: bool = False
) -> dict[str, list[tuple[Place, TargetField]]]:
    """Return column → fields made of it alone, or `joined` with others; ids that the load makes are none."""
    found: dict[str, list[tuple[Place, TargetField]]] = {}
    for place, field, columns in fields_of(targets, used, plain=False):
        for column in columns:
            if column not in RESERVED and (joined or len(columns) == 1):
                found.setdefault(column, []).append((place, field))
    return dict(sorted(found.items()))


def _target(place: Place) -> str:
    return place.partition(".")[0]
