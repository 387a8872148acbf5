"""Workbooks of cases for people who do not log in."""

import sqlalchemy as sa
from alembic import op

from dq.store.columns import KEY

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.create_table(
        "packs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_name", KEY, server_default="", nullable=False),
        sa.Column("extent", sa.Text(), server_default="", nullable=False),
        sa.Column("run_id", KEY, server_default="", nullable=False),
        sa.Column("lines", sa.Text(), server_default="{}", nullable=False),
        sa.Column("answers", sa.Text(), server_default="{}", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("returned_at", KEY, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_packs_run_id_runs"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_name"], ["users.user_name"], name=op.f("fk_packs_user_name_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packs")),
    )
    op.create_index(op.f("ix_packs_user_name"), "packs", ["user_name"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_packs_user_name"), table_name="packs")
    op.drop_table("packs")
