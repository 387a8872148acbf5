"""An index that leaves out the rows of segments, which are most since units are counted by segment, too."""

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.create_index("ix_metrics_run_id_view_segment", "metrics", ["run_id", "view", "segment"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_metrics_run_id_view_segment", table_name="metrics")
