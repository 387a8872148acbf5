"""Tables of records, as their sources have them and standardised; and of pieces that are no record."""

from types import MappingProxyType
from typing import Final

import pyarrow as pa

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
    STANDARDIZED_COLUMNS,
    VERIFICATION_COLUMNS,
    raw,
)
from dq.model.table import Table, columns_of

RECORDS: Final = Table(
    "records",
    "one row per record: a person or an organisation of one source",
    columns_of(
        "record_id",
        "source",
        "source_key",
        "account_key",
        "parent_key",
        "owner",
        "department",
        "status",
        IS_DECEASED,
        "party_type",
        "party_confidence",
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
        "created_is_date_only",
        "updated_at",
        "updated_is_date_only",
        "verified_on",
        "value_amount",
        *DO_NOT_COLUMNS,
        *(raw(column) for column in STANDARDIZED_COLUMNS),
        "line_number",
        "content",
        "material",
    ),
    ("record_id",),
    has_extras=True,
)

_POINT_VALUES: Final = ("value", "extension", *ADDRESS_COLUMNS)

CONTACT_POINTS: Final = Table(
    "contact_points",
    "one row per way to reach a record: an address, e-mail, phone, mobile, fax or website in one role",
    columns_of(
        "contact_point_id",
        "record_id",
        "kind",
        "role",
        *_POINT_VALUES,
        *COMPONENT_COLUMNS,
        *VERIFICATION_COLUMNS,
        DELIVERY_POINT,
        ADDRESS_KEY,
        "valid_from",
        "valid_to",
        "verified_on",
        "consent",
        "consent_at",
        "consent_source",
        "value_raw",
        *(raw(column) for column in ADDRESS_COLUMNS),
    ),
    ("record_id", "contact_point_id"),
)

RELATIONS: Final = Table(
    "relations",
    "one row per relation between two records",
    columns_of("from_record_id", "type", "to_record_id", "source"),
    ("from_record_id", "type", "to_record_id"),
)

CHANGES: Final = Table(
    "changes",
    "one row per value that standardising altered or dropped",
    columns_of("record_id", "contact_point_id", "column", "before", "after", "reason"),
    ("record_id", "contact_point_id", "column", "before", "after", "reason"),
)

REJECTS: Final = Table(
    "rejects",
    "one row per piece of a source file that is not a record",
    MappingProxyType(
        {
            "source": pa.large_string(),
            "file": pa.large_string(),
            "first_line": pa.int64(),
            "last_line": pa.int64(),
            "reason": pa.large_string(),
            "text": pa.large_string(),
        }
    ),
    ("source", "file", "first_line"),
)
