"""A session knows when its person last showed who they are, and by which single sign-on it began.

Sessions from before showed it long ago: what matters most is asked for again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("token") as table:
        table.add_column(sa.Column("proven_at", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("sign_on", _TEXT, nullable=False, server_default=""))
