"""Feeds of tools' releases, and the releases seen there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _TEXT, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "tool_feed",
        *_texts("url", "vendor", "product", "named_by"),
        *_numbers("added_at", "checked_at", "next_check"),
        *_texts("etag", "modified"),
        *_numbers("failures"),
        *_texts("error"),
        sa.PrimaryKeyConstraint("url"),
    )
    op.create_table(
        "tool_release",
        *_texts("feed", "version", "title", "href"),
        *_numbers("published_at", "seen_at"),
        sa.PrimaryKeyConstraint("feed", "version"),
    )
