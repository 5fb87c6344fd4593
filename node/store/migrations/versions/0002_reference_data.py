"""Reference data: releases, occupations, tasks, skills, their links, crosswalks, studies of exposure."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _TEXT, nullable=False) for name in names]


def _generation() -> sa.Column[int]:
    return sa.Column("generation", sa.BigInteger(), autoincrement=False, nullable=False)


def _lists(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "reference_release",
        _generation(),
        *_texts("scheme", "version", "state", "digest", "title", "attribution", "licence", "date"),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        *_lists("facts"),
        sa.PrimaryKeyConstraint("generation"),
    )
    op.create_index("ix_reference_release_scheme", "reference_release", ["scheme"])
    op.create_table(
        "reference_occupation",
        _generation(),
        *_texts("id", "title", "description", "parent", "gone"),
        sa.Column("zone", sa.BigInteger(), nullable=False),
        *_lists("aliases", "tools", "related"),
        sa.PrimaryKeyConstraint("generation", "id"),
    )
    op.create_table(
        "reference_task",
        _generation(),
        *_texts("id", "occupation", "statement", "published", "kind", "date", "source", "earlier", "gone"),
        sa.PrimaryKeyConstraint("generation", "id"),
    )
    op.create_index("reference_task_by_occupation", "reference_task", ["generation", "occupation"])
    op.create_table(
        "reference_skill",
        _generation(),
        *_texts("id", "title", "kind", "parent"),
        *_lists("aliases"),
        sa.PrimaryKeyConstraint("generation", "id"),
    )
    op.create_table(
        "reference_link",
        _generation(),
        *_texts("task", "skill"),
        sa.PrimaryKeyConstraint("generation", "task", "skill"),
    )
    op.create_index("reference_link_by_skill", "reference_link", ["generation", "skill"])
    op.create_table(
        "reference_crosswalk",
        _generation(),
        *_texts("source", "target", "match"),
        sa.PrimaryKeyConstraint("generation", "source", "target"),
    )
    op.create_index("reference_crosswalk_by_target", "reference_crosswalk", ["generation", "target"])
    op.create_table(
        "reference_exposure",
        _generation(),
        *_texts("task", "finding", "words"),
        *_lists("shares"),
        sa.PrimaryKeyConstraint("generation", "task"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("exposure", "crosswalk", "link", "skill", "task", "occupation", "release"):
        op.drop_table(f"reference_{name}")
