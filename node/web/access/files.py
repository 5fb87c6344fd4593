"""Which files of records somebody may have."""

from __future__ import annotations

from node.services.policy import Action, Viewer, audiences_of, may
from node.store.inside import internal
from node.store.repositories import accounts, blobs
from node.store.sessions import Session
from node.store.tables.hosting import BlobRow
from node.store.tables.internal import InternalBlobRow


def find_file(session: Session, viewer: Viewer, did: str, cid: str) -> BlobRow | InternalBlobRow | None:
    """A file of a record that is shown to this reader.

    What no published record names is a draft of its owner and nobody else's business, and so is all of an account
    that is served no longer. A key for something else than writing does not open the owner's drafts either.
    """
    own = viewer.did == did and may(viewer, Action.PUBLISH, owner=did)
    account = accounts.find_account(session, did)
    if account is not None and account.status != "active" and not own:
        return None
    public = blobs.find_blob(session, did, cid)
    if public is not None and (public.used or own):
        return public
    kept = internal.find_blob(session, did, cid) if "organisation" in audiences_of(viewer) else None
    return kept if kept is not None and (kept.used or own) else None
