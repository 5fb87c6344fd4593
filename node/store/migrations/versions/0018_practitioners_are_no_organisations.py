"""An organisation is who serves the address that its record names: a did:web. Others had been listed."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the others; their records stay in their repositories."""
    op.execute("DELETE FROM organisation WHERE did NOT LIKE 'did:web:%'")
