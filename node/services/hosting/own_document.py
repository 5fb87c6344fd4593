"""What the node's own DID document says: it hosts repositories and gives labels, with one key for both."""

from __future__ import annotations

from typing import Any

from federation.did.document import make_document


def own_document(did: str, handle: str, key: str, url: str) -> dict[str, Any]:
    """`key` is a did:key, `url` the node's public address."""
    services = {"atproto_pds": ("AtprotoPersonalDataServer", url), "atproto_labeler": ("AtprotoLabeler", url)}
    return make_document(did, [f"at://{handle}"], {"atproto": key, "atproto_label": key}, services)
