"""App passwords: drawn by the node, one for each program, revocable; they publish and cannot manage the account.

80 random bits need no slow hash: only a digest is kept, among the tokens.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from node.errors import Conflict, Malformed
from node.services.people.tokens import digest_of
from node.store.administration import people
from node.store.clock import DAY, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import TokenRow

KIND = "app-password"
WORDS = "app password"
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_KEPT_DAYS = 100 * 365
MOST = 50  # of one person


@dataclass(frozen=True, slots=True)
class AppPasswords:
    """The app passwords of a node's people."""

    database: Database

    def create(self, person: str, label: str) -> tuple[str, int]:
        """A new password, shown this once, and when it was made. Raises Malformed, Conflict."""
        if not label or len(label) > 100:
            raise Malformed("An app password has a name of at most 100 characters.")
        password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        row = TokenRow(
            digest=_digest(person, password), person=person, kind=KIND, label=label, created_at=now(),
            expires_at=now() + _KEPT_DAYS * DAY,
        )  # fmt: skip

        def work(session: Session) -> None:
            known = people.list_tokens(session, person, KIND)
            if any(other.label == label for other in known):
                raise Conflict(f"There is an app password {label!r} already.", code="DuplicateAppPassword")
            if len(known) >= MOST:
                raise Malformed(f"At most {MOST} app passwords.", hint="Revoke those that are not used.")
            people.save_token(session, row)

        self.database.writer.write(work)
        return password, row.created_at

    def list(self, person: str) -> list[TokenRow]:
        """A person's app passwords, newest first."""
        with self.database.read() as session:
            return people.list_tokens(session, person, KIND)

    def revoke(self, person: str, label: str) -> bool:
        """End one, and every session that it began; ending what is not there succeeds. Was it there?"""

        def work(session: Session) -> bool:
            named = [row.digest for row in people.list_tokens(session, person, KIND) if row.label == label]
            for digest in named:
                people.delete_token(session, digest)
            return bool(named)

        return self.database.writer.write(work)

    def find(self, person: str, password: str) -> str:
        """The digest of this app password, as sessions name it; empty when it is none."""
        if len(password) != 19 or password.count("-") != 3:
            return ""
        with self.database.read() as session:
            row = people.find_token(session, _digest(person, password), now())
        return row.digest if row is not None and row.kind == KIND and row.person == person else ""


def _digest(person: str, password: str) -> str:
    return digest_of(f"app|{person}|{password}")
