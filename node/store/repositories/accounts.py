"""Queries: hosted accounts and what is known of identities."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text
from sqlmodel import Session, col, select

from node.errors import Unknown
from node.store.engine.reading import Reading
from node.store.engine.straight import run
from node.store.engine.streaming import parts_of
from node.store.tables.hosting import AccountRow, IdentityRow

_IDENTITIES = Reading(IdentityRow, "WHERE did {dids}")


def find_account(session: Session, name: str) -> AccountRow | None:
    """The hosted account with this DID or handle."""
    column = AccountRow.did if name.startswith("did:") else AccountRow.handle
    return session.exec(select(AccountRow).where(column == name)).first()


def find_named(session: Session, host: str) -> AccountRow | None:
    """The account that this host name leads to: neither one that is taken down nor one that is gone."""
    row = find_account(session, host)
    return row if row is not None and row.handle == host and row.status not in ("takendown", "deleted") else None


def find_did_called(session: Session, handle: str) -> str:
    """Who has this handle, here or elsewhere; empty for nobody."""
    for column in (AccountRow, IdentityRow):
        if (did := session.exec(select(column.did).where(column.handle == handle).limit(1)).first()) is not None:
            return did
    return ""


def get_account(session: Session, name: str) -> AccountRow:
    """As `find_account`; raises Unknown."""
    row = find_account(session, name)
    if row is None:
        raise _no_account(name)
    return row


def _no_account(name: str) -> Unknown:
    return Unknown(f"There is no account {name} on this node.", hint="`skillnet account list` names them.")


_STATUS = text("SELECT handle, status FROM account WHERE did = :did")


def get_status(session: Session, did: str) -> tuple[str, str]:
    """(handle, status) of a hosted account; every commit asks, so it bypasses the mapper. Raises Unknown."""
    session.flush()
    rows = run(session, _STATUS, {"did": did})
    if not rows:
        raise _no_account(did)
    handle, status = rows[0]
    return handle, status


def hosts_any(session: Session, dids: Collection[str]) -> bool:
    """Is one of these hosted here?"""
    queries = (select(AccountRow.did).where(col(AccountRow.did).in_(part)).limit(1) for part in parts_of(sorted(dids)))
    return any(session.exec(query).first() is not None for query in queries)


def list_accounts(session: Session) -> list[AccountRow]:
    """All hosted accounts, oldest first."""
    return list(session.exec(select(AccountRow).order_by(col(AccountRow.created_at), col(AccountRow.did))))


def list_homes(session: Session) -> list[tuple[str, str, str, str]]:
    """DID, kind and status of every hosted account, and where its document says that it lives; empty if unknown."""
    known = select(AccountRow.did, AccountRow.kind, AccountRow.status, IdentityRow.host)
    rows = session.exec(known.join(IdentityRow, col(IdentityRow.did) == AccountRow.did, isouter=True))
    return [(did, kind, status, host or "") for did, kind, status, host in rows]


def has_accounts(session: Session) -> bool:
    """Is any hosted here?"""
    return session.exec(select(AccountRow.did).limit(1)).first() is not None


def find_identity(session: Session, did: str) -> IdentityRow | None:
    """What was last learnt of `did`."""
    return session.get(IdentityRow, did)


def holds_handle(session: Session, handle: str, besides: str) -> bool:
    """Has somebody else than `besides` this handle, here or elsewhere?"""
    hosted = select(AccountRow.did).where(AccountRow.handle == handle, AccountRow.did != besides)
    known = select(IdentityRow.did).where(IdentityRow.handle == handle, IdentityRow.did != besides)
    return any(session.exec(query.limit(1)).first() is not None for query in (hosted, known))


def save_identity(session: Session, row: IdentityRow) -> None:
    """Remember it."""
    session.merge(row)


def delete_identity(session: Session, did: str) -> None:
    """Forget what was learnt of `did`."""
    row = session.get(IdentityRow, did)
    if row is not None:
        session.delete(row)


def list_identities(session: Session, dids: list[str]) -> dict[str, IdentityRow]:
    """The known identities among `dids`."""
    found = _IDENTITIES.all(session, dids=dids) if dids else ()
    return {row.did: row for row in found}
