"""The storage of files, where it is a bucket: it takes, gives and lets go, and keeps nothing that was deleted."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from node.errors import NodeError
from node.services.examining.finding import Finding, judged
from node.services.hosting.blobs.in_bucket import BlobBucket
from node.services.hosting.blobs.places import PUBLIC, open_blobs
from node.settings.declared import Settings


def examine_storage(settings: Settings) -> Iterator[Finding]:
    """A few bytes are put there, read and removed."""
    try:
        store = open_blobs(settings)[PUBLIC]
        if not isinstance(store, BlobBucket):
            return
        body = secrets.token_bytes(16)
        cid = store.put(body).cid
        well = store.find(cid) == body
        store.remove([cid])
        well = well and store.find(cid) is None
        seen = f"{settings.blobs_endpoint} takes, gives and lets go" if well else "what was put there is not what is"
        yield judged("storage of files", well, seen, "Is it the right bucket, and nobody else's?")
        keeps = store.bucket.keeps_versions()
        seen = "what is deleted stays as an old version" if keeps else "what is deleted is gone"
        mend = "Suspend versioning of the bucket, or let old versions expire after a day: an erasure must be one."
        yield judged("old versions in the storage", not keeps, seen, mend)
    except NodeError as error:
        yield Finding("storage of files", ok=False, detail=error.message, mend=error.hint)
