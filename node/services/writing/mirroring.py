"""Public modules once more as `site.standard.document`, for readers of long-form texts elsewhere on the network.

Off unless the operator turns it on. The record stands in the author's own repository and leads back to the module's
page; it goes when the module is retired or deleted. Source: https://standard.site, lexicon site.standard.document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from federation.codec import decode
from federation.errors import WriteRefused
from federation.repository import Write
from node.errors import NodeError
from node.logs import get_logger
from node.services.finding.plain_text import plain_text
from node.services.hosting.repositories import RepositoryHost
from node.settings.declared import Settings
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.database import Database
from node.store.repositories import accounts, records
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, VersionRow
from schemas.datamodel import from_json

DOCUMENT = "site.standard.document"
_LONGEST_TITLE, _LONGEST_TEXT = 500, 100_000  # characters
_OURS = "module"  # names the module; the lexicon lets records say more

Document = tuple[str, str, dict[str, Any]]
"""DID, key, value."""


class Mirroring:
    """Keeps the mirror of this node's authors equal to their public modules."""

    def __init__(self, settings: Settings, database: Database, host: RepositoryHost) -> None:
        self._settings = settings
        self._database = database
        self._host = host

    def run(self) -> int:
        """Write what changed since the last time; how many documents were written or removed."""
        with self._database.read() as session:
            hosted = {row.did for row in accounts.list_accounts(session) if row.status == "active"}
            known = {str(value[_OURS]): (did, rkey, value) for did, rkey, value in _documents(session, hosted)}
            wanted = dict(self._wanted(session, hosted)) if self._settings.mirror_documents else {}
        return sum(self._is_kept(did, write) for did, write in _differences(known, wanted))

    def _is_kept(self, did: str, write: Write) -> bool:
        """An author whose repository does not take it, as where another record has its key, hinders nobody else."""
        try:
            self._host.write(did, [write])
        except (NodeError, WriteRefused) as error:
            get_logger("mirroring").info("document not mirrored", did=did, problem=str(error))
            return False
        return True

    def _wanted(self, session: Session, hosted: Collection[str]) -> Iterator[tuple[str, Document]]:
        for item in catalogue.list_items(session, PUBLIC, kind="module"):
            if item.did not in hosted or item.retired:
                continue
            versions = catalogue.list_versions(session, item.uri, PUBLIC)
            current = next((version for version in versions if version.uri == item.version_uri), None)
            if current is not None:
                value = document_of(self._settings.public_url, item, current, versions[0])
                yield item.uri, (item.did, versions[0].uri.rpartition("/")[2], value)


def document_of(url: str, item: ItemRow, current: VersionRow, first: VersionRow) -> dict[str, Any]:
    """The document of a module: where it is read, what it is called, its words."""
    stated: Mapping[str, Any] = current.value
    text = plain_text(str(stated.get("body", "")))[:_LONGEST_TEXT]
    value = {
        "$type": DOCUMENT,
        "site": url,
        "path": f"/modules/{item.did}/{item.name}",
        "title": item.title[:_LONGEST_TITLE],
        "description": item.description,
        "textContent": text,
        "tags": [tag for tag in (item.layer, item.level) if tag],
        "publishedAt": first.value.get("createdAt"),
        "updatedAt": stated.get("createdAt"),
        _OURS: item.uri,
    }
    made: dict[str, Any] = from_json({key: entry for key, entry in value.items() if entry})
    return made


def _differences(known: dict[str, Document], wanted: Mapping[str, Document]) -> Iterator[tuple[str, Write]]:
    """Whose repository is to be written to, and what. Both by the at-uri of the module."""
    for uri, (did, rkey, value) in wanted.items():
        former = known.pop(uri, None)
        if former is None or former[2] != value:
            yield did, Write("update" if former else "create", DOCUMENT, former[1] if former else rkey, value)
    for did, rkey, _ in known.values():
        yield did, Write("delete", DOCUMENT, rkey)


def _documents(session: Session, hosted: Collection[str]) -> Iterator[Document]:
    """The documents that mirror modules here. Those that people wrote themselves are not ours, and neither is one that
    names somebody else's module."""
    for did in records.list_dids_with(session, DOCUMENT, after="", limit=1_000_000):
        for row in records.iterate_records(session, [DOCUMENT], did) if did in hosted else ():
            value = decode(row.block)
            named = value.get(_OURS)
            if isinstance(named, str) and named.startswith(f"at://{did}/"):
                yield row.did, row.rkey, value
