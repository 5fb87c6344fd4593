"""Session, API and one-time tokens: 256 random bits for the holder, a digest for the table."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import Literal

from node.services.people.jwt import LIFETIME, Claims, InvalidToken, JwtSigner
from node.services.people.jwt import Scope as JwtScope
from node.services.policy import Role, Scope, Viewer
from node.store.administration import people
from node.store.clock import DAY, SECOND, now
from node.store.database import Database
from node.store.engine.quick_reads import QuickPerson
from node.store.sessions import Session
from node.store.tables.people import PersonRow, TokenRow

Kind = Literal["session", "api", "link", "device"]
LIFETIME_DAYS: dict[Kind, int] = {"session": 14, "api": 365, "link": 7, "device": 365}

_ENDED_BY_NAME = ("session", "api", "app-password")  # the digest of what marks a used token can be computed

PROVEN_FOR = 15 * 60 * SECOND  # after who somebody is was shown, what matters most can be changed


@dataclass(frozen=True, slots=True)
class Proof:
    """When somebody showed who they are (0: nobody knows); the sealed ID token where they came by single sign-on."""

    at: int
    sign_on: str = ""

    @property
    def holds(self) -> bool:
        """Was it a moment ago?"""
        return 0 <= now() - self.at <= PROVEN_FOR


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_with(public_url: str, token: str) -> str:
    """Where a one-time link leads."""
    return f"{public_url}/link/{token}"


def viewer_of(row: PersonRow | QuickPerson) -> Viewer:
    """The person as policy sees them."""
    return Viewer(row.name, row.display_name or row.name, frozenset(Role(role) for role in row.roles), row.did)


def epoch_of(row: PersonRow | QuickPerson) -> str:
    """What a new password and signing out everywhere change: it ends every token signed before."""
    ended = f"|{row.signed_out_at}" if row.signed_out_at else ""
    return digest_of(f"epoch|{row.password}{ended}")[:16]


def _holder(session: Session, claims: Claims) -> PersonRow:
    row = people.find_person(session, claims.person)
    if row is None or row.did != claims.did or epoch_of(row) != claims.epoch:
        raise InvalidToken
    if claims.via and people.find_token(session, claims.via, now()) is None:
        raise InvalidToken("This app password was revoked.")
    return row


def _proven(viewer: Viewer, claims: Claims) -> Viewer:
    return replace(viewer, program=True, proven=Proof(claims.proven_at * SECOND).holds)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Issues and reads tokens."""

    database: Database
    session_days: int
    signer: JwtSigner

    def issue(
        self, person: str, kind: Kind, label: str = "", scope: Scope = Scope.EVERYTHING, *, days: float = 0
    ) -> str:
        """A new token for `person`; only its digest is kept."""
        days = days or (self.session_days if kind == "session" else LIFETIME_DAYS[kind])
        row = TokenRow(person=person, kind=kind, label=label[:100], scope=scope.value)
        return self._keep(row, days)

    def begin_session(self, person: str, label: str, proof: Proof, former: str = "") -> str:
        """A new session of who has just come in, in the place of the browser's `former` one.

        Where that was theirs too, and begun by the single sign-on, its end there ends this one as well.
        """
        row = TokenRow(person=person, kind="session", label=label[:100], proven_at=proof.at, sign_on=proof.sign_on)
        return self._keep(row, self.session_days, digest_of(former) if former else "")

    def _keep(self, row: TokenRow, days: float, former: str = "") -> str:
        token = secrets.token_urlsafe(32)
        row.digest, row.created_at = digest_of(token), now()
        row.expires_at = row.created_at + int(days * DAY)

        def work(session: Session) -> None:
            ended = people.find_token(session, former, 0) if former else None
            if ended is not None and ended.person == row.person:
                row.sign_on = row.sign_on or ended.sign_on
            if ended is not None:
                people.delete_token(session, former)
            people.save_token(session, row)

        self.database.writer.write(work)
        return token

    def new_link(self, person: str, *, days: float = 0) -> str:
        """A one-time link's token, as the operator hands it out; those handed out before open nothing any more."""
        self.database.writer.write(lambda session: people.delete_tokens(session, person, "link"))
        return self.issue(person, "link", days=days)

    def find_viewer(self, token: str, *kinds: Kind) -> Viewer | None:
        """Whose token this is, if it is valid and of one of `kinds`."""
        with self.database.read() as session:
            row = people.find_token(session, digest_of(token), now())
            person = people.find_person(session, row.person) if row is not None and row.kind in kinds else None
        if row is None or person is None:
            return None
        return replace(viewer_of(person), scope=Scope(row.scope), proven=Proof(row.proven_at).holds)

    def find_viewer_at_once(self, token: str, kind: Kind) -> Viewer | None:
        """As `find_viewer`, on the event loop without waiting: only where the database has quick reads."""
        assert self.database.quick is not None
        held = self.database.quick.find_holder(digest_of(token), kind, now())
        if held is None:
            return None
        return replace(viewer_of(held[0]), scope=Scope(held[1]), proven=Proof(held[2]).holds)

    def find_digest(self, token: str, person: str, kind: Kind) -> str:
        """The digest of this token, when it is a valid one of that person and kind; empty otherwise."""
        with self.database.read() as session:
            row = people.find_token(session, digest_of(token), now()) if token else None
        return row.digest if row is not None and (row.person, row.kind) == (person, kind) else ""

    def sign_jwt(self, did: str, person: str, scope: JwtScope, via: str = "", *, proven_at: int = 0) -> str:
        """A token for the protocol's own clients; `via` is the digest of the app password that began the session.

        `proven_at`: seconds, when the password of the account did.
        """
        with self.database.read() as session:
            row = people.find_person(session, person)
        return self.signer.sign(did, person, scope, epoch_of(row) if row else "", via, proven_at=proven_at)

    def find_jwt_viewer_at_once(self, token: str) -> Viewer | None:
        """As `find_jwt_viewer`, on the event loop without waiting; None where that takes a thread."""
        quick = self.database.quick
        claims = self.signer.read(token, "access") if quick is not None else None
        if quick is None or claims is None or claims.via:
            return None
        row = quick.find_person(claims.person)
        if row is None or row.did != claims.did or epoch_of(row) != claims.epoch:
            raise InvalidToken
        return _proven(viewer_of(row), claims)

    def find_jwt_viewer(self, token: str) -> Viewer:
        """Whose access token this is. Raises ExpiredToken, InvalidToken."""
        claims = self.signer.read(token, "access")
        with self.database.read() as session:
            viewer = viewer_of(_holder(session, claims))
        if claims.via:
            return replace(viewer, roles=viewer.roles & {Role.PRACTITIONER, Role.AUTHOR}, limited=True, program=True)
        return _proven(viewer, claims)

    def use_refresh(self, token: str) -> Claims:
        """Whose refresh token this is; it works once. Raises ExpiredToken, InvalidToken."""
        claims = self.signer.read(token, "refresh")
        used = TokenRow(
            digest=digest_of(claims.unique),
            person=claims.person,
            kind="spent",
            created_at=now(),
            expires_at=now() + LIFETIME["refresh"] * SECOND,
        )

        def work(session: Session) -> None:
            _holder(session, claims)
            if people.find_token(session, used.digest, now()) is not None:
                raise InvalidToken("This token has been used.")
            people.save_token(session, used)

        self.database.writer.write(work)
        return claims

    def use_once(self, word: str) -> bool:
        """Was this word not used before? It is from now on, for a day."""
        row = TokenRow(digest=digest_of(f"once|{word}"), kind="spent", created_at=now(), expires_at=now() + DAY)

        def work(session: Session) -> bool:
            if people.find_token(session, row.digest, 0) is not None:
                return False
            people.save_token(session, row)
            return True

        return self.database.writer.write(work)

    def revoke(self, token: str) -> str:
        """End one token; the sealed ID token of a session that the single sign-on began, else nothing."""

        def work(session: Session) -> str:
            row = people.find_token(session, digest_of(token), 0)
            people.delete_token(session, digest_of(token))
            return row.sign_on if row is not None else ""

        return self.database.writer.write(work)

    def end_others(self, person: str, here: str) -> None:
        """End all sessions of a person but the one with the digest `here`; the protocol's own clients hold them too."""

        def work(session: Session) -> None:
            for row in people.list_tokens(session, person, "session"):
                if row.digest != here:
                    people.delete_token(session, row.digest)
            people.get_person(session, person).signed_out_at = now()

        self.database.writer.write(work)

    def list(self, person: str, kind: Kind) -> list[TokenRow]:
        """A person's tokens of one kind that hold, newest first."""
        with self.database.read() as session:
            return [row for row in people.list_tokens(session, person, kind) if row.expires_at > now()]

    def end(self, person: str, digest: str) -> str:
        """End one session or key of this person, named by its digest; of which kind it was, '' for none of theirs."""

        def work(session: Session) -> str:
            row = people.find_token(session, digest, 0)
            if row is None or row.person != person or row.kind not in _ENDED_BY_NAME:
                return ""
            people.delete_token(session, digest)
            return row.kind

        return self.database.writer.write(work)
