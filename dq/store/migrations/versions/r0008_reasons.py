"""Reason codes that leads add, call otherwise or no longer offer, version by version."""

import sqlalchemy as sa
from alembic import op

from dq.store.columns import KEY

revision: str = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    op.create_table(
        "reason_versions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", KEY, server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("closes", sa.Text(), server_default="", nullable=False),
        sa.Column("is_offered", sa.Integer(), server_default="1", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_versions")),
        sa.UniqueConstraint("code", "version", name="uq_reason_versions"),
    )


def downgrade() -> None:
    op.drop_table("reason_versions")
