"""People, how they sign in, and their days of work."""

from typing import Final

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, Table

from dq.store.columns import count, day, document, key, stamp, text
from dq.store.schema.metadata import METADATA, of_run, of_user, own_number

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
    of_user(),
    key("department"),
    PrimaryKeyConstraint("user_name", "department"),
)

SESSIONS: Final = Table(  # one row per signed-in browser; its id is kept hashed
    "sessions",
    METADATA,
    key("session_hash", primary_key=True),
    of_user(),
    stamp("created_at"),
    stamp("expires_at"),
    stamp("ended_at"),
    Index(None, "user_name"),
)

LOGINS: Final = Table(  # one row per attempt to sign in
    "logins",
    METADATA,
    own_number(),
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
    own_number(),
    of_user(),
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
    own_number(),
    of_user(),
    day("from_on"),
    day("until_on"),
    of_user("delegate"),
    text("by"),
    stamp("at"),
)

DAYS: Final = Table(  # one row per person and day of work
    "days",
    METADATA,
    of_user(),
    day("day"),
    document("planned"),  # case_ids that the day began with
    stamp("done_at"),  # when the person said: done for today
    PrimaryKeyConstraint("user_name", "day"),
)

PACKS: Final = Table(  # one row per workbook of cases made for somebody who does not log in
    "packs",
    METADATA,
    own_number(),
    of_user(),
    text("extent"),  # today | all
    of_run(),
    document("lines"),  # case_id -> version and material of its records when the workbook was made
    document("answers"),  # case_id -> keyed hash of what came back and was saved: bringing it twice changes nothing
    text("by"),
    stamp("at"),
    stamp("returned_at"),  # the last time it came back; empty while it is out
    Index(None, "user_name"),
)
