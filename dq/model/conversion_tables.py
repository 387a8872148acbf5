"""Tables of what a target would refuse, and of what policy keeps out of it."""

from types import MappingProxyType
from typing import Final

import pyarrow as pa

from dq.model.table import Table, columns_of

BLOCKERS: Final = Table(
    "blockers",
    "one row per row of a target, field and check it falls short of, for one load path; `golden_id` is null where "
    "input rows were judged, `record_id` where golden records were",
    columns_of(
        "target",
        "path",
        "object",
        "row_id",
        "golden_id",
        "record_id",
        "field",
        "check",
        "code",
        "rule_id",
        "verdict",
        "certainty",
        "value",
        "message",
    ),
    ("target", "path", "rule_id", "row_id", "check", "value"),
)
"""What would keep rows from loading as they are. `verdict` is `reject`, `alters`, `pollutes` or `needs_org`, `message`
the target's own text, `rule_id` = `<target>.<object>.<field>.<code>`."""

LOAD_VERDICTS: Final = Table(
    "load_verdicts",
    "one row per row of a target, for one load path: what becomes of it",
    MappingProxyType(
        {
            **columns_of("target", "path", "object", "row_id", "golden_id", "record_id", "parent_row_id", "verdict"),
            "certainty": pa.large_string(),
            "would_load": pa.bool_(),
        }
    ),
    ("target", "path", "object", "row_id"),
)
"""`verdict` is the worst of the row's blockers, `loads` where there is none; only `reject` means that it would not
load, and `suppressed` that it shall not. A parked row has the object `park`, the verdict `parked` and does not load."""

PARKED: Final = Table(
    "parked",
    "one row per record that policy keeps out of the conversion",
    columns_of(
        "source",
        "source_key",
        "record_id",
        "golden_id",
        "rule",
        "approver",
        "accepted_on",
        "reason",
        "value",
        "targets",
    ),
    ("record_id",),
)
