"""Changes that people propose to others' modules, tasks and paths: made, taken up with credit, or declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from federation.codec import decode
from federation.repository import Write
from node.errors import Malformed, NotAllowed, Unknown
from node.services.hosting.blobs.files import blob_json, keep_file
from node.services.hosting.blobs.store import BlobStore
from node.services.hosting.repositories import RepositoryHost
from node.services.internal.records import InternalRecords
from node.store.clock import as_text, now
from node.store.content import catalogue, suggestions
from node.store.content.catalogue import PUBLIC, Audiences
from node.store.database import Database
from node.store.inside import internal
from node.store.repositories import records
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, SuggestionRow, VersionRow
from schemas.authority import SUGGESTION
from schemas.datamodel import from_json, to_json
from schemas.identifiers import tid_from_micros

if TYPE_CHECKING:
    from node.authoring.merge.merge import Merged

State = Literal["open", "accepted", "declined"]
INLINE = 65_536  # bytes of a text inside the record, as the lexicon says
LONGEST = 2_000_000
ANSWERS_KEPT = 256  # in a head, as the lexicon says; the oldest give way


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion and what became of it; `reason` is the author's."""

    row: SuggestionRow
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A suggestion brought together with what its item says now."""

    row: SuggestionRow
    item: ItemRow
    merged: Merged


@dataclass(frozen=True, slots=True)
class Suggesting:
    """Suggestions of this node's people, and those that came for their work from anywhere."""

    database: Database
    host: RepositoryHost
    kept: InternalRecords
    blobs: BlobStore

    def suggest(self, did: str, version: VersionRow, text: str, note: str) -> str:
        """Sign the change; about what is kept inside it stays inside too. The record's address. Raises Malformed."""
        if not note.strip():
            raise Malformed("Say what should change, and why.")
        body = text.encode()
        if len(body) > LONGEST:
            raise Malformed("A suggestion has at most 2 MB.")
        value: dict[str, Any] = {
            "$type": SUGGESTION, "subject": {"uri": version.uri, "cid": version.cid}, "module": version.item_uri,
            "note": note.strip(), "createdAt": as_text(now()),
        }  # fmt: skip
        inside = version.audience not in PUBLIC
        if len(body) <= INLINE:
            value["body"] = text
        elif inside:
            value["bodyBlob"] = blob_json(self.kept.put_blob(did, body, "text/markdown"))
        else:
            value["bodyBlob"] = blob_json(keep_file(self.database, self.blobs, did, body, "text/markdown"))
        write = Write("create", SUGGESTION, str(tid_from_micros(now(), 0)), from_json(value))
        self._write(did, write, inside=inside)
        return f"at://{did}/{write.path}"

    def decline(self, did: str, uri: str, reason: str, audiences: Audiences) -> SuggestionRow:
        """Say in the head of one's own item that it was declined. Raises Unknown, NotAllowed."""
        with self.database.read() as session:
            row, item = self._own(session, did, uri, audiences)
            head = decode(_get_head(session, item))
        answers = [one for one in head.get("declines", []) if one["suggestion"]["uri"] != uri]
        answer = {"suggestion": {"uri": row.uri, "cid": row.cid}, **({"reason": reason} if reason else {})}
        head |= {"declines": [*answers, answer][-ANSWERS_KEPT:], "updatedAt": as_text(now())}
        collection, rkey = item.uri.split("/")[3:]
        self._write(did, Write("update", collection, rkey, head), inside=item.audience not in PUBLIC)
        return row

    def withdraw(self, did: str, uri: str) -> None:
        """Take one's own back."""
        if not uri.startswith(f"at://{did}/{SUGGESTION}/"):
            raise NotAllowed("Only who made a suggestion can take it back.")
        rkey = uri.rpartition("/")[2]
        with self.database.read() as session:
            inside = internal.find_record(session, did, SUGGESTION, rkey) is not None
            if not inside and records.find_record(session, did, SUGGESTION, rkey) is None:
                raise Unknown("There is no such suggestion; it may have been taken back already.")
        self._write(did, Write("delete", SUGGESTION, rkey), inside=inside)

    def bring(self, did: str, uri: str, audiences: Audiences) -> Brought:
        """Merge it three ways with what one's own item says by now. Raises Unknown, NotAllowed."""
        from node.authoring.merge.merge import merge
        from node.authoring.merge.stops import merge_paths

        with self.database.read() as session:
            row, item = self._own(session, did, uri, audiences)
            current = catalogue.find_version(session, item.version_uri, audiences)
            base = catalogue.find_version(session, row.version_uri, audiences)
            if current is None or base is None:
                raise Unknown("The version that the suggestion was made for is gone.")
            proposed = self.text_of(session, row)
        merging = merge_paths if item.kind == "path" else merge
        merged = merging(self.source_of(base), self.source_of(current), proposed, ("yours", "suggested"))
        return Brought(row, item, merged)

    def source_of(self, version: VersionRow) -> str:
        """The Markdown of a version."""
        from node.authoring.value import source_of

        return source_of(version.value, self._body(version.value))

    def text_of(self, session: Session, row: SuggestionRow) -> str:
        """The whole text as proposed."""
        found = _find_record(session, row)
        value: Any = to_json(decode(found)) if found else {}
        body = self._body(value)
        return str(value.get("body", "")) if body is None else body

    def difference_of(self, session: Session, row: SuggestionRow, audiences: Audiences) -> str:
        """What it would change in the version that it was made for; '' when that is gone."""
        from node.authoring.difference import difference

        base = catalogue.find_version(session, row.version_uri, audiences)
        if base is None:
            return ""
        return difference(self.source_of(base), self.text_of(session, row), "published", "suggested")

    def _body(self, value: Mapping[str, Any]) -> str | None:
        blob = value.get("bodyBlob")
        if not blob:
            return None
        cid = str((blob.get("ref") or {}).get("$link", ""))
        found = self.blobs.find(cid) or self.kept.find_blob(cid)
        return "" if found is None else found.decode("utf-8", "replace")

    def _write(self, did: str, write: Write, *, inside: bool) -> None:
        if inside:
            self.kept.write(did, [write])
        else:
            self.host.write(did, [write], validate=True)

    @staticmethod
    def _own(session: Session, did: str, uri: str, audiences: Audiences) -> tuple[SuggestionRow, ItemRow]:
        row = suggestions.find_suggestion(session, uri, audiences)
        if row is None:
            raise Unknown("There is no such suggestion on this node.", hint="It may have been taken back.")
        if row.author != did:
            raise NotAllowed("Only the author can answer a suggestion.")
        item = catalogue.find_item(session, row.item_uri, audiences)
        if item is None:
            raise Unknown("What it was about is gone.")
        return row, item


def states_of(session: Session, rows: Sequence[SuggestionRow], audiences: Audiences) -> list[Suggested]:
    """What became of each, in the order given."""
    accepted: dict[str, set[str]] = {}
    declined: dict[str, dict[str, str]] = {}
    for uri in {row.item_uri for row in rows}:
        item = catalogue.find_item(session, uri, audiences)
        versions = catalogue.list_versions(session, uri, audiences)
        accepted[uri] = {str(one.get("uri")) for version in versions for one in _list(version.value, "accepts")}
        head = decode(_get_head(session, item)) if item is not None else {}
        declined[uri] = {one["suggestion"]["uri"]: one.get("reason", "") for one in head.get("declines", ())}
    return [_state(row, accepted[row.item_uri], declined[row.item_uri]) for row in rows]


def _state(row: SuggestionRow, accepted: set[str], declined: Mapping[str, str]) -> Suggested:
    if row.uri in accepted:
        return Suggested(row, "accepted")
    return Suggested(row, "declined", declined[row.uri]) if row.uri in declined else Suggested(row, "open")


def credit(version: VersionRow, row: SuggestionRow) -> dict[str, Any]:
    """What the version that takes a suggestion up says of it: which, and whom the author thanks."""
    thanked = [str(did) for did in _list(version.value, "contributors")]
    if row.did not in (*thanked, version.did):
        thanked.append(row.did)
    return {"accepts": [{"uri": row.uri, "cid": row.cid}]} | ({"contributors": thanked} if thanked else {})


def _list(value: Mapping[str, Any], name: str) -> list[Any]:
    return list(value.get(name) or ())


def _find_record(session: Session, row: SuggestionRow) -> bytes | None:
    store = records if row.audience in PUBLIC else internal
    found = store.find_record_by_uri(session, row.uri)
    return found.block if found else None


def _get_head(session: Session, item: ItemRow) -> bytes:
    store = records if item.audience in PUBLIC else internal
    found = store.find_record_by_uri(session, item.uri)
    if found is None:
        raise Unknown("What it was about is gone.")
    block: bytes = found.block
    return block
