"""What versions hold that a reader does not see: kinds of hidden text, found when they come in."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what is stored already is looked at when it is shown."""
    op.add_column("version", sa.Column("hidden", sa.JSON(none_as_null=True), nullable=True))
