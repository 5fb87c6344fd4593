"""An organisation is who serves the address that its record names: a did:web. Others had been listed."""

from urllib.parse import urlsplit

from alembic import op
from sqlalchemy import text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the others; their records stay in their repositories."""
    connection = op.get_bind()
    for did, url in connection.execute(text("SELECT did, url FROM organisation")).all():
        if did.lower() != _web_did(url).lower():
            connection.execute(text("DELETE FROM organisation WHERE did = :did"), {"did": did})


def _web_did(url: str) -> str:
    try:
        return "did:web:" + urlsplit(url).netloc.replace(":", "%3A")
    except ValueError:  # no address at all
        return ""
