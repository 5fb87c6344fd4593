"""Making public what was kept inside: first shown exactly, then published as shown, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.cids import cid_for
from federation.codec import encode
from node.errors import Conflict, Malformed, NotAllowed, Unknown
from node.services.hosting.blobs.files import keep_file
from node.services.hosting.blobs.store import BlobStore
from node.services.hosting.kept_inside import internal_addresses
from node.services.hosting.repositories import RepositoryHost
from node.services.internal.records import InternalRecords
from node.services.writing.publishing import Published, publish
from node.store.content import catalogue, contributions, suggestions
from node.store.content.catalogue import MEMBERS
from node.store.database import Database
from node.store.inside import internal
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow
from schemas.datamodel import from_json

INSIDE = frozenset({"organisation"})
# Steps of the work inside; what becomes public begins anew.
_LEFT = frozenset({"visibility", "previous", "changeNote", "createdAt", "accepts", "major"})


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that becomes public with the record. `size` in bytes."""

    path: str
    cid: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Promotion:
    """What becomes public, whole: the record's `value`, its files. `digest` names exactly this."""

    uri: str
    kind: str
    title: str
    value: Mapping[str, Any]
    files: tuple[PublicFile, ...]
    digest: str
    obstacles: tuple[str, ...]  # addresses of other internal records that it names
    stays: Mapping[str, int]  # versions, verdicts, suggestions that stay inside


@dataclass(frozen=True, slots=True)
class Promoting:
    """Shows and carries out promotions of an author's own internal items."""

    database: Database
    host: RepositoryHost
    kept: InternalRecords
    blobs: BlobStore

    def show(self, did: str, uri: str) -> Promotion:
        """What would become public. Raises Unknown, NotAllowed."""
        with self.database.read() as session:
            return _planned(session, did, uri)

    def carry_out(self, did: str, uri: str, digest: str) -> Published:
        """Publish exactly what was shown under `digest`. Raises Conflict when it is another text by now."""
        with self.database.read() as session:
            planned = _planned(session, did, uri)
        if planned.digest != digest:
            raise Conflict("The text has changed since it was shown.", hint="Look at what becomes public once more.")
        if planned.obstacles:
            raise Malformed(
                f"It names what is kept inside: {', '.join(planned.obstacles)}.",
                hint="Make that public first, or take the address out.",
            )
        value: dict[str, Any] = from_json(dict(planned.value))
        self._publish_files(did, planned)
        published = publish(self.database, self.host, did, value)
        self.database.writer.write(lambda session: self._let_go(session, did, planned))
        return published

    def _publish_files(self, did: str, planned: Promotion) -> None:
        for file in planned.files:
            body = self.kept.find_blob(file.cid)
            if body is not None:
                keep_file(self.database, self.blobs, did, body, file.mime)

    def _let_go(self, session: Session, did: str, planned: Promotion) -> None:
        """The public head stands in the internal one's place already; what led up to it stays inside."""
        collection, rkey = planned.uri.split("/")[3:]
        internal.delete_record(session, did, collection, rkey)


def _planned(session: Session, did: str, uri: str) -> Promotion:
    item = catalogue.find_item(session, uri, MEMBERS)
    if item is None:
        raise Unknown("There is nothing at that address.")
    if item.did != did:
        raise NotAllowed("Only its author can make it public.")
    version = catalogue.find_version(session, item.version_uri, INSIDE)
    if item.audience != "organisation" or version is None:
        raise Conflict("It is public already.")
    stated: dict[str, Any] = version.value
    value = {key: entry for key, entry in stated.items() if key not in _LEFT}
    block = encode(from_json(dict(value)))
    return Promotion(
        uri=uri,
        kind=item.kind,
        title=item.title,
        value=value,
        files=_files(value),
        digest=cid_for(block),
        obstacles=tuple(internal_addresses(session, value, besides=uri)),
        stays=_stays(session, item),
    )


def _files(value: Mapping[str, Any]) -> tuple[PublicFile, ...]:
    entries = [*(value.get("pictures") or ()), *(value.get("attachments") or ())]
    named = [(str(entry["path"]), entry["blob"]) for entry in entries]
    if value.get("bodyBlob"):
        named.append(("the text", value["bodyBlob"]))
    return tuple(PublicFile(path, str(blob["ref"]["$link"]), blob["mimeType"], blob["size"]) for path, blob in named)


def _stays(session: Session, item: ItemRow) -> dict[str, int]:
    return {
        "versions": len(catalogue.list_versions(session, item.uri, INSIDE)),
        "verdicts": len(contributions.list_endorsements(session, INSIDE, item_uri=item.uri)),
        "suggestions": len(suggestions.list_suggestions(session, INSIDE, item_uri=item.uri)),
    }
