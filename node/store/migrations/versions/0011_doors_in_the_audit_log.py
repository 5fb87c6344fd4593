"""Who got into a worker's account is read from the audit log; the table that repeated it held nothing."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the table."""
    op.drop_table("worker_access")
