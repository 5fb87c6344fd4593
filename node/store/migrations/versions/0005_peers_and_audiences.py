"""What kind of host a peer is and how far its backfill came; whom statements about people are for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns; what is here is public."""
    with op.batch_alter_table("peer") as table:
        table.add_column(sa.Column("kind", _TEXT, nullable=False, server_default=""))
        for name in ("expected", "fetched", "strikes"):
            table.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    for name in ("vouch", "credential", "profile", "organisation"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("audience", _TEXT, nullable=False, server_default="public"))
