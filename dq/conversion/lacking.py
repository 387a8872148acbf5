"""What sources hold nothing for although a target requires it: a column is missing, or nobody said which it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from dq.conversion.rows import TargetRows
from dq.standards.expressions import columns_of, parse_expression
from dq.standards.targets import Target, TargetField


@dataclass(frozen=True)
class Lacking:
    """A required field for which no customer has anything.

    Attributes:
        field: `<object>.<field>`, or several of which one is enough.
        columns: Columns of customers that would fill it; where there are none, a source column named like the field.
    """

    field: str
    columns: tuple[str, ...]


def never_filled(target: Target, customers: pd.DataFrame, rows: TargetRows) -> tuple[Lacking, ...]:
    """Return the required fields for which no customer has anything: a source lacks the column, or it was not told.

    Fields that somebody else has to fill (`remedies`) are none of them.
    """
    found = []
    for thing, own in rows.objects.items():
        fields = target.in_force(thing)
        groups = [(key,) for key, field in fields.items() if field.required] + list(target.objects[thing].one_of)
        for group in groups:
            codes = {fields[key].codes.get("required", "") for key in group if key in fields}
            if not codes & set(target.remedies) and not _something_is_there(group, fields, customers, own):
                values = [fields[key].value for key in group if key in fields]
                columns = [column for value in values if value for column in columns_of(parse_expression(value))]
                found.append(Lacking(f"{thing}.{' or '.join(group)}", tuple(dict.fromkeys(columns))))
    return tuple(found)


def _something_is_there(
    group: Iterable[str], fields: Mapping[str, TargetField], customers: pd.DataFrame, rows: pd.DataFrame
) -> bool:
    """Tell whether any customer has anything that one of the fields is made of."""
    for key in group:
        value = fields[key].value if key in fields else ""
        if not value and key in rows.columns:
            return True
        columns = columns_of(parse_expression(value)) if value else ()
        if any(column in customers.columns and customers[column].notna().any() for column in columns):
            return True
    return False
