"""Runs, what they counted, and what the house wants of them."""

from typing import Final

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from dq.store.columns import count, day, document, key, stamp, text
from dq.store.schema.metadata import METADATA, of_run, own_number

RUNS: Final = Table(  # one row per run taken into the home
    "runs",
    METADATA,
    key("run_id", primary_key=True),
    key("run_key"),
    text("folder"),  # below var/runs of the home
    stamp("started_at"),
    stamp("finished_at"),
    day("as_of"),
    text("standards"),
    text("version"),
    count("record_count"),
    count("customer_count"),
    count("clean_count"),
    Column("score", Float),  # null where nothing could be scored
    text("state"),  # complete | stopped | removed
    document("summary"),  # lines, ledger, seconds and rows of the manifest
    stamp("added_at"),
    text("added_by"),
    Index(None, "finished_at"),
)

METRICS: Final = Table(  # one row per run, view, rule, source, department and segment; counts, never rates
    "metrics",
    METADATA,
    own_number(),
    of_run(),
    text("view"),  # test: units tested by a rule | record: records by whether they have a problem
    key("rule_id"),  # empty: any rule (view record)
    text("dimension"),  # empty: any
    key("source"),  # empty: all
    key("department"),  # empty: none known
    key("segment"),  # `state=TX`; empty: not cut further
    Column("tested_count", BigInteger, nullable=False),
    Column("failed_count", BigInteger, nullable=False),
    UniqueConstraint("run_id", "view", "rule_id", "dimension", "source", "department", "segment", name="uq_metrics"),
    Index(None, "rule_id", "run_id"),
    Index(None, "run_id", "view", "segment"),  # most rows are of some segment, most questions are not
)

RUN_WEIGHTS: Final = Table(  # one row per run that kept how it weighed its rules
    "run_weights",
    METADATA,
    key("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    document("weights"),  # dq.quality.movement.weighing
)

MOVEMENTS: Final = Table(  # one row per run that had one before it: what changed since
    "movements",
    METADATA,
    key("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    key("before_run_id"),
    document("changes"),  # counts per rule, source, department and segment (dq.quality.movement.changes)
)

GOALS: Final = Table(  # one row per goal
    "goals",
    METADATA,
    own_number(),
    text("name"),
    text("view"),  # test | record
    key("rule_id"),
    text("dimension"),
    key("source"),
    key("department"),
    key("segment"),
    Column("start_value", Float),
    Column("target", Float, nullable=False),  # percent, 0-100
    day("start_on"),
    day("due_on"),
    text("owner"),
    text("by"),
    stamp("at"),
    stamp("closed_at"),
    count("version", 1),
)

BUSINESS_NUMBERS: Final = Table(  # one row per number a person typed for a day: returned mail, service calls
    "business_numbers",
    METADATA,
    key("name"),
    key("department"),
    day("day"),
    Column("value", Float, nullable=False),
    text("by"),
    stamp("at"),
    PrimaryKeyConstraint("name", "department", "day"),
)
