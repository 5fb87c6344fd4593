"""Everything of the catalogue that can be found, as search documents: some of it, all of it, or its fingerprints."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from node.batches import batches
from node.search.document import SearchDocument, fingerprint
from node.services.cataloguing.changes import CatalogueChange
from node.services.finding.families import Families
from node.services.finding.items import Freshen, Items
from node.services.finding.others import other_documents, people_documents
from node.store.content import catalogue, contributions, findable
from node.store.content.catalogue import MEMBERS
from node.store.database import Database
from node.store.sessions import Session

PAGE = 500
_ITEMS = "at://"


class Documents:
    """Reads the catalogue for the index. Retired items are not found."""

    def __init__(self, database: Database, freshen: Freshen) -> None:
        self._database = database
        self._families = Families()
        self._items = Items(self._families, freshen)

    def load(self) -> None:
        """Read what is kept in memory anew."""
        with self._database.read() as session:
            self._families.load(session)

    def prints(self) -> dict[str, int]:
        """Id → fingerprint of everything that should be indexed. A page at a time, so that others are let in."""
        with self._database.read() as session:
            found = {document.id: fingerprint(document) for document in other_documents(session)}
        after = ""
        while True:
            with self._database.read() as session:
                rows = findable.page_items(session, after, PAGE)
                found |= {document.id: fingerprint(document) for document in self._items.outlines(session, rows)}
                if len(rows) < PAGE:
                    return found
                after = rows[-1].uri

    def of(self, ids: Collection[str]) -> Iterator[list[SearchDocument]]:
        """The documents among these ids, a page at a time; what is gone is left out."""
        uris = sorted(one for one in ids if one.startswith(_ITEMS))
        for page in batches(uris, PAGE):
            with self._database.read() as session:
                yield self._items.whole(session, findable.find_items(session, page))
        others = {one for one in ids if not one.startswith(_ITEMS)}
        if others:
            with self._database.read() as session:
                found = [document for document in other_documents(session) if document.id in others]
            yield from batches(found, PAGE)

    def changed(self, change: CatalogueChange) -> tuple[list[SearchDocument], list[str]]:
        """(documents as they now are, ids that are gone) after a change of the catalogue."""
        with self._database.read() as session:
            # An item is found by its author's organisation, which may have become known after the item.
            uris = change.items | _items_by(session, change.people)
            uris |= self._families.follow(session, uris)
            found = self._items.whole(session, findable.find_items(session, uris))
            people = list(people_documents(session, change.people))
        known = {document.id for document in (*found, *people)}
        return [*found, *people], sorted((uris | change.people) - known)


def _items_by(session: Session, people: Iterable[str]) -> set[str]:
    """The items of these people, and of those to whom these organisations issued credentials."""
    authors = set(people)
    authors |= {row.subject for did in authors for row in contributions.list_credentials(session, issuer=did)}
    return {row.uri for did in authors for row in catalogue.list_items(session, MEMBERS, did=did)}
