"""The nouns of dq: tables, columns, closed lists. No behaviour, no input or output.

Every table a run writes is described here by a `Table`: its grain, its columns in order, their types and the sort
order. Stages may carry further columns inside a run; writers keep only what stands here, plus `extra.*` in `records`
and `golden`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd
import pyarrow as pa

Frames = dict[str, pd.DataFrame]
"""Tables of one part by name; what a row-local stage takes and gives."""

TEXT: Final = pd.StringDtype("pyarrow", na_value=float("nan"))
"""The dtype of every text column: pandas 3's own `str`, backed by pyarrow; a missing cell is NaN."""

# ---- closed lists -------------------------------------------------------------------------------------------------
PARTY_TYPES: Final = ("person", "organization")
CONTACT_KINDS: Final = ("address", "email", "phone", "mobile", "fax", "website")
CONTACT_ROLES: Final = ("primary", "billing", "shipping", "mailing", "home", "work", "seasonal", "registered", "other")
CONSENTS: Final = ("opt_in", "opt_out", "unknown")
RELATION_TYPES: Final = ("works_for", "parent", "ships_for", "replaces")
DIMENSIONS: Final = (
    "completeness",
    "validity",
    "conformity",
    "uniqueness",
    "consistency",
    "accuracy",
    "timeliness",
)
SEVERITIES: Final = ("stop", "warn", "info")
LAYERS: Final = ("raw", "standardized", "golden")
OUTCOMES: Final = ("match", "possible_match", "non_match")
JUDGEMENTS: Final = ("SAME", "DIFFERENT", "UNSURE")
MATCH_AT: Final = ("safe", "balanced")
ADDRESS_OUTCOMES: Final = (
    "confirmed",
    "unit_missing",
    "unit_unconfirmed",
    "building_default",
    "range_only",
    "multiple",
    "number_out_of_range",
    "street_not_found",
    "no_delivery",
    "vacant",
    "moved",
    "consistent",
    "zip_city_mismatch",
    "zip_invalid",
    "unverified",
    "foreign",
    "parse_doubt",
    "missing",
)

# ---- columns of a record ------------------------------------------------------------------------------------------
NAME_COLUMNS: Final = ("prefix", "first_name", "middle_name", "last_name", "suffix", "job_title")
ORGANIZATION_COLUMNS: Final = ("organization_name", "trade_name")
ADDRESS_COLUMNS: Final = (
    "address_line1",
    "address_line2",
    "city",
    "state",
    "zip5",
    "zip4",
    "postal_code",
    "country",
)
COMPONENT_COLUMNS: Final = (
    "addr_number",
    "addr_predirectional",
    "addr_street",
    "addr_suffix",
    "addr_postdirectional",
    "addr_unit_type",
    "addr_unit",
    "addr_box",
    "addr_route",
)
VERIFICATION_COLUMNS: Final = ("address_outcome", "address_confidence", "address_evidence")
DELIVERY_POINT: Final = "delivery_point"
"""Two digits of the delivery point and the check digit of the barcode; null where no evidence determines them."""
CHANNEL_COLUMNS: Final = ("email", "phone", "mobile", "website")
"""Flat columns of `records` that show the primary contact point of that kind."""
IDENTIFIER_COLUMNS: Final = ("tax_id", "duns", "lei")
DATE_COLUMNS: Final = ("birth_on", "created_at", "updated_at", "verified_on")
DO_NOT_COLUMNS: Final = ("do_not_mail", "do_not_email", "do_not_call", "do_not_text")
REFUSAL_KINDS: Final = {
    "mail": ("address",),
    "email": ("email",),
    "call": ("phone", "mobile"),
    "text": ("mobile",),
    "fax": ("fax",),
}
"""Channel a CRM has one flag for → the contact points whose consent it speaks of."""
STANDARDIZED_COLUMNS: Final = (
    *NAME_COLUMNS,
    *ORGANIZATION_COLUMNS,
    *ADDRESS_COLUMNS,
    *CHANNEL_COLUMNS,
    "birth_on",
    *IDENTIFIER_COLUMNS,
    "created_at",
    "updated_at",
    "verified_on",
    "value_amount",
)
"""Columns that keep their name when standardised and have a `<column>_raw` beside them."""

UNSPLIT_RECORD_COLUMNS: Final = ("full_name",)
"""Inside a run only: a name cell whose parts or whose kind of party is not known yet; emptied by standardising."""
UNSPLIT_POINT_COLUMNS: Final = ("address_text", "last_line")
"""Inside a run only: a cell with a whole address, or with city, state and ZIP; emptied by standardising."""
ADDRESS_KEY: Final = "address_key"
"""In `contact_points`: what evidence about an address is filed under; made before evidence corrects the address."""
FLAGS: Final = "flags"
"""Inside a run only, in `records` and `contact_points`: doubts found by standardising, as `column:code` words parted by
blanks (`phone:fictitious first_name:placeholder`), which rules turn into violations; null where there are none."""

IS_DECEASED: Final = "is_deceased"
"""Whether anything says that the person has died; False where nothing does."""

IS_PARKED: Final = "is_parked"
"""Column of an override by which a person brings a customer back from parking (`no`), or leaves it to the rules again
(`yes`); no table has it."""

EXTRA: Final = "extra."
"""Prefix, inside a run, of source columns without a canonical home."""


def raw(column: str) -> str:
    """Return the name of the column that keeps the source text of `column`.

    >>> raw("city")
    'city_raw'
    """
    return f"{column}_raw"


# ---- tables -------------------------------------------------------------------------------------------------------
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


def _columns(*names: str) -> Mapping[str, pa.DataType]:
    return MappingProxyType({name: _OTHER_TYPES.get(name, pa.large_string()) for name in names})


def _with_raw(*names: str) -> tuple[str, ...]:
    return (*names, *(raw(name) for name in names if name in STANDARDIZED_COLUMNS))


RECORDS: Final = Table(
    "records",
    "one row per record: a person or an organisation of one source",
    _columns(
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
    _columns(
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
    _columns("from_record_id", "type", "to_record_id", "source"),
    ("from_record_id", "type", "to_record_id"),
)

CHANGES: Final = Table(
    "changes",
    "one row per value that standardising altered or dropped",
    _columns("record_id", "contact_point_id", "column", "before", "after", "reason"),
    ("record_id", "contact_point_id", "column", "before", "after", "reason"),
)

VIOLATIONS: Final = Table(
    "violations",
    "one row per subject, rule and column that fails it; ids are null where the subject is a source or a table",
    _columns(
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

PAIRS: Final = Table(
    "pairs",
    "one row per candidate pair that was compared and is not a plain non-match; a column per comparison follows",
    _columns(
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
    _columns("source", "source_key", "part", "record_id", "golden_id", "cluster_size", "household_id"),
    ("record_id",),
)

GOLDEN: Final = Table(
    "golden",
    "one row per customer: the best record made of all records of a cluster",
    _columns(
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
    _columns(
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
    _columns("from_golden_id", "type", "to_golden_id", "source"),
    ("from_golden_id", "type", "to_golden_id"),
)

PROVENANCE: Final = Table(
    "provenance",
    "one row per golden record (or golden contact point) and column: where the value came from and what lost",
    _columns("golden_id", "contact_point_id", "column", "value", "record_id", "rule", "alternates"),
    ("golden_id", "contact_point_id", "column"),
)

CASES: Final = Table(
    "cases",
    "one row per question for a steward",
    _columns(
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
    _columns(
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
    _columns("record_id", "column", "value", "reason", "by", "at"),
    ("record_id", "column", "at"),
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

BLOCKERS: Final = Table(
    "blockers",
    "one row per row of a target, field and check it falls short of, for one load path; `golden_id` is null where "
    "input rows were judged, `record_id` where golden records were",
    _columns(
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
            **_columns("target", "path", "object", "row_id", "golden_id", "record_id", "parent_row_id", "verdict"),
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
    _columns(
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
