"""An index that lists of cases are counted from."""

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
COLUMNS = [
    "status", "department", "department_r", "kind", "rule_id", "severity", "source", "source_r", "pool", "assignee",
    "due_on",
]  # fmt: skip


def upgrade() -> None:
    op.create_index("ix_cases_counted", "cases", COLUMNS, unique=False)


def downgrade() -> None:
    op.drop_index("ix_cases_counted", table_name="cases")
