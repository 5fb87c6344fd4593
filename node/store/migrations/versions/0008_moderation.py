"""Moderation: rules with reason and expiry, reports, labels, labelers, the public log."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _TEXT, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, _TEXT, primary_key=True, nullable=False)


def _number_key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), primary_key=True, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Add the tables."""
    op.create_table("rule", _key("subject"), *_texts("effect", "reason"), *_numbers("made_at", "expires_at"))
    op.create_table(
        "report",
        _number_key("id"),
        *_texts("subject", "cid", "kind", "reason", "by", "answer"),
        *_numbers("at", "closed_at"),
    )
    op.create_index("ix_report_subject", "report", ["subject"])
    op.create_table(
        "label",
        *map(_key, ("src", "uri", "val")),
        *_texts("cid", "cts", "exp"),
        sa.Column("neg", sa.Boolean(), nullable=False),
        *_numbers("expires_at", "seq"),
    )
    op.create_index("label_by_uri", "label", ["uri"])
    op.create_index("label_by_seq", "label", ["src", "seq"])
    op.create_table(
        "labeler",
        _key("did"),
        *_texts("url", "effect", "error"),
        *_numbers("cursor", "labels", "added_at", "read_at"),
    )
    op.create_table(
        "moderation", _number_key("id"), *_texts("action", "subject", "reason"), *_numbers("at", "expires_at")
    )
