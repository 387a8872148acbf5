"""Tables of what stewards are asked, and what they decided."""

from typing import Final

from dq.model.table import Table, columns_of

CASES: Final = Table(
    "cases",
    "one row per question for a steward",
    columns_of(
        "case_id",
        "kind",
        "record_id",
        "record_id_r",
        "golden_id",
        "contact_point_id",
        "rule_id",
        "severity",
        "value_at_stake",
        "evidence",
    ),
    ("case_id",),
)

JUDGEMENTS_TABLE: Final = Table(
    "judgements",
    "one row per decision of a person on a pair of records",
    columns_of(
        "judgement_id",
        "record_id_l",
        "record_id_r",
        "judgement",
        "reason",
        "by",
        "judged_at",
        "content_l",
        "content_r",
        "supersedes",
    ),
    ("judgement_id",),
)

OVERRIDES: Final = Table(
    "overrides",
    "one row per value a person pinned on a record",
    columns_of("record_id", "column", "value", "reason", "by", "at"),
    ("record_id", "column", "at"),
)
