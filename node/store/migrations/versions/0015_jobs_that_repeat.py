"""Every job is one that the node does again and again, and is called by its key."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop what only jobs done once would need; there are none."""
    with op.batch_alter_table("job") as table:
        for column in ("name", "arguments", "every"):
            table.drop_column(column)
