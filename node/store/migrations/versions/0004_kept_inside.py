"""What an organisation keeps to itself, drafts, suggestions by item."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from federation.codec import decode

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SUGGESTION = "org.skillnet.suggestion"


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _TEXT, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    """Create them; suggestions that are here already are listed."""
    op.create_table(
        "internal_record",
        *_texts("did", "collection", "rkey", "cid"),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        *_numbers("first_seen"),
        sa.PrimaryKeyConstraint("did", "collection", "rkey"),
    )
    op.create_table(
        "internal_blob",
        *_texts("did", "cid", "mime"),
        *_numbers("size", "used", "stored_at"),
        sa.PrimaryKeyConstraint("did", "cid"),
    )
    op.create_table(
        "draft",
        *_texts("id", "person", "purpose", "kind", "about", "answers", "body", "note", "audience"),
        sa.Column("files", sa.JSON(), nullable=False),
        *_numbers("updated_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_draft_person", "draft", ["person"])
    suggestion = op.create_table(
        "suggestion",
        *_texts("uri", "cid", "did", "audience", "item_uri", "author", "version_uri", "note"),
        *_numbers("first_seen"),
        sa.PrimaryKeyConstraint("uri"),
    )
    for column in ("did", "item_uri", "author"):
        op.create_index(f"ix_suggestion_{column}", "suggestion", [column])
    rows = list(map(_row, _known(op.get_bind())))
    if rows:
        op.bulk_insert(suggestion, rows)


def _known(connection: sa.Connection) -> list[sa.Row[Any]]:
    query = sa.text("SELECT did, rkey, cid, block, first_seen FROM record WHERE collection = :collection")
    return list(connection.execute(query, {"collection": _SUGGESTION}))


def _row(record: sa.Row[Any]) -> dict[str, object]:
    value = decode(bytes(record.block))
    return {
        "uri": f"at://{record.did}/{_SUGGESTION}/{record.rkey}", "cid": record.cid, "did": record.did,
        "audience": "public", "item_uri": value["module"],
        "author": value["module"].removeprefix("at://").partition("/")[0],
        "version_uri": value["subject"]["uri"], "note": value["note"], "first_seen": record.first_seen,
    }  # fmt: skip
