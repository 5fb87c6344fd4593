"""The end of an item's use, said in its head: retired with a reason, superseded by another, or back in use."""

from __future__ import annotations

from typing import Any

from federation.codec import decode
from federation.repository import Write
from node.errors import Malformed, NotAllowed, Unknown
from node.services.hosting.repositories import RepositoryHost
from node.services.internal.records import InternalRecords
from node.store.clock import as_text, now
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS, PUBLIC
from node.store.database import Database
from node.store.inside import internal
from node.store.repositories import records


class Ending:
    """Changes the heads of an author's own items."""

    def __init__(self, database: Database, host: RepositoryHost, kept: InternalRecords) -> None:
        self._database = database
        self._host = host
        self._kept = kept

    def retire(self, did: str, uri: str, reason: str, instead: str = "") -> None:
        """Take it out of use; `instead` is the address of what to use. Raises Unknown, NotAllowed, Malformed."""
        if not reason.strip():
            raise Malformed("Say why nobody should use it any more.")
        if instead == uri:
            raise Malformed("It cannot take its own place.")
        retired = {"reason": reason.strip(), "at": as_text(now()), **({"supersededBy": instead} if instead else {})}
        self._change(did, uri, retired)

    def restore(self, did: str, uri: str) -> None:
        """Bring it back into use."""
        self._change(did, uri, None)

    def _change(self, did: str, uri: str, retired: dict[str, Any] | None) -> None:
        with self._database.read() as session:
            item = catalogue.find_item(session, uri, MEMBERS)
            inside = item is not None and item.audience not in PUBLIC
            head = (internal if inside else records).find_record_by_uri(session, uri) if item else None
        if item is None or head is None:
            raise Unknown("There is no such module, task or path on this node.")
        if item.did != did:
            raise NotAllowed("Only its author can do that.")
        value = {key: entry for key, entry in decode(head.block).items() if key != "retired"}
        value |= {"updatedAt": as_text(now())} | ({"retired": retired} if retired else {})
        collection, rkey = uri.split("/")[3:]
        write = Write("update", collection, rkey, value)
        if inside:
            self._kept.write(did, [write])
        else:
            self._host.write(did, [write], validate=True)
