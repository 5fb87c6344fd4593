"""The event stream of this node: finished wire frames by sequence number."""

from sqlmodel import SQLModel

from node.store.tables.columns import binary, number, number_key, text


class EventRow(SQLModel, table=True):
    """One frame. After an erasure `frame` is emptied and the row stays, so that sequence numbers have no holes."""

    __tablename__ = "event"

    seq: int = number_key()
    did: str = text(index=True)
    kind: str = text()  # commit | deletion (a commit that deletes) | sync | identity | account
    frame: bytes = binary()
    at: int = number(index=True)
