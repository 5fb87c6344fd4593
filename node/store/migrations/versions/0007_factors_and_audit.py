"""Second factors, passkeys and outside identities; scopes of keys; mail addresses; the audit log, which only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_REFUSE = "the audit log only grows"


def upgrade() -> None:
    """Add the tables and columns, and the triggers that refuse to change or delete an entry."""
    for table_name, column in (("token", "scope"), ("person", "email")):
        with op.batch_alter_table(table_name) as table:
            table.add_column(sa.Column(column, _TEXT, nullable=False, server_default=""))
    op.create_table(
        "factor",
        sa.Column("id", _TEXT, primary_key=True, nullable=False),
        sa.Column("person", _TEXT, nullable=False, index=True),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("label", _TEXT, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), primary_key=True, nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, _TEXT, nullable=False) for name in ("actor", "action", "subject", "detail", "hash")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        )
