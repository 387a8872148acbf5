"""Tables of pairs, and of the customers made of them."""

from typing import Final

from dq.model.columns import (
    ADDRESS_COLUMNS,
    ADDRESS_KEY,
    CHANNEL_COLUMNS,
    COMPONENT_COLUMNS,
    DELIVERY_POINT,
    DO_NOT_COLUMNS,
    IDENTIFIER_COLUMNS,
    IS_DECEASED,
    NAME_COLUMNS,
    ORGANIZATION_COLUMNS,
    VERIFICATION_COLUMNS,
)
from dq.model.record_tables import CONTACT_POINTS
from dq.model.table import Table, columns_of

PAIRS: Final = Table(
    "pairs",
    "one row per candidate pair that was compared and is not a plain non-match; a column per comparison follows",
    columns_of(
        "record_id_l",
        "record_id_r",
        "match_weight",
        "match_probability",
        "outcome",
        "blocking_rule",
        "veto",
    ),
    ("record_id_l", "record_id_r"),
)

CROSSWALK: Final = Table(
    "crosswalk",
    "one row per record: which golden record it became part of",
    columns_of("source", "source_key", "part", "record_id", "golden_id", "cluster_size", "household_id"),
    ("record_id",),
)

GOLDEN: Final = Table(
    "golden",
    "one row per customer: the best record made of all records of a cluster",
    columns_of(
        "golden_id",
        "household_id",
        "cluster_size",
        "sources",
        "owner",
        "department",
        "status",
        IS_DECEASED,
        "party_type",
        *NAME_COLUMNS,
        *ORGANIZATION_COLUMNS,
        *ADDRESS_COLUMNS,
        *COMPONENT_COLUMNS,
        *VERIFICATION_COLUMNS,
        DELIVERY_POINT,
        *CHANNEL_COLUMNS,
        "birth_on",
        *IDENTIFIER_COLUMNS,
        "created_at",
        "updated_at",
        "verified_on",
        "value_amount",
        *DO_NOT_COLUMNS,
    ),
    ("golden_id",),
    has_extras=True,
)

GOLDEN_CONTACT_POINTS: Final = Table(
    "golden_contact_points",
    "one row per distinct way to reach a golden record",
    columns_of(
        "golden_id",
        *(
            name
            for name in CONTACT_POINTS.columns
            if name not in ("record_id", ADDRESS_KEY) and not name.endswith("_raw")
        ),
    ),
    ("golden_id", "contact_point_id"),
)

GOLDEN_RELATIONS: Final = Table(
    "golden_relations",
    "one row per relation between two golden records",
    columns_of("from_golden_id", "type", "to_golden_id", "source"),
    ("from_golden_id", "type", "to_golden_id"),
)

PROVENANCE: Final = Table(
    "provenance",
    "one row per golden record (or golden contact point) and column: where the value came from and what lost",
    columns_of("golden_id", "contact_point_id", "column", "value", "record_id", "rule", "alternates"),
    ("golden_id", "contact_point_id", "column"),
)
