"""PRIVATE: rows about workers. Everything personal is inside `sealed` (AES-256-GCM, one data key per worker).

Imported only by `node.store.private.workers`; an import contract and the egress tests hold that wall.
"""

from sqlalchemy import Index
from sqlmodel import SQLModel

from node.store.tables.columns import binary, key, number, number_key, text


class WorkerRow(SQLModel, table=True):
    """A worker of this node. Destroying `wrapped_key` erases every entry for good."""

    __tablename__ = "worker"

    person: str = key()
    wrapped_key: bytes = binary()
    created_at: int = number()


class WorkerEntryRow(SQLModel, table=True):
    """One sealed entry: profile, state, receipt, outcome, feedback, belief correction, day's feed …"""

    __tablename__ = "worker_entry"
    __table_args__ = (Index("worker_entry_by_kind", "person", "kind", "slot"),)

    id: int = number_key()
    person: str = text()
    kind: str = text()
    slot: str = text()  # opaque key inside the kind, e.g. a receipt's random id
    sealed: bytes = binary()
    at: int = number()


class FeedAddressRow(SQLModel, table=True):
    """The private feed address of a worker, as a digest."""

    __tablename__ = "feed_address"

    digest: str = key()
    person: str = text(index=True)
    created_at: int = number()
