"""What a worker searches for, theirs alone: searches they keep, each with a private address, and the latest ones."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from node.errors import Conflict, Unknown
from node.services.learning.sealed.vault import Drawer, Entry, Vault
from node.services.people.tokens import digest_of, viewer_of
from node.services.policy import Viewer, is_worker, require_worker
from node.store.administration import people
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.private import workers

SAVED = "saved-search"
RECENT = "recent-searches"

MOST_SAVED = 50
MOST_RECENT = 20
ONE_THOUGHT = 30 * SECOND
"""Typing on within this time changes the latest search instead of beginning another."""
MOST_WAITING = 1_000
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """`query` is the search page's address after the `?`; `token` the secret part of its feed's. Microseconds."""

    id: str
    name: str
    query: str
    token: str
    made_at: int
    seen_at: int

    def to_dict(self) -> dict[str, Any]:
        """What the drawer keeps under the id."""
        return {name: getattr(self, name) for name in ("name", "query", "token", "made_at", "seen_at")}


@dataclass(frozen=True, slots=True)
class SavedSearches:
    """Kept searches. The slot of an entry is the digest of its feed's token: that is how an address is found."""

    database: Database
    vault: Vault

    def list(self, viewer: Viewer) -> list[SavedSearch]:
        """Newest first."""
        require_worker(viewer)
        with self.vault.read(viewer.name) as drawer:
            return [_saved(entry) for entry in reversed(drawer.entries(SAVED))]

    def save(self, viewer: Viewer, query: str, name: str) -> SavedSearch:
        """Keep a search, as the page's address after the `?`; the same again is the one there is. Raises Conflict."""
        require_worker(viewer)
        token, at = secrets.token_urlsafe(32), now()
        made = SavedSearch(digest_of(token), name[:LONGEST_NAME], query, token, at, at)

        def work(drawer: Drawer) -> SavedSearch:
            kept = [_saved(entry) for entry in drawer.entries(SAVED)]
            known = next((one for one in kept if one.query == query), None)
            if known is None and len(kept) >= MOST_SAVED:
                raise Conflict(f"You keep {MOST_SAVED} searches already.", hint="End one that you no longer need.")
            if known is None:
                drawer.put(SAVED, made.id, made.to_dict())
            return known or made

        return self.vault.change(viewer.name, work)

    def get(self, viewer: Viewer, saved: str) -> SavedSearch:
        """One of the viewer's. Raises Unknown."""
        require_worker(viewer)
        with self.vault.read(viewer.name) as drawer:
            value = drawer.find(SAVED, saved)
        if value is None:
            raise Unknown("You keep no such search.")
        return SavedSearch(id=saved, **value)

    def mark_seen(self, viewer: Viewer, saved: str) -> SavedSearch:
        """What there is by now is no news any more. Raises Unknown."""
        seen = replace(self.get(viewer, saved), seen_at=now())
        self.vault.change(viewer.name, lambda drawer: drawer.put(SAVED, saved, seen.to_dict()))
        return seen

    def end(self, viewer: Viewer, saved: str) -> None:
        """Forget it; its address ends. Raises Unknown."""
        require_worker(viewer)
        if not self.vault.change(viewer.name, lambda drawer: drawer.delete(SAVED, saved)):
            raise Unknown("You keep no such search.")

    def find(self, token: str) -> tuple[Viewer, SavedSearch] | None:
        """Whose search has this address, while they are a worker here."""
        slot = digest_of(token)
        with self.database.read() as session:
            name = workers.find_owner(session, SAVED, slot)
            person = people.find_person(session, name) if name else None
        viewer = viewer_of(person) if person is not None else None
        if viewer is None or not is_worker(viewer):
            return None
        try:
            return viewer, self.get(viewer, slot)
        except Unknown:
            return None


class RecentSearches:
    """The latest searches. What is still being typed waits in memory: a key pressed writes nothing to disk."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._lock = Lock()
        self._waiting: dict[str, tuple[str, int]] = {}

    def note(self, viewer: Viewer, text: str) -> None:
        """This was searched for just now; of whoever is no worker nothing is kept."""
        if not is_worker(viewer):
            return
        at = now()
        with self._lock:
            before = self._waiting.pop(viewer.name, None)
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.pop(next(iter(self._waiting)))
            self._waiting[viewer.name] = (text, at)
        if before is not None and not _is_one_thought(before, (text, at)):
            self._write(viewer, before[0])

    def list(self, viewer: Viewer) -> list[str]:
        """Newest first; none for whoever is no worker."""
        if not is_worker(viewer):
            return []
        with self._vault.read(viewer.name) as drawer:
            kept = drawer.find(RECENT) or []
        waiting = self._waiting.get(viewer.name)
        return _with([*kept], waiting[0]) if waiting else [*kept]

    def clear(self, viewer: Viewer) -> None:
        """Forget them all."""
        require_worker(viewer)
        self.drop(viewer.name)
        self._vault.change(viewer.name, lambda drawer: drawer.delete(RECENT, ""))

    def drop(self, person: str) -> None:
        """Forget what is in memory."""
        with self._lock:
            self._waiting.pop(person, None)

    def _write(self, viewer: Viewer, text: str) -> None:
        self._vault.change(
            viewer.name, lambda drawer: drawer.put(RECENT, "", _with(drawer.find(RECENT) or [], text), now())
        )


def _is_one_thought(before: tuple[str, int], after: tuple[str, int]) -> bool:
    """The same words with more or fewer letters at the end."""
    one, other = before[0].casefold(), after[0].casefold()
    return after[1] - before[1] < ONE_THOUGHT and (one.startswith(other) or other.startswith(one))


def _with(kept: list[str], text: str) -> list[str]:
    return [text, *(one for one in kept if one.casefold() != text.casefold())][:MOST_RECENT]


def renew_address(drawer: Drawer, entry: Entry) -> None:
    """The same search at a new address; the old one ends."""
    token = secrets.token_urlsafe(32)
    drawer.delete(SAVED, entry.slot)
    drawer.put(SAVED, digest_of(token), {**entry.value, "token": token}, entry.at)


def _saved(entry: Entry) -> SavedSearch:
    return SavedSearch(id=entry.slot, **entry.value)
