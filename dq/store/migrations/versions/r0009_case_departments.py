"""Departments of a case beyond the two it names: a customer of three is work of all three."""

import sqlalchemy as sa
from alembic import op

from dq.store.columns import KEY

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    op.create_table(
        "case_departments",
        sa.Column("case_id", KEY, server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.case_id"], name=op.f("fk_case_departments_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "department", name=op.f("pk_case_departments")),
    )
    op.create_index(op.f("ix_case_departments_department"), "case_departments", ["department"])


def downgrade() -> None:
    op.drop_index(op.f("ix_case_departments_department"), table_name="case_departments")
    op.drop_table("case_departments")
