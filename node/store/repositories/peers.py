"""Queries: followed hosts and what was refused from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from node.errors import Unknown
from node.store.clock import now
from node.store.engine.streaming import parts_of
from node.store.tables.hosting import HeadRow, IdentityRow
from node.store.tables.peers import PeerRow, RejectionRow

KEPT_REJECTIONS = 1_000  # per peer; a hostile host cannot fill the disk with its own refusals


def list_peers(session: Session) -> list[PeerRow]:
    """All followed hosts."""
    return list(session.exec(select(PeerRow).order_by(col(PeerRow.added_at), col(PeerRow.url))))


def lag_of(row: PeerRow) -> timedelta:
    """Since when nothing was heard of a host, or since it is followed; none while its stream is open."""
    since = now() if row.state == "live" else row.seen_at or row.added_at
    return timedelta(microseconds=max(0, now() - since))


def find_peer(session: Session, url: str) -> PeerRow | None:
    """The host at this address."""
    return session.get(PeerRow, url)


def get_peer(session: Session, url: str) -> PeerRow:
    """As `find_peer`; raises Unknown."""
    row = find_peer(session, url)
    if row is None:
        raise Unknown(f"This node does not follow {url}.", hint="`skillnet peers` lists whom it follows.")
    return row


def save_peer(session: Session, row: PeerRow) -> None:
    """Store or replace a host."""
    session.merge(row)


def fade_strikes(session: Session) -> None:
    """Each host that is in no quarantine now has one less."""
    calm = (col(PeerRow.strikes) > 0, col(PeerRow.state) != "quarantined")
    session.execute(update(PeerRow).where(*calm).values(strikes=col(PeerRow.strikes) - 1))


def count_repositories(session: Session) -> dict[str, int]:
    """How many repositories each host brought."""
    query = select(HeadRow.peer, func.count()).where(HeadRow.peer != "").group_by(col(HeadRow.peer))
    return dict(session.exec(query).all())


def count_repositories_of(session: Session, url: str) -> int:
    """How many repositories one host brought."""
    return int(session.exec(select(func.count()).select_from(HeadRow).where(HeadRow.peer == url)).one())


def dids_of_peer(session: Session, url: str) -> list[str]:
    """The repositories followed from a host."""
    return list(session.exec(select(HeadRow.did).where(HeadRow.peer == url)))


def list_homes(session: Session) -> list[str]:
    """The hosts that serve followed repositories, as their accounts' documents name them: a relay is none."""
    query = select(IdentityRow.host).join(HeadRow, col(HeadRow.did) == col(IdentityRow.did))
    return list(session.exec(query.where(HeadRow.peer != "", IdentityRow.host != "").distinct()))


def dids_of_homes(session: Session, urls: Iterable[str]) -> Iterator[str]:
    """The followed repositories whose accounts' documents name one of these hosts, whoever brought them."""
    query = select(HeadRow.did).join(IdentityRow, col(HeadRow.did) == col(IdentityRow.did)).where(HeadRow.peer != "")
    for part in parts_of(urls):
        yield from session.exec(query.where(col(IdentityRow.host).in_(part)))


def add_rejection(session: Session, row: RejectionRow) -> None:
    """Record a refusal, forgetting the oldest beyond KEPT_REJECTIONS of the same host."""
    row.id = int(session.exec(select(func.coalesce(func.max(RejectionRow.id), 0))).one()) + 1
    session.add(row)
    query = select(RejectionRow).where(RejectionRow.peer == row.peer).order_by(col(RejectionRow.id).desc())
    for old in session.exec(query.offset(KEPT_REJECTIONS)):
        session.delete(old)


def list_rejections(session: Session, *, peer: str = "", limit: int = 100) -> list[RejectionRow]:
    """The newest refusals."""
    query = select(RejectionRow).order_by(col(RejectionRow.id).desc()).limit(limit)
    return list(session.exec(query.where(RejectionRow.peer == peer) if peer else query))
