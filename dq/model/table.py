"""What a table is: grain, columns in order, their types, the sort order."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from dq.model.columns import DO_NOT_COLUMNS, IS_DECEASED


@dataclass(frozen=True)
class Table:
    """A table of a run: columns in order with their types, and the columns that sort it uniquely.

    Attributes:
        name: File stem in the run's folder.
        grain: What one row is.
        columns: Column → Arrow type, in the order written.
        sort: Columns that order the written rows.
        has_extras: Whether `extra.*` columns follow the declared ones.
    """

    name: str
    grain: str
    columns: Mapping[str, pa.DataType]
    sort: tuple[str, ...]
    has_extras: bool = False


_OTHER_TYPES: Final = {
    "line_number": pa.int64(),
    "cluster_size": pa.int64(),
    "address_confidence": pa.float64(),
    "party_confidence": pa.float64(),
    "match_weight": pa.float64(),
    "match_probability": pa.float64(),
    "value_at_stake": pa.float64(),
    IS_DECEASED: pa.bool_(),
    "created_is_date_only": pa.bool_(),
    "updated_is_date_only": pa.bool_(),
    **{column: pa.bool_() for column in DO_NOT_COLUMNS},
}


def columns_of(*names: str) -> Mapping[str, pa.DataType]:
    """Return columns with their types: text, but for the few names whose type is another one in every table."""
    return MappingProxyType({name: _OTHER_TYPES.get(name, pa.large_string()) for name in names})
