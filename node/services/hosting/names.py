"""Names of this node and its accounts: did:web from the address, handles under a domain."""

from __future__ import annotations

from urllib.parse import urlsplit

from federation.did.document import web_did
from node.errors import Malformed
from node.settings.declared import Settings
from schemas.errors import IdentifierInvalid
from schemas.identifiers import parse_handle


def node_did(settings: Settings) -> str:
    """did:web of the node's address."""
    return web_did(settings.public_url)


def handle_domain(settings: Settings) -> str:
    """The domain under which handles are given out. `.test` on one machine: `localhost` may not be in a handle."""
    parts = urlsplit(settings.public_url)
    if settings.handle_domain:
        return settings.handle_domain.strip(".")
    return f"node-{parts.port or 80}.test" if parts.hostname == "localhost" else str(parts.hostname)


def node_handle(settings: Settings) -> str:
    """The node's own handle: its domain."""
    return handle_domain(settings)


def handle_for(name: str, settings: Settings) -> str:
    """The handle of an account. Raises Malformed."""
    try:
        return str(parse_handle(f"{name}.{handle_domain(settings)}"))
    except IdentifierInvalid as error:
        raise Malformed(f"{name!r} cannot be part of a handle.", code="InvalidHandle") from error
