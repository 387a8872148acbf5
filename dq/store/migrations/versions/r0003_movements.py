"""What a run changed since the one before, counted once when it is taken in, and how it weighed its rules."""

import sqlalchemy as sa
from alembic import op

from dq.store.columns import KEY

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_table(
        "run_weights",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("weights", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.run_id"], name=op.f("fk_run_weights_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_weights")),
    )
    op.create_table(
        "movements",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("before_run_id", KEY, server_default="", nullable=False),
        sa.Column("changes", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_movements_run_id_runs"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_movements")),
    )


def downgrade() -> None:
    op.drop_table("movements")
    op.drop_table("run_weights")
