"""When somebody signed out everywhere: what the protocol's own clients hold of before ends then."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("signed_out_at", sa.BigInteger(), nullable=False, server_default="0"))
