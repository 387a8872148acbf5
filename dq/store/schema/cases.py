"""Questions for stewards, and what happened to them."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, Float, Index, PrimaryKeyConstraint, Table

from dq.store.columns import count, day, document, key, stamp, text
from dq.store.schema.metadata import METADATA, of_case, own_number

CASES: Final = Table(  # one row per question for a steward, across all runs
    "cases",
    METADATA,
    key("case_id", primary_key=True),
    text("kind"),
    key("record_id"),
    key("record_id_r"),  # empty where the case is not about a pair
    key("golden_id"),
    key("golden_id_r"),
    key("contact_point_id"),
    key("rule_id"),
    text("column_name"),
    text("value"),  # the value a rule speaks against
    text("pattern"),  # its shape (dq.text.shapes): what a bulk rule can take together
    key("source"),
    key("source_r"),
    key("department"),
    key("department_r"),  # that of record_id_r; equals `department` where the case is not about a pair
    text("owner"),
    text("severity"),
    Column("value_at_stake", Float),
    Column("uncertainty", Float, nullable=False, server_default="1"),
    count("unblocks", 1),
    Column("priority", Float, nullable=False, server_default="0"),
    text("evidence"),
    key("card_id"),  # cases of one customer share it
    text("status"),  # open | waiting | disputed | waived | resolved | gone
    text("assignee"),
    text("pool"),
    day("due_on"),
    day("waived_until"),
    text("outcome"),  # SAME, DIFFERENT, UNSURE or a reason code; empty while open
    text("decided_by"),
    stamp("decided_at"),
    document("decided_on"),  # fingerprints of the records when it was decided: material, and a hash per column
    text("returned_because"),  # the columns that changed since, parted by blanks; empty where it never came back
    stamp("opened_at"),
    stamp("closed_at"),
    key("first_run_id"),
    key("last_run_id"),
    count("version", 1),
    CheckConstraint("status IN ('open','waiting','disputed','waived','resolved','gone')", name="status"),
    Index(None, "status", "priority"),
    Index(None, "status", "department", "priority"),
    Index(None, "card_id"),
    Index(None, "record_id"),
    Index(None, "record_id_r"),
    Index(None, "assignee", "status"),
    Index(None, "golden_id"),
    Index(None, "rule_id", "status"),
    Index(None, "decided_by", "decided_at"),
    Index(None, "rule_id", "pattern"),
    Index(None, "pool", "status"),
    # What lists count by: counting reads the index alone, not the rows with their documents.
    Index(
        "ix_cases_counted",
        "status",
        "department",
        "department_r",
        "kind",
        "rule_id",
        "severity",
        "source",
        "source_r",
        "pool",
        "assignee",
        "due_on",
    ),
)

CASE_DEPARTMENTS: Final = Table(  # one row per case and department beyond the two that the case names
    "case_departments",
    METADATA,
    of_case(),
    key("department"),
    PrimaryKeyConstraint("case_id", "department"),
    Index(None, "department"),
)

CASE_EVENTS: Final = Table(  # one row per thing that happened to a case; comments of people live here, not in the audit
    "case_events",
    METADATA,
    own_number(),
    of_case(),
    stamp("at"),
    text("by"),
    text("action"),
    text("reason"),
    text("comment"),
    document("before"),  # the columns of the case that changed, as they were: undo puts them back
    document("after"),
    Index(None, "case_id", "id"),
    Index(None, "by", "at"),
)

REPORTS: Final = Table(  # one row per "this customer is wrong" of a colleague
    "reports",
    METADATA,
    own_number(),
    of_case(),
    key("record_id"),
    text("words"),
    text("by"),
    stamp("at"),
)
