"""Lines of the moderation log about what is kept inside are for members alone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("moderation") as table:
        table.add_column(sa.Column("audience", _TEXT, nullable=False, server_default="public"))
    op.execute(
        "UPDATE moderation SET audience = 'organisation' WHERE subject IN "
        "(SELECT 'at://' || did || '/' || collection || '/' || rkey FROM internal_record)"
    )
