"""Queries: people, their tokens, failed sign-ins."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from node.errors import Unknown
from node.store.engine.writer import owe_scrub
from node.store.tables.people import AttemptRow, PersonRow, TokenRow


def find_person(session: Session, name: str) -> PersonRow | None:
    """The person with this sign-in name."""
    return session.get(PersonRow, name)


def get_person(session: Session, name: str) -> PersonRow:
    """As `find_person`; raises Unknown."""
    row = find_person(session, name)
    if row is None:
        raise Unknown(f"Nobody here is called {name}.", hint="`skillnet account list` names them.")
    return row


def find_person_of_did(session: Session, did: str) -> PersonRow | None:
    """The person behind a hosted practitioner's DID."""
    return session.exec(select(PersonRow).where(PersonRow.did == did)).first()


def list_named(session: Session, names: Collection[str]) -> list[PersonRow]:
    """Those with these sign-in names."""
    return list(session.exec(select(PersonRow).where(col(PersonRow.name).in_(names))))


def list_by_email(session: Session, address: str, limit: int) -> list[PersonRow]:
    """Those who gave this mail address, however it is capitalised."""
    query = select(PersonRow).where(func.lower(col(PersonRow.email)) == address.lower())
    return list(session.exec(query.order_by(col(PersonRow.name)).limit(limit)))


def list_people(session: Session) -> list[PersonRow]:
    """Everybody, by name."""
    return list(session.exec(select(PersonRow).order_by(col(PersonRow.name))))


def delete_person(session: Session, name: str) -> None:
    """Forget a person; what is kept under the name elsewhere is the caller's to forget."""
    session.execute(delete(PersonRow).where(col(PersonRow.name) == name))
    owe_scrub(session)


def find_token(session: Session, digest: str, now: int) -> TokenRow | None:
    """A token that is not used up or expired."""
    row = session.get(TokenRow, digest)
    return row if row is not None and row.expires_at > now else None


def save_token(session: Session, row: TokenRow) -> None:
    """Store or replace."""
    session.merge(row)


def list_tokens(session: Session, person: str, kind: str) -> list[TokenRow]:
    """A person's tokens of one kind, newest first."""
    query = select(TokenRow).where(TokenRow.person == person, TokenRow.kind == kind)
    return list(session.exec(query.order_by(col(TokenRow.created_at).desc())))


def count_people(session: Session, *, since: int) -> int:
    """How many were added since then."""
    return session.exec(select(func.count()).select_from(PersonRow).where(PersonRow.created_at >= since)).one()


def list_tokens_of(session: Session, kind: str) -> list[TokenRow]:
    """Everybody's tokens of one kind, newest first."""
    return list(session.exec(select(TokenRow).where(TokenRow.kind == kind).order_by(col(TokenRow.created_at).desc())))


def delete_token(session: Session, digest: str) -> None:
    """Forget one token."""
    session.execute(delete(TokenRow).where(col(TokenRow.digest) == digest))


def delete_tokens(session: Session, person: str, kind: str = "") -> None:
    """Sign a person out everywhere; or end what they hold of one kind."""
    of_person = delete(TokenRow).where(col(TokenRow.person) == person)
    session.execute(of_person.where(col(TokenRow.kind) == kind) if kind else of_person)


def end_sessions(session: Session, now: int) -> None:
    """Sign everybody out everywhere; keys for programs and links that were handed out hold on."""
    session.execute(delete(TokenRow).where(col(TokenRow.kind) == "session"))
    session.execute(update(PersonRow).values(signed_out_at=now))


def sweep_tokens(session: Session, now: int) -> None:
    """Forget what has expired."""
    session.execute(delete(TokenRow).where(col(TokenRow.expires_at) < now))
    session.execute(delete(AttemptRow).where(col(AttemptRow.until) < now))


def find_attempts(session: Session, subject: str) -> AttemptRow | None:
    """Failed sign-ins of a name or address."""
    return session.get(AttemptRow, subject)


def delete_attempts(session: Session, subjects: Collection[str]) -> None:
    """As if they had never failed."""
    session.execute(delete(AttemptRow).where(col(AttemptRow.subject).in_(subjects)))


def save_attempts(session: Session, row: AttemptRow) -> None:
    """Store or replace."""
    session.merge(row)
