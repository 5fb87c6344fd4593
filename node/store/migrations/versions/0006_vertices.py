"""Vertices of large repositories' trees are stored, so that a proof reads only its path."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table; a repository's vertices come with its next commit."""
    op.create_table(
        "vertex",
        sa.Column("did", _TEXT, primary_key=True, nullable=False),
        sa.Column("cid", sa.LargeBinary(), primary_key=True, nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
