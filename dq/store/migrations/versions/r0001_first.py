"""The first schema."""

import sqlalchemy as sa
from alembic import op

from dq.store.columns import KEY

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("subject_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("subject_id", KEY, server_default="", nullable=False),
        sa.Column("details", sa.Text(), server_default="{}", nullable=False),
        sa.Column("previous", KEY, server_default="", nullable=False),
        sa.Column("hash", KEY, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject_kind_subject_id"), "audit", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", KEY, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "bulk_rules",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", KEY, server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("matches", sa.Text(), server_default="{}", nullable=False),
        sa.Column("decision", sa.Text(), server_default="{}", nullable=False),
        sa.Column("exclusions", sa.Text(), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_rules")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_bulk_rules_name_version")),
    )
    op.create_table(
        "business_numbers",
        sa.Column("name", KEY, server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.Column("day", KEY, server_default="", nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", "department", "day", name=op.f("pk_business_numbers")),
    )
    op.create_table(
        "cases",
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("record_id", KEY, server_default="", nullable=False),
        sa.Column("record_id_r", KEY, server_default="", nullable=False),
        sa.Column("golden_id", KEY, server_default="", nullable=False),
        sa.Column("golden_id_r", KEY, server_default="", nullable=False),
        sa.Column("contact_point_id", KEY, server_default="", nullable=False),
        sa.Column("rule_id", KEY, server_default="", nullable=False),
        sa.Column("column_name", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("pattern", sa.Text(), server_default="", nullable=False),
        sa.Column("source", KEY, server_default="", nullable=False),
        sa.Column("source_r", KEY, server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.Column("department_r", KEY, server_default="", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("severity", sa.Text(), server_default="", nullable=False),
        sa.Column("value_at_stake", sa.Float(), nullable=True),
        sa.Column("uncertainty", sa.Float(), server_default="1", nullable=False),
        sa.Column("unblocks", sa.Integer(), server_default="1", nullable=False),
        sa.Column("priority", sa.Float(), server_default="0", nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("card_id", KEY, server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("assignee", sa.Text(), server_default="", nullable=False),
        sa.Column("pool", sa.Text(), server_default="", nullable=False),
        sa.Column("due_on", KEY, server_default="", nullable=False),
        sa.Column("waived_until", KEY, server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", KEY, server_default="", nullable=False),
        sa.Column("decided_on", sa.Text(), server_default="{}", nullable=False),
        sa.Column("returned_because", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", KEY, server_default="", nullable=False),
        sa.Column("closed_at", KEY, server_default="", nullable=False),
        sa.Column("first_run_id", KEY, server_default="", nullable=False),
        sa.Column("last_run_id", KEY, server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "status IN ('open','waiting','disputed','waived','resolved','gone')", name=op.f("ck_cases_status")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_assignee_status"), "cases", ["assignee", "status"], unique=False)
    op.create_index(op.f("ix_cases_card_id"), "cases", ["card_id"], unique=False)
    op.create_index(op.f("ix_cases_decided_by_decided_at"), "cases", ["decided_by", "decided_at"], unique=False)
    op.create_index(op.f("ix_cases_golden_id"), "cases", ["golden_id"], unique=False)
    op.create_index(op.f("ix_cases_record_id"), "cases", ["record_id"], unique=False)
    op.create_index(op.f("ix_cases_record_id_r"), "cases", ["record_id_r"], unique=False)
    op.create_index(op.f("ix_cases_rule_id_pattern"), "cases", ["rule_id", "pattern"], unique=False)
    op.create_index(op.f("ix_cases_rule_id_status"), "cases", ["rule_id", "status"], unique=False)
    op.create_index(
        op.f("ix_cases_status_department_priority"), "cases", ["status", "department", "priority"], unique=False
    )
    op.create_index(op.f("ix_cases_status_priority"), "cases", ["status", "priority"], unique=False)
    op.create_table(
        "goals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("view", sa.Text(), server_default="", nullable=False),
        sa.Column("rule_id", KEY, server_default="", nullable=False),
        sa.Column("dimension", sa.Text(), server_default="", nullable=False),
        sa.Column("source", KEY, server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.Column("segment", KEY, server_default="", nullable=False),
        sa.Column("start_value", sa.Float(), nullable=True),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("start_on", KEY, server_default="", nullable=False),
        sa.Column("due_on", KEY, server_default="", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("closed_at", KEY, server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("record_id_l", KEY, server_default="", nullable=False),
        sa.Column("record_id_r", KEY, server_default="", nullable=False),
        sa.Column("judgement", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("judged_at", KEY, server_default="", nullable=False),
        sa.Column("content_l", KEY, server_default="", nullable=False),
        sa.Column("content_r", KEY, server_default="", nullable=False),
        sa.Column("material_l", KEY, server_default="", nullable=False),
        sa.Column("material_r", KEY, server_default="", nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.CheckConstraint("judgement IN ('SAME','DIFFERENT','UNSURE')", name=op.f("ck_judgements_judgement")),
        sa.CheckConstraint("record_id_l < record_id_r", name=op.f("ck_judgements_ordered")),
        sa.ForeignKeyConstraint(["supersedes"], ["judgements.id"], name=op.f("fk_judgements_supersedes_judgements")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    op.create_index(op.f("ix_judgements_by_judged_at"), "judgements", ["by", "judged_at"], unique=False)
    op.create_index(op.f("ix_judgements_case_id"), "judgements", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_judgements_record_id_l_record_id_r"), "judgements", ["record_id_l", "record_id_r"], unique=False
    )
    op.create_table(
        "logins",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_name", KEY, server_default="", nullable=False),
        sa.Column("origin", KEY, server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logins")),
    )
    op.create_index(op.f("ix_logins_origin_at"), "logins", ["origin", "at"], unique=False)
    op.create_index(op.f("ix_logins_user_name_at"), "logins", ["user_name", "at"], unique=False)
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("record_id", KEY, server_default="", nullable=False),
        sa.Column("column_name", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["supersedes"], ["overrides.id"], name=op.f("fk_overrides_supersedes_overrides")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    op.create_index(op.f("ix_overrides_record_id_column_name"), "overrides", ["record_id", "column_name"], unique=False)
    op.create_table(
        "runs",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("run_key", KEY, server_default="", nullable=False),
        sa.Column("folder", sa.Text(), server_default="", nullable=False),
        sa.Column("started_at", KEY, server_default="", nullable=False),
        sa.Column("finished_at", KEY, server_default="", nullable=False),
        sa.Column("as_of", KEY, server_default="", nullable=False),
        sa.Column("standards", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("record_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("customer_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("clean_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("summary", sa.Text(), server_default="{}", nullable=False),
        sa.Column("added_at", KEY, server_default="", nullable=False),
        sa.Column("added_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_finished_at"), "runs", ["finished_at"], unique=False)
    op.create_table(
        "users",
        sa.Column("user_name", KEY, nullable=False),
        sa.Column("display_name", sa.Text(), server_default="", nullable=False),
        sa.Column("password_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("issuer", KEY, server_default="", nullable=False),
        sa.Column("subject", KEY, server_default="", nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("daily_cases", sa.Integer(), server_default="0", nullable=False),
        sa.Column("daily_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", KEY, server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("role IN ('viewer','steward','lead','admin')", name=op.f("ck_users_role")),
        sa.PrimaryKeyConstraint("user_name", name=op.f("pk_users")),
    )
    op.create_index("ix_users_issuer_subject", "users", ["issuer", "subject"], unique=False)
    op.create_table(
        "waivers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("rule_id", KEY, server_default="", nullable=False),
        sa.Column("source", KEY, server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.Column("until", KEY, server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("ended_at", KEY, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
    )
    op.create_index(op.f("ix_waivers_case_id"), "waivers", ["case_id"], unique=False)
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_name", KEY, server_default="", nullable=False),
        sa.Column("from_on", KEY, server_default="", nullable=False),
        sa.Column("until_on", KEY, server_default="", nullable=False),
        sa.Column("delegate", KEY, server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["delegate"], ["users.user_name"], name=op.f("fk_absences_delegate_users")),
        sa.ForeignKeyConstraint(["user_name"], ["users.user_name"], name=op.f("fk_absences_user_name_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_table(
        "bulk_hits",
        sa.Column("bulk_rule_id", sa.Integer(), nullable=False),
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("run_id", KEY, server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["bulk_rule_id"], ["bulk_rules.id"], name=op.f("fk_bulk_hits_bulk_rule_id_bulk_rules")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_bulk_hits_case_id_cases")),
        sa.PrimaryKeyConstraint("bulk_rule_id", "case_id", name=op.f("pk_bulk_hits")),
    )
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("before", sa.Text(), server_default="{}", nullable=False),
        sa.Column("after", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_events_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index(op.f("ix_case_events_by_at"), "case_events", ["by", "at"], unique=False)
    op.create_index(op.f("ix_case_events_case_id_id"), "case_events", ["case_id", "id"], unique=False)
    op.create_table(
        "days",
        sa.Column("user_name", KEY, server_default="", nullable=False),
        sa.Column("day", KEY, server_default="", nullable=False),
        sa.Column("planned", sa.Text(), server_default="{}", nullable=False),
        sa.Column("done_at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["user_name"], ["users.user_name"], name=op.f("fk_days_user_name_users")),
        sa.PrimaryKeyConstraint("user_name", "day", name=op.f("pk_days")),
    )
    op.create_table(
        "metrics",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", KEY, server_default="", nullable=False),
        sa.Column("view", sa.Text(), server_default="", nullable=False),
        sa.Column("rule_id", KEY, server_default="", nullable=False),
        sa.Column("dimension", sa.Text(), server_default="", nullable=False),
        sa.Column("source", KEY, server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.Column("segment", KEY, server_default="", nullable=False),
        sa.Column("tested_count", sa.BigInteger(), nullable=False),
        sa.Column("failed_count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_metrics_run_id_runs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metrics")),
        sa.UniqueConstraint(
            "run_id", "view", "rule_id", "dimension", "source", "department", "segment", name="uq_metrics"
        ),
    )
    op.create_index(op.f("ix_metrics_rule_id_run_id"), "metrics", ["rule_id", "run_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("proposal", sa.Text(), server_default="{}", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_proposals_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_answer"), "proposals", ["answer"], unique=False)
    op.create_index(op.f("ix_proposals_case_id"), "proposals", ["case_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("record_id", KEY, server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_reports_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_table(
        "rule_opinions",
        sa.Column("rule_id", KEY, server_default="", nullable=False),
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("opinion", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_rule_opinions_case_id_cases")),
        sa.PrimaryKeyConstraint("rule_id", "case_id", name=op.f("pk_rule_opinions")),
    )
    op.create_table(
        "samples",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", KEY, server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("seed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("strata", sa.Text(), server_default="{}", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("closed_at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_samples_run_id_runs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
    )
    op.create_table(
        "sessions",
        sa.Column("session_hash", KEY, nullable=False),
        sa.Column("user_name", KEY, server_default="", nullable=False),
        sa.Column("created_at", KEY, server_default="", nullable=False),
        sa.Column("expires_at", KEY, server_default="", nullable=False),
        sa.Column("ended_at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["user_name"], ["users.user_name"], name=op.f("fk_sessions_user_name_users")),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_name"), "sessions", ["user_name"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_name", KEY, server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("token_hash", KEY, server_default="", nullable=False),
        sa.Column("scopes", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", KEY, server_default="", nullable=False),
        sa.Column("expires_at", KEY, server_default="", nullable=False),
        sa.Column("revoked_at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["user_name"], ["users.user_name"], name=op.f("fk_tokens_user_name_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    op.create_table(
        "user_departments",
        sa.Column("user_name", KEY, server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["user_name"], ["users.user_name"], name=op.f("fk_user_departments_user_name_users")),
        sa.PrimaryKeyConstraint("user_name", "department", name=op.f("pk_user_departments")),
    )
    op.create_table(
        "sample_answers",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["samples.id"], name=op.f("fk_sample_answers_sample_id_samples"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sample_id", "number", "by", name=op.f("pk_sample_answers")),
    )
    op.create_table(
        "sample_pairs",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record_id_l", KEY, server_default="", nullable=False),
        sa.Column("record_id_r", KEY, server_default="", nullable=False),
        sa.Column("band", sa.Text(), server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.Column("department_r", KEY, server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("opinions", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["samples.id"], name=op.f("fk_sample_pairs_sample_id_samples"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sample_id", "number", name=op.f("pk_sample_pairs")),
        sa.UniqueConstraint("sample_id", "record_id_l", "record_id_r", name="uq_sample_pairs"),
    )
    # The chain of the audit begins before its first row.
    op.execute("INSERT INTO audit_head (one, number, hash) VALUES (1, 0, '%s')" % ("0" * 64))  # noqa: S608


def downgrade() -> None:
    op.drop_table("sample_pairs")
    op.drop_table("sample_answers")
    op.drop_table("user_departments")
    op.drop_table("tokens")
    op.drop_index(op.f("ix_sessions_user_name"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("samples")
    op.drop_table("rule_opinions")
    op.drop_table("reports")
    op.drop_index(op.f("ix_proposals_case_id"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_answer"), table_name="proposals")
    op.drop_table("proposals")
    op.drop_index(op.f("ix_metrics_rule_id_run_id"), table_name="metrics")
    op.drop_table("metrics")
    op.drop_table("days")
    op.drop_index(op.f("ix_case_events_case_id_id"), table_name="case_events")
    op.drop_index(op.f("ix_case_events_by_at"), table_name="case_events")
    op.drop_table("case_events")
    op.drop_table("bulk_hits")
    op.drop_table("absences")
    op.drop_index(op.f("ix_waivers_case_id"), table_name="waivers")
    op.drop_table("waivers")
    op.drop_index("ix_users_issuer_subject", table_name="users")
    op.drop_table("users")
    op.drop_index(op.f("ix_runs_finished_at"), table_name="runs")
    op.drop_table("runs")
    op.drop_index(op.f("ix_overrides_record_id_column_name"), table_name="overrides")
    op.drop_table("overrides")
    op.drop_index(op.f("ix_logins_user_name_at"), table_name="logins")
    op.drop_index(op.f("ix_logins_origin_at"), table_name="logins")
    op.drop_table("logins")
    op.drop_index(op.f("ix_judgements_record_id_l_record_id_r"), table_name="judgements")
    op.drop_index(op.f("ix_judgements_case_id"), table_name="judgements")
    op.drop_index(op.f("ix_judgements_by_judged_at"), table_name="judgements")
    op.drop_table("judgements")
    op.drop_table("goals")
    op.drop_index(op.f("ix_cases_status_priority"), table_name="cases")
    op.drop_index(op.f("ix_cases_status_department_priority"), table_name="cases")
    op.drop_index(op.f("ix_cases_rule_id_pattern"), table_name="cases")
    op.drop_index(op.f("ix_cases_rule_id_status"), table_name="cases")
    op.drop_index(op.f("ix_cases_record_id_r"), table_name="cases")
    op.drop_index(op.f("ix_cases_record_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_golden_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_decided_by_decided_at"), table_name="cases")
    op.drop_index(op.f("ix_cases_card_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_assignee_status"), table_name="cases")
    op.drop_table("cases")
    op.drop_table("business_numbers")
    op.drop_table("bulk_rules")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_subject_kind_subject_id"), table_name="audit")
    op.drop_table("audit")
