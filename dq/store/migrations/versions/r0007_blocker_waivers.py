"""What keeps customers out of a target and is let be until a day."""

import sqlalchemy as sa
from alembic import op

from dq.store.columns import KEY

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.create_table(
        "blocker_waivers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("target", KEY, server_default="", nullable=False),
        sa.Column("rule_id", KEY, server_default="", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("department", KEY, server_default="", nullable=False),
        sa.Column("until", KEY, server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("at", KEY, server_default="", nullable=False),
        sa.Column("ended_at", KEY, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker_waivers")),
    )
    op.create_index(op.f("ix_blocker_waivers_target_ended_at"), "blocker_waivers", ["target", "ended_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_blocker_waivers_target_ended_at"), table_name="blocker_waivers")
    op.drop_table("blocker_waivers")
