"""Tables of what the rules of the house found."""

from types import MappingProxyType
from typing import Final

import pyarrow as pa

from dq.model.table import Table, columns_of

VIOLATIONS: Final = Table(
    "violations",
    "one row per subject, rule and column that fails it; ids are null where the subject is a source or a table",
    columns_of(
        "layer",
        "source",
        "department",
        "record_id",
        "golden_id",
        "contact_point_id",
        "rule_id",
        "dimension",
        "severity",
        "column",
        "value",
        "reason",
    ),
    ("rule_id", "record_id", "golden_id", "contact_point_id", "column", "value"),
)

RESULTS: Final = Table(
    "results",
    "one row per rule, source and department: cells it had a value to judge, and how many of them fail",
    MappingProxyType(
        {
            **{
                name: pa.large_string()
                for name in ("rule_id", "layer", "dimension", "severity", "source", "department")
            },
            "evaluated": pa.int64(),
            "failed": pa.int64(),
        }
    ),
    ("rule_id", "source", "department"),
)

SEGMENT_RESULTS: Final = Table(
    "segment_results",
    "one row per rule, source, department and value of a segment (`state=TX`) of the records that were judged",
    MappingProxyType(
        {
            **{name: pa.large_string() for name in ("rule_id", "dimension", "source", "department", "segment")},
            "evaluated": pa.int64(),
            "failed": pa.int64(),
        }
    ),
    ("rule_id", "source", "department", "segment"),
)
