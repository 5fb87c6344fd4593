"""Hosted accounts, everybody's records, blobs."""

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from node.store.tables.columns import binary, key, mapping, number, text


class AccountRow(SQLModel, table=True):
    """An account whose repository this node hosts; `sealed_key` is its signing key under the node's sealing key."""

    __tablename__ = "account"

    did: str = key()
    handle: str = text(unique=True)
    kind: str = text()  # node | practitioner
    status: str = text(default="active")  # active | deactivated | takendown | deleted
    sealed_key: bytes = binary()
    created_at: int = number()


class HeadRow(SQLModel, table=True):
    """The newest commit of a repository, hosted here or followed."""

    __tablename__ = "head"

    did: str = key()
    hosted: bool = False
    peer: str = text(index=True)  # address of the host it is followed from; empty when hosted here
    status: str = text(default="active")  # active | resync | deactivated | takendown | deleted
    rev: str = text()
    commit_cid: str = text()
    data_cid: str = text()
    commit_block: bytes = binary()
    records: int = number()
    checked_at: int = number()


class RecordRow(SQLModel, table=True):
    """A record as signed: hosted ones of every collection, followed ones of ours."""

    __tablename__ = "record"
    __table_args__ = (Index("record_by_collection", "collection", "did"), Index("record_by_cid", "did", "cid"))

    did: str = key()
    collection: str = key()
    rkey: str = key()
    cid: str = text()
    rev: str = text()
    block: bytes = binary()
    first_seen: int = number()

    @property
    def uri(self) -> str:
        """The record's at-uri."""
        return f"at://{self.did}/{self.collection}/{self.rkey}"

    @property
    def path(self) -> str:
        """The record's key in the repository tree."""
        return f"{self.collection}/{self.rkey}"


class VertexRow(SQLModel, table=True):
    """A vertex of the tree of a large hosted repository, as it stands now; `cid` is raw."""

    __tablename__ = "vertex"
    __table_args__ = {"sqlite_with_rowid": False}  # rows of a repository lie together

    did: str = key()
    cid: bytes = Field(primary_key=True, sa_type=LargeBinary)
    block: bytes = binary()


class BlobRow(SQLModel, table=True):
    """A blob held in the blob folder for one account; `used` counts the records that name it."""

    __tablename__ = "blob"

    did: str = key()
    cid: str = key()
    mime: str = text()
    size: int = number()
    used: int = number()
    stored_at: int = number()


class IdentityRow(SQLModel, table=True):
    """What was last learnt of a DID: its document's facts, so that a peer's silence does not stop verification."""

    __tablename__ = "identity"

    did: str = key()
    handle: str = text()
    signing_key: str = text()
    host: str = text()
    document: dict[str, object] = mapping()
    checked_at: int = number()


class OperationRow(SQLModel, table=True):
    """A did:plc operation, of an account of ours or mirrored from another directory."""

    __tablename__ = "directory_operation"

    cid: str = key()
    did: str = text(index=True)
    position: int = number()
    operation: dict[str, object] = mapping()
    nullified: bool = False
    created_at: int = number()
