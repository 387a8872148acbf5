"""An index that finds the pairs of a pool, second opinions among them, without reading every decided case."""

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_index("ix_cases_pool_status", "cases", ["pool", "status"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_cases_pool_status", table_name="cases")
