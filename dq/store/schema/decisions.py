"""What people decided, one by one, by rule and until when."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from dq.store.columns import count, day, document, key, stamp, text
from dq.store.schema.metadata import METADATA, of_case, own_number

JUDGEMENTS: Final = Table(  # one row per decision of a person on a pair; appended, never changed
    "judgements",
    METADATA,
    own_number(),
    key("case_id"),  # empty where a pair was judged that was never a case
    key("record_id_l"),
    key("record_id_r"),
    text("judgement"),  # SAME | DIFFERENT | UNSURE
    text("reason"),
    text("by"),
    stamp("judged_at"),
    key("content_l"),
    key("content_r"),
    key("material_l"),
    key("material_r"),
    Column("supersedes", Integer, ForeignKey("judgements.id")),
    text("state"),  # final | proposal: a proposal waits for the other department or a second pair of eyes
    Column("seconds", Float),  # from the question's first showing to the answer
    CheckConstraint("judgement IN ('SAME','DIFFERENT','UNSURE')", name="judgement"),
    CheckConstraint("record_id_l < record_id_r", name="ordered"),
    Index(None, "record_id_l", "record_id_r"),
    Index(None, "case_id"),
    Index(None, "by", "judged_at"),
)

OVERRIDES: Final = Table(  # one row per value a person pinned on a record, or took back
    "overrides",
    METADATA,
    own_number(),
    key("case_id"),
    key("record_id"),
    text("column_name"),
    text("value"),
    text("reason"),
    text("by"),
    stamp("at"),
    key("department"),
    Column("supersedes", Integer, ForeignKey("overrides.id")),
    text("state"),  # final | proposal | withdrawn
    Index(None, "record_id", "column_name"),
)

WAIVERS: Final = Table(  # one row per permission to leave something as it is until a day
    "waivers",
    METADATA,
    own_number(),
    key("case_id"),  # empty where a whole rule is waived for a source
    key("rule_id"),
    key("source"),
    key("department"),
    day("until"),
    text("reason"),
    text("by"),
    stamp("at"),
    stamp("ended_at"),
    Index(None, "case_id"),
)

BLOCKER_WAIVERS: Final = Table(  # one row per permission to let customers stay out of a target until a day
    "blocker_waivers",
    METADATA,
    own_number(),
    key("target"),
    key("rule_id"),  # target, object, field and error name; empty where an owner is meant
    text("owner"),  # nobody takes over from; empty where an error is meant
    key("department"),  # only customers that are all of this department's; empty: all
    day("until"),
    text("reason"),
    text("comment"),
    text("by"),
    stamp("at"),
    stamp("ended_at"),
    Index(None, "target", "ended_at"),
)

PROPOSALS: Final = Table(  # one row per action that needs a second person
    "proposals",
    METADATA,
    own_number(),
    of_case(),
    text("action"),
    document("proposal"),
    text("why"),  # shared_customer | policy
    text("by"),
    stamp("at"),
    text("answer"),  # approved | refused; empty while it waits
    text("answered_by"),
    stamp("answered_at"),
    Index(None, "case_id"),
    Index(None, "answer"),
)

BULK_RULES: Final = Table(  # one row per version of a decision that replays over every case like it
    "bulk_rules",
    METADATA,
    own_number(),
    key("name"),
    count("version", 1),
    text("kind"),
    document("matches"),  # kind, rule_id, source, department, column, value or pattern
    document("decision"),  # action with its arguments
    document("exclusions"),  # case_ids
    text("reason"),
    text("by"),
    stamp("at"),
    text("state"),  # active | retired
    key("department"),
    UniqueConstraint("name", "version"),
)

BULK_HITS: Final = Table(  # one row per case that a bulk rule decided
    "bulk_hits",
    METADATA,
    Column("bulk_rule_id", Integer, ForeignKey("bulk_rules.id"), nullable=False),
    of_case(),
    key("run_id"),  # empty where it was decided when the rule was made
    stamp("at"),
    PrimaryKeyConstraint("bulk_rule_id", "case_id"),
)

RULE_OPINIONS: Final = Table(  # one row per case about which a person said whether the rule was right
    "rule_opinions",
    METADATA,
    key("rule_id"),
    of_case(),
    text("opinion"),  # right | wrong
    text("by"),
    stamp("at"),
    PrimaryKeyConstraint("rule_id", "case_id"),
)

REASON_VERSIONS: Final = Table(  # one row per version of a reason code that people changed; nothing is overwritten
    "reason_versions",
    METADATA,
    own_number(),
    key("code"),
    count("version"),  # 0: as the standards had it when it was first changed
    text("title"),
    text("closes"),  # actions it is offered for, a blank between
    count("is_offered", 1),
    text("by"),
    stamp("at"),
    UniqueConstraint("code", "version", name="uq_reason_versions"),
)
