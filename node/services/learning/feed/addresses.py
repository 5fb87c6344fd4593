"""A worker's private addresses: whoever has one reads that feed. Tables hold digests, the drawer the addresses."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from node.services.learning.sealed.vault import Drawer, Vault
from node.services.learning.searches import SAVED, renew_address
from node.services.people.tokens import digest_of, viewer_of
from node.services.policy import Viewer, is_worker, require_owner
from node.store.administration import people
from node.store.clock import now
from node.store.database import Database
from node.store.private import workers
from node.store.tables.worker import FeedAddressRow

ADDRESS = "feed-address"


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """The secret part of the address. `made_at` microseconds."""

    token: str
    made_at: int


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes, shows, resolves and ends addresses."""

    database: Database
    vault: Vault

    def find(self, viewer: Viewer) -> FeedAddress | None:
        """The worker's present address, None until made. No key for learning alone sees it: it outlives that key."""
        require_owner(viewer)
        with self.vault.read(viewer.name) as drawer:
            kept = drawer.find(ADDRESS)
        return None if kept is None else FeedAddress(kept["token"], kept["made_at"])

    def renew(self, viewer: Viewer) -> FeedAddress:
        """A new address; the old one ends."""
        require_owner(viewer)
        made = FeedAddress(secrets.token_urlsafe(32), now())

        def work(drawer: Drawer) -> None:
            drawer.put(ADDRESS, "", {"token": made.token, "made_at": made.made_at})
            row = FeedAddressRow(digest=digest_of(made.token), person=viewer.name, created_at=made.made_at)
            workers.replace_feed_address(drawer.session, row)

        self.vault.change(viewer.name, work)
        return made

    def find_viewer(self, token: str) -> Viewer | None:
        """Whose address this is, while they are a worker here."""
        with self.database.read() as session:
            row = workers.find_feed_address(session, digest_of(token))
            person = people.find_person(session, row.person) if row is not None else None
        viewer = viewer_of(person) if person is not None else None
        return viewer if viewer is not None and is_worker(viewer) else None

    def count(self, person: str) -> int:
        """How many are open: that of the list, and those of searches that are kept."""
        with self.vault.read(person) as drawer:
            return len(drawer.slots(ADDRESS)) + len(drawer.slots(SAVED))

    def end_all(self, person: str) -> None:
        """None of them opens anything from now on; searches that are kept have new ones, which nobody has seen yet."""

        def work(drawer: Drawer) -> None:
            drawer.delete(ADDRESS, "")
            workers.delete_feed_address(drawer.session, person)
            for entry in drawer.entries(SAVED):
                renew_address(drawer, entry)

        self.vault.change_many({person: work})
