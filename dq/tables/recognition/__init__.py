"""What the columns of a source are: recognised from headers and values, with a confidence and a reason each.

Decides mappings and reads whole columns; alters no cell. `dq.tables.mapping` applies what is decided here.
"""

from dq.tables.recognition.recognise import recognise
from dq.tables.recognition.source_mapping import (
    ColumnMapping,
    ForeignKey,
    MappingLine,
    Overrides,
    SourceMapping,
    TableMapping,
    TableSample,
)
from dq.tables.recognition.targets import TARGET_COLUMNS, Target, parse_target

__all__ = [
    "TARGET_COLUMNS",
    "ColumnMapping",
    "ForeignKey",
    "MappingLine",
    "Overrides",
    "SourceMapping",
    "TableMapping",
    "TableSample",
    "Target",
    "parse_target",
    "recognise",
]
