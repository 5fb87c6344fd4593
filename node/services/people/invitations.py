"""Invitations: one-time links with which somebody new makes an account of their own."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from node.errors import NodeError
from node.services.audit import Deed
from node.services.people.passwords import check_password
from node.services.people.registry import LinkSpent, Registry
from node.services.people.tokens import digest_of, viewer_of
from node.services.policy import Role, Viewer
from node.store.administration import people
from node.store.clock import DAY, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import TokenRow

KIND = "invitation"
OPEN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Invitation:
    """One that was made. `id` names it to the operator and opens nothing."""

    id: str
    roles: tuple[Role, ...]
    made_at: int
    expires_at: int
    used_by: str
    to: str = ""  # mail address


class Invitations:
    """The invitations of one node, kept among its tokens."""

    def __init__(self, database: Database, registry: Registry) -> None:
        self._database = database
        self._registry = registry

    def make(self, roles: Iterable[Role], *, to: str = "") -> str:
        """A new token; only its digest is kept. `to`: the mail address that becomes the account's."""
        token = secrets.token_urlsafe(32)
        row = TokenRow(
            digest=digest_of(token),
            kind=KIND,
            label=_words(roles),
            email=to,
            created_at=now(),
            expires_at=now() + OPEN_DAYS * DAY,
        )
        self._database.writer.write(lambda session: people.save_token(session, row))
        return token

    def list(self) -> list[Invitation]:
        """Newest first, used ones until they expire."""
        with self._database.read() as session:
            return [_invitation(row) for row in people.list_tokens_of(session, KIND)]

    def find(self, token: str) -> Invitation | None:
        """The invitation behind a token, while it can be used."""
        with self._database.read() as session:
            row = people.find_token(session, digest_of(token), now())
        return _invitation(row) if row is not None and row.kind == KIND and not row.used_at else None

    def revoke(self, id_: str) -> bool:
        """End one that was not used. Was it there?"""
        return self._database.writer.write(lambda session: _delete_unused(session, id_))

    def revoke_token(self, token: str) -> None:
        """End one that did not reach anybody."""
        self.revoke(digest_of(token))

    def accept(self, token: str, name: str, password: str) -> Viewer:
        """Make the account. Raises LinkSpent, Malformed and Conflict for a name."""
        claimed = self._database.writer.write(lambda session: _claim(session, token, name))
        try:
            person = self._registry.add(name, claimed.roles, password=check_password(password, name), email=claimed.to)
        except NodeError:
            self._database.writer.write(lambda session: _give_back(session, token))
            raise
        self._registry.audit.note(viewer_of(person), Deed.INVITATION_USED, name, _words(claimed.roles))
        return viewer_of(person)

    def give_back(self, token: str) -> None:
        """Whom it was used for was not made after all: it can be used again. One that made somebody is spent."""

        def work(session: Session) -> None:
            row = people.find_token(session, digest_of(token), now())
            if row is not None and row.kind == KIND and people.find_person(session, row.person) is None:
                _give_back(session, token)

        self._database.writer.write(work)


def _words(roles: Iterable[Role]) -> str:
    return " ".join(sorted({role.value for role in roles}))


def _claim(session: Session, token: str, name: str) -> Invitation:
    """Use it up, so that two who hold the same link cannot both get in."""
    row = people.find_token(session, digest_of(token), now())
    if row is None or row.kind != KIND or row.used_at:
        raise LinkSpent
    row.used_at, row.person = now(), name
    return _invitation(row)


def _give_back(session: Session, token: str) -> None:
    row = people.find_token(session, digest_of(token), now())
    if row is not None:
        row.used_at, row.person = 0, ""


def _invitation(row: TokenRow) -> Invitation:
    roles = tuple(Role(word) for word in row.label.split())
    return Invitation(row.digest, roles, row.created_at, row.expires_at, row.person if row.used_at else "", row.email)


def _delete_unused(session: Session, digest: str) -> bool:
    row = people.find_token(session, digest, 0)
    is_open = row is not None and row.kind == KIND and not row.used_at
    if is_open:
        people.delete_token(session, digest)
    return is_open
