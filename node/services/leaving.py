"""Somebody leaves for good: an account with its repository, or a person with all that is kept of them.

The log of erasures is written first, so that no restore brings them back, and what was begun is finished when the node
starts again. A sign-in name may be given again; nothing stays under it that its next holder could find.
"""

from __future__ import annotations

from dataclasses import dataclass

from node.services.erasures import Erasures
from node.services.hosting.lifecycle import Lifecycle
from node.services.learning.learning import Learning
from node.services.people.throttle import attempts_of
from node.services.policy import Role
from node.store.administration import factors, people
from node.store.database import Database
from node.store.inside import drafts
from node.store.repositories import accounts
from node.store.sessions import Session

_BY_ACCOUNT = {Role.PRACTITIONER, Role.AUTHOR}  # roles that end with the account


@dataclass(frozen=True, slots=True)
class Leaving:
    """Ends accounts and forgets people, of one node."""

    database: Database
    erasures: Erasures
    lifecycle: Lifecycle
    learning: Learning

    def end_account(self, did: str) -> None:
        """Delete an account and its repository. Whoever was nothing else here is forgotten."""
        with self.database.read() as session:
            created_at = accounts.get_account(session, did).created_at
        self.erasures.add(did, created_at)
        self._end_account(did)

    def end_person(self, name: str) -> None:
        """Forget a person: their sign-in, private data, drafts, and the account with its repository. Raises Unknown."""
        with self.database.read() as session:
            person = people.get_person(session, name)
        self.erasures.add(_entry_of(name), person.created_at)
        if person.did:
            self.end_account(person.did)
        self._forget(name)

    def end_again(self) -> None:
        """Whoever left since the backup that was restored, or was leaving when the node stopped, is ended once more."""
        log = self.erasures.load()
        if not log:
            return
        with self.database.read() as session:
            known = people.list_people(session)
            tied = {row.did for row in known}
            leaving = [row for row in known if self.erasures.is_erased(log, _entry_of(row.name), row.created_at)]
            gone = {row.did for row in leaving if row.did} | {
                row.did
                for row in accounts.list_accounts(session)
                if row.kind != "node" and (row.status != "deleted" or row.did in tied)
                if self.erasures.is_erased(log, row.did, row.created_at)
            }
        for did in sorted(gone):
            self._end_account(did)
        for row in leaving:
            self._forget(row.name)

    def _end_account(self, did: str) -> None:
        with self.database.read() as session:
            person = people.find_person_of_did(session, did)
        self.lifecycle.erase(did)
        if person is None:
            return
        left = [role for role in person.roles if role not in _BY_ACCOUNT]
        if not left:
            self._forget(person.name)
            return

        def part(session: Session) -> None:
            row = people.get_person(session, person.name)
            row.did, row.roles = "", left
            people.delete_tokens(session, row.name)

        self.database.writer.write(part)

    def _forget(self, name: str) -> None:
        if self.learning.keeps(name):
            self.learning.erase(name)

        def work(session: Session) -> None:
            drafts.delete_drafts(session, name)
            factors.delete_factors(session, name)
            people.delete_tokens(session, name)
            people.delete_attempts(session, attempts_of(name))
            people.delete_person(session, name)

        self.database.writer.write(work)


def _entry_of(name: str) -> str:
    """As the log has it; the bare name stands for a worker who erased what was kept private, and stays."""
    return f"person|{name}"
