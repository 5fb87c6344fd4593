"""The audit log is not emptied, and nothing is put over an entry: neither is an update or a deletion of a row."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the trigger: SQLite replaces rows, and PostgreSQL truncates tables, without a word to those there are."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        )
        return
    op.execute(
        "CREATE TRIGGER audit_no_insert_over BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq OR rowid = NEW.rowid) "
        "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
    )
