"""An invitation knows the mail address that it went to."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("token") as table:
        table.add_column(sa.Column("email", _TEXT, nullable=False, server_default=""))
