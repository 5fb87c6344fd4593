"""Tokens that confirm what cannot be undone. Without e-mail, the person asks and the operator hands the token over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from node.services.people.jwt import ExpiredToken, InvalidToken
from node.services.people.tokens import digest_of
from node.store.administration import people
from node.store.clock import DAY, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import TokenRow

Purpose = Literal["delete-account", "plc-operation"]
ASKED, GIVEN = "asked", "confirm"
DAYS = 3


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Asked for by people, given by the operator, used once."""

    database: Database

    def ask(self, person: str, purpose: Purpose) -> None:
        """Note that somebody needs a token; asking twice changes nothing."""
        self._save(digest_of(f"asked|{person}|{purpose}"), person, ASKED, purpose)

    def list(self) -> list[TokenRow]:
        """Who asked for what (`label`), newest first."""
        with self.database.read() as session:
            return people.list_tokens_of(session, ASKED)

    def give(self, person: str, purpose: Purpose) -> str:
        """A token for the operator to hand over; only its digest is kept."""
        token = secrets.token_urlsafe(16)
        self._save(_digest(person, purpose, token), person, GIVEN, purpose)
        asked = digest_of(f"asked|{person}|{purpose}")
        self.database.writer.write(lambda session: people.delete_token(session, asked))
        return token

    def use(self, person: str, purpose: Purpose, token: str) -> None:
        """Use a token up. Raises InvalidToken, ExpiredToken."""
        digest = _digest(person, purpose, token)

        def work(session: Session) -> None:
            row = people.find_token(session, digest, 0)
            if row is None:
                raise InvalidToken
            if row.expires_at <= now():
                raise ExpiredToken
            people.delete_token(session, digest)

        self.database.writer.write(work)

    def _save(self, digest: str, person: str, kind: str, purpose: Purpose) -> None:
        row = TokenRow(
            digest=digest, person=person, kind=kind, label=purpose, created_at=now(), expires_at=now() + DAYS * DAY
        )
        self.database.writer.write(lambda session: people.save_token(session, row))


def _digest(person: str, purpose: Purpose, token: str) -> str:
    return digest_of(f"confirm|{person}|{purpose}|{token}")
