"""The tables of the house, each with its grain. Changing one needs a migration in `migrations/versions`."""

from dq.store.schema.audit import AUDIT, AUDIT_HEAD
from dq.store.schema.cases import CASE_DEPARTMENTS, CASE_EVENTS, CASES, REPORTS
from dq.store.schema.decisions import (
    BLOCKER_WAIVERS,
    BULK_HITS,
    BULK_RULES,
    JUDGEMENTS,
    OVERRIDES,
    PROPOSALS,
    REASON_VERSIONS,
    RULE_OPINIONS,
    WAIVERS,
)
from dq.store.schema.metadata import METADATA
from dq.store.schema.people import ABSENCES, DAYS, LOGINS, PACKS, SESSIONS, TOKENS, USER_DEPARTMENTS, USERS
from dq.store.schema.runs import BUSINESS_NUMBERS, GOALS, METRICS, MOVEMENTS, RUN_WEIGHTS, RUNS
from dq.store.schema.samples import SAMPLE_ANSWERS, SAMPLE_PAIRS, SAMPLES

__all__ = [
    "ABSENCES",
    "AUDIT",
    "AUDIT_HEAD",
    "BLOCKER_WAIVERS",
    "BULK_HITS",
    "BULK_RULES",
    "BUSINESS_NUMBERS",
    "CASES",
    "CASE_DEPARTMENTS",
    "CASE_EVENTS",
    "DAYS",
    "GOALS",
    "JUDGEMENTS",
    "LOGINS",
    "METADATA",
    "METRICS",
    "MOVEMENTS",
    "OVERRIDES",
    "PACKS",
    "PROPOSALS",
    "REASON_VERSIONS",
    "REPORTS",
    "RULE_OPINIONS",
    "RUNS",
    "RUN_WEIGHTS",
    "SAMPLES",
    "SAMPLE_ANSWERS",
    "SAMPLE_PAIRS",
    "SESSIONS",
    "TOKENS",
    "USERS",
    "USER_DEPARTMENTS",
    "WAIVERS",
]
