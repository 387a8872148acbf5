"""The tables of the house, each with its grain. Changing one needs a migration in `migrations/versions`."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from dq.store.columns import count, day, document, key, stamp, text

METADATA: Final = MetaData(
    naming_convention={  # a migration can only drop what has a name that is the same in both databases
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _of_case() -> Column[str]:
    return key("case_id", ForeignKey("cases.case_id"))


def _of_run() -> Column[str]:
    return key("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"))


def _of_user(name: str = "user_name") -> Column[str]:
    return key(name, ForeignKey("users.user_name"))


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
    _number(),
    _of_run(),
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

CASE_EVENTS: Final = Table(  # one row per thing that happened to a case; comments of people live here, not in the audit
    "case_events",
    METADATA,
    _number(),
    _of_case(),
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

JUDGEMENTS: Final = Table(  # one row per decision of a person on a pair; appended, never changed
    "judgements",
    METADATA,
    _number(),
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
    _number(),
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
    _number(),
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
    _number(),
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
    _number(),
    _of_case(),
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
    _number(),
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
    _of_case(),
    key("run_id"),  # empty where it was decided when the rule was made
    stamp("at"),
    PrimaryKeyConstraint("bulk_rule_id", "case_id"),
)

RULE_OPINIONS: Final = Table(  # one row per case about which a person said whether the rule was right
    "rule_opinions",
    METADATA,
    key("rule_id"),
    _of_case(),
    text("opinion"),  # right | wrong
    text("by"),
    stamp("at"),
    PrimaryKeyConstraint("rule_id", "case_id"),
)

REPORTS: Final = Table(  # one row per "this customer is wrong" of a colleague
    "reports",
    METADATA,
    _number(),
    _of_case(),
    key("record_id"),
    text("words"),
    text("by"),
    stamp("at"),
)

GOALS: Final = Table(  # one row per goal
    "goals",
    METADATA,
    _number(),
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

SAMPLES: Final = Table(  # one row per drawn sample of pairs
    "samples",
    METADATA,
    _number(),
    _of_run(),
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

USERS: Final = Table(  # one row per person who may sign in
    "users",
    METADATA,
    key("user_name", primary_key=True),
    text("display_name"),
    text("password_hash"),  # empty where the identity provider signs in
    key("issuer"),
    key("subject"),
    text("role"),  # viewer | steward | lead | admin
    text("state"),  # active | closed
    count("daily_cases"),  # 0: what policy says
    count("daily_minutes"),
    stamp("created_at"),
    count("version", 1),
    CheckConstraint("role IN ('viewer','steward','lead','admin')", name="role"),
)
Index("ix_users_issuer_subject", USERS.c.issuer, USERS.c.subject)

USER_DEPARTMENTS: Final = Table(  # one row per department a person may see; `*` is all of them
    "user_departments",
    METADATA,
    _of_user(),
    key("department"),
    PrimaryKeyConstraint("user_name", "department"),
)

SESSIONS: Final = Table(  # one row per signed-in browser; its id is kept hashed
    "sessions",
    METADATA,
    key("session_hash", primary_key=True),
    _of_user(),
    stamp("created_at"),
    stamp("expires_at"),
    stamp("ended_at"),
    Index(None, "user_name"),
)

LOGINS: Final = Table(  # one row per attempt to sign in
    "logins",
    METADATA,
    _number(),
    key("user_name"),  # as typed: need not exist
    key("origin"),  # keyed hash of the address it came from, for throttling
    stamp("at"),
    text("result"),  # in | refused | throttled
    Index(None, "user_name", "at"),
    Index(None, "origin", "at"),
)

TOKENS: Final = Table(  # one row per API token; the token itself is kept hashed
    "tokens",
    METADATA,
    _number(),
    _of_user(),
    text("name"),
    key("token_hash", unique=True),
    text("scopes"),  # parted by blanks: read decide admin
    stamp("created_at"),
    stamp("expires_at"),
    stamp("revoked_at"),
)

ABSENCES: Final = Table(  # one row per time a person is away and who stands in
    "absences",
    METADATA,
    _number(),
    _of_user(),
    day("from_on"),
    day("until_on"),
    _of_user("delegate"),
    text("by"),
    stamp("at"),
)

REASON_VERSIONS: Final = Table(  # one row per version of a reason code that people changed; nothing is overwritten
    "reason_versions",
    METADATA,
    _number(),
    key("code"),
    count("version"),  # 0: as the standards had it when it was first changed
    text("title"),
    text("closes"),  # actions it is offered for, a blank between
    count("is_offered", 1),
    text("by"),
    stamp("at"),
    UniqueConstraint("code", "version", name="uq_reason_versions"),
)

DAYS: Final = Table(  # one row per person and day of work
    "days",
    METADATA,
    _of_user(),
    day("day"),
    document("planned"),  # case_ids that the day began with
    stamp("done_at"),  # when the person said: done for today
    PrimaryKeyConstraint("user_name", "day"),
)

PACKS: Final = Table(  # one row per workbook of cases made for somebody who does not log in
    "packs",
    METADATA,
    _number(),
    _of_user(),
    text("extent"),  # today | all
    _of_run(),
    document("lines"),  # case_id -> version and material of its records when the workbook was made
    document("answers"),  # case_id -> keyed hash of what came back and was saved: bringing it twice changes nothing
    text("by"),
    stamp("at"),
    stamp("returned_at"),  # the last time it came back; empty while it is out
    Index(None, "user_name"),
)

AUDIT: Final = Table(  # one row per action, each chained to the one before
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    stamp("at"),
    text("by"),
    text("action"),
    text("subject_kind"),
    key("subject_id"),
    document("details"),  # ids, codes and counts; never a personal value
    key("previous"),
    key("hash"),
    Index(None, "subject_kind", "subject_id"),
)

AUDIT_HEAD: Final = Table(  # one row: how long the chain is and where it ends
    "audit_head",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    key("hash"),
)
