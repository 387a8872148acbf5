"""Samples of pairs that people judge blind."""

from typing import Final

from sqlalchemy import Column, Float, ForeignKey, Integer, PrimaryKeyConstraint, Table, UniqueConstraint

from dq.store.columns import count, document, key, stamp, text
from dq.store.schema.metadata import METADATA, of_run, own_number

SAMPLES: Final = Table(  # one row per drawn sample of pairs
    "samples",
    METADATA,
    own_number(),
    of_run(),
    text("name"),
    count("seed"),
    document("strata"),  # band -> pairs there are, pairs drawn
    text("by"),
    stamp("at"),
    stamp("closed_at"),
)

SAMPLE_PAIRS: Final = Table(  # one row per pair drawn
    "sample_pairs",
    METADATA,
    Column("sample_id", Integer, ForeignKey("samples.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    key("record_id_l"),
    key("record_id_r"),
    text("band"),
    key("department"),
    key("department_r"),
    text("outcome"),  # of the machine; hidden until the answer is given
    count("opinions", 1),  # how many different people are asked
    PrimaryKeyConstraint("sample_id", "number"),
    UniqueConstraint("sample_id", "record_id_l", "record_id_r", name="uq_sample_pairs"),
)

SAMPLE_ANSWERS: Final = Table(  # one row per pair of a sample and person
    "sample_answers",
    METADATA,
    Column("sample_id", Integer, ForeignKey("samples.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    text("by"),
    text("answer"),  # SAME | DIFFERENT | UNSURE
    stamp("at"),
    Column("seconds", Float),
    PrimaryKeyConstraint("sample_id", "number", "by"),
)
