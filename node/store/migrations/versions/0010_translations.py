"""Which items translate another is asked with every page of a module: an index of those few that do."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    translates = sa.text("translation_of <> \x27\x27")
    op.create_index(
        "item_by_original", "item", ["translation_of"], sqlite_where=translates, postgresql_where=translates
    )
