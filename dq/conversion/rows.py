"""Makes the rows of a target out of customers: what would stand in its load files. Judges nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from dq.conversion.assigning import HOUSEHOLD_MARK, Grain, assign, household_accounts
from dq.conversion.evaluating import evaluate
from dq.conversion.points import with_points
from dq.model import DO_NOT_COLUMNS, EXTRA, TEXT
from dq.standards.expressions import Call, Column, Expression, columns_of, parse_expression
from dq.standards.targets import PARK, Target, TargetField, parent_field

ROW_COLUMNS = ("row_id", "golden_id", "record_id", "parent_row_id")
"""What every row has beside its fields."""
_YES = frozenset({"true", "t", "yes", "y", "1", "on"})
_NO = frozenset({"false", "f", "no", "n", "0", "off"})


@dataclass(frozen=True)
class Customers:
    """What is to be converted.

    Attributes:
        rows: One row per customer: golden records or input rows.
        relations: Between them.
        points: Their contact points.
        grain: Which of the two they are.
    """

    rows: pd.DataFrame
    relations: pd.DataFrame
    points: pd.DataFrame
    grain: Grain


@dataclass(frozen=True)
class TargetRows:
    """Everything that would be loaded.

    Attributes:
        objects: Object → its rows, sorted by `row_id`; every object of the target that gets any.
        parked: Customers that policy keeps out: `row_id` and the id columns.
        made_of: Object → field → what it is made of, in the words of the target file or the name of a source column.
        reads: Columns of customers that any field is made of.
    """

    objects: Mapping[str, pd.DataFrame]
    parked: pd.DataFrame
    made_of: Mapping[str, Mapping[str, str]]
    reads: frozenset[str] = frozenset()

    def with_parked(self, parked: pd.DataFrame) -> "TargetRows":
        """Return the same with more customers kept out: `row_id` and an id column of each."""
        rows = pd.concat([self.parked, parked.reindex(columns=list(ROW_COLUMNS))], ignore_index=True).astype(TEXT)
        return replace(self, parked=rows.sort_values("row_id", ignore_index=True))

    def count(self) -> int:
        """Return how many rows would be loaded."""
        return sum(len(rows) for rows in self.objects.values())


def build_rows(target: Target, policy: str, customers: Customers) -> TargetRows:
    """Return the rows of a target.

    Args:
        target: What is to be loaded.
        policy: Name of one of its `assign`.
        customers: What is to be converted.
    """
    assigned = assign(target, target.assign[policy], customers.rows, customers.relations, customers.grain)
    mapping = {name: field_mapping(target, name, customers.rows) for name in target.objects}
    wanted = {column for fields in mapping.values() for tree in fields.values() for column in columns_of(tree)}
    known = with_points(customers.rows, customers.points, customers.grain.id, wanted)
    known = _with_employers(known, assigned, wanted).assign(
        **{column: assigned[column] for column in ("row_id", "parent_row_id")}
    )
    homes = _households(known, assigned, target)
    objects = {}
    for name in target.load_order():
        own = known.loc[assigned["object"] == name]
        if name in homes:
            own = pd.concat([own, homes[name]], ignore_index=True)
        if len(own):
            objects[name] = _rows_of(target, name, own, mapping[name])
    is_out = assigned["object"] == PARK
    # Another policy may have given a household an account before: with the last of its members it is parked, not gone.
    accounts = household_accounts(known, customers.grain)
    out = known.loc[is_out].assign(parent_row_id=accounts[is_out].mask(accounts[is_out].isin(accounts[~is_out])))
    parked = _identified(out).sort_values("row_id", ignore_index=True)
    told = {name: {key: _told(tree, target, name, key) for key, tree in mapping[name].items()} for name in objects}
    return TargetRows(objects, parked, told, frozenset(wanted))


def columns_wanted(target: Target, available: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of customers that rows of a target can be made of, as far as they are available."""
    named = {"golden_id", "record_id", "party_type", "status", "household_id", "account_key", "department"}
    named |= {"organization_name", "first_name", "last_name", *DO_NOT_COLUMNS}
    for name in target.objects:
        trees = (parse_expression(field.value) for field in target.in_force(name).values() if field.value)
        named |= {column for tree in trees for column in columns_of(tree)}
    # The day of coding is read off the evidence (`dq.pipeline.convertible`).
    named |= {"address_evidence"} if "coded_on" in named else set()
    return tuple(column for column in available if column in named or column.startswith(EXTRA))


def field_mapping(target: Target, name: str, customers: pd.DataFrame) -> dict[str, Expression]:
    """Return what each field of an object is made of.

    A field the target file gives no value is filled from the source column that is named like it or like its label;
    its aliases come first in any case.
    """
    extras = {_plain(column.removeprefix(EXTRA)): column for column in customers.columns if column.startswith(EXTRA)}
    mapping: dict[str, Expression] = {}
    for key, field in target.in_force(name).items():
        named = [extras[plain] for plain in dict.fromkeys(_plain(name) for name in field.aliases) if plain in extras]
        trees: list[Expression] = [Column(name) for name in named]
        if field.value:
            trees.append(parse_expression(field.value))
        if trees:
            mapping[key] = trees[0] if len(trees) == 1 else Call("first", tuple(trees))
        elif field.writable and field.type not in ("reference", "id"):
            found = extras.get(_plain(key)) or extras.get(_plain(field.label))
            if found is not None:
                mapping[key] = Column(found)
    return mapping


def _told(tree: Expression, target: Target, name: str, key: str) -> str:
    value = target.objects[name].fields[key].value
    named = [column.removeprefix(EXTRA) for column in columns_of(tree) if not value or column.startswith(EXTRA)]
    if not value or (named and target.objects[name].fields[key].aliases):
        return f"column {', '.join(named)}" + (f", else {value}" if value else "")
    return value


def _plain(header: str) -> str:
    """Return a header without what spellings of it differ in: `Lead Source`, `lead_source` and `LeadSource` are one."""
    return "".join(character for character in header.casefold() if character.isalnum())


def _rows_of(target: Target, name: str, customers: pd.DataFrame, mapping: Mapping[str, Expression]) -> pd.DataFrame:
    fields = target.in_force(name)
    columns = {key: _typed(evaluate(tree, customers, target.maps), fields[key]) for key, tree in mapping.items()}
    return pd.concat([_identified(customers), pd.DataFrame(columns, index=customers.index)], axis=1).sort_values(
        "row_id", ignore_index=True
    )


def _typed(values: pd.Series, field: TargetField) -> pd.Series:
    """Return the values as the load file would hold them: booleans in one spelling."""
    if field.type != "boolean":
        return values
    plain = values.str.strip().str.casefold()
    said = plain.map({**dict.fromkeys(_YES, "true"), **dict.fromkeys(_NO, "false")}, na_action="ignore")
    return said.astype(TEXT).fillna(values)


def _identified(customers: pd.DataFrame) -> pd.DataFrame:
    none = pd.Series(None, index=customers.index, dtype=TEXT)
    return pd.DataFrame(
        {column: customers[column] if column in customers.columns else none for column in ROW_COLUMNS}
    ).astype(TEXT)


def _with_employers(customers: pd.DataFrame, assigned: pd.DataFrame, wanted: set[str]) -> pd.DataFrame:
    """Add `employer`: the name of the organisation a customer belongs to."""
    if "employer" not in wanted or "organization_name" not in customers.columns:
        return customers
    names = customers.set_index(assigned["row_id"])["organization_name"]
    # Objects without a parent field have no parent_row_id; the relation is known all the same.
    return customers.assign(employer=assigned["employer_id"].map(names[~names.index.duplicated()]).astype(TEXT))


def _households(customers: pd.DataFrame, assigned: pd.DataFrame, target: Target) -> dict[str, pd.DataFrame]:
    """Return the households' own rows by object: address and owner of the member with the smallest id."""
    found: dict[str, pd.DataFrame] = {}
    living = assigned["has_household"]
    for name in sorted(set(assigned.loc[living, "object"])):
        field = parent_field(target, name)
        assert field is not None, "checked when the target was read"
        thing = target.objects[name].fields[field].refers_to
        members = customers.loc[living & (assigned["object"] == name)].sort_values("row_id")
        first = members.drop_duplicates("parent_row_id").copy()
        first["row_id"] = first["parent_row_id"]
        first["parent_row_id"] = pd.Series(None, index=first.index, dtype=TEXT)
        surname = first["last_name"].fillna(first["first_name"])
        first["organization_name"] = (surname + " Household").astype(TEXT)
        first["party_type"] = "organization"
        found[thing] = first.assign(golden_id=None, record_id=None)
    return found


__all__ = ["HOUSEHOLD_MARK", "ROW_COLUMNS", "Customers", "TargetRows", "build_rows", "columns_wanted", "field_mapping"]
