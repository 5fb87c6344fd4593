"""Other hosts that this node follows, and what it refused from them."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from node.store.tables.columns import key, number, number_key, text


class PeerRow(SQLModel, table=True):
    """A followed host. `expected` and `fetched` count the repositories of the backfill; `strikes` its quarantines."""

    __tablename__ = "peer"

    url: str = key()
    did: str = text()
    organisation: str = text()
    kind: str = text()  # node | server | relay; empty until it has answered
    state: str = text(default="new")  # new | backfill | live | waiting | quarantined
    cursor: int = number(default=-1)
    trusted: bool = False
    added_at: int = number()
    seen_at: int = number()
    failures: int = number()
    next_try: int = number()
    error: str = text()
    expected: int = number()
    fetched: int = number()
    strikes: int = number()


class RejectionRow(SQLModel, table=True):
    """An event or record that failed verification, with the reason, for the operator."""

    __tablename__ = "rejection"
    __table_args__ = (Index("rejection_by_peer", "peer", "at"),)

    id: int = number_key()
    peer: str = text()
    did: str = text()
    seq: int = number()
    code: str = text()
    detail: str = text()
    at: int = number()
