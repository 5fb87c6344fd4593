"""Which items are forks of one another: what each was made from, followed back to the oldest ancestor known here."""

from __future__ import annotations

from collections.abc import Iterable

from node.store.content import findable
from node.store.sessions import Session


class Families:
    """Kept in memory: a few hundred bytes a fork, nothing for originals. Only the index's thread uses it."""

    def __init__(self) -> None:
        self._origins: dict[str, str] = {}  # fork → the version it was made from
        self._items: dict[str, str] = {}  # such a version → its item, '' while it is not known here

    def load(self, session: Session) -> None:
        """Read every fork of the catalogue."""
        self._origins, self._items = {}, {}
        for uri, origin in findable.list_forks(session):
            self._origins[uri] = origin
        self._resolve(session)

    def follow(self, session: Session, uris: Iterable[str]) -> set[str]:
        """These items have changed, come or gone: forks, among them or not, that now are of another family."""
        before = {fork: self.root(fork) for fork in self._origins}
        changed = set(uris)
        for uri in changed:
            self._origins.pop(uri, None)
        self._origins.update(findable.list_forks(session, changed))
        self._resolve(session)
        if not before and not self._origins:
            return set()
        forks = before.keys() | self._origins.keys()
        return {fork for fork in forks if self.root(fork) != before.get(fork, fork)}

    def root(self, uri: str) -> str:
        """The oldest ancestor: an item, or a version of one that is not known here; `uri` itself for an original."""
        seen = [uri]
        while origin := self._origins.get(seen[-1]):
            parent = self._items.get(origin) or origin
            if parent in seen:
                return min(seen)  # two that name each other
            seen.append(parent)
        return seen[-1]

    def _resolve(self, session: Session) -> None:
        unknown = sorted(origin for origin in set(self._origins.values()) if not self._items.get(origin))
        self._items.update(findable.items_of_versions(session, unknown))
