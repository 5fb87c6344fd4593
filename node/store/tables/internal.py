"""What stays on this node: internal records with their files, and authors' drafts. No sync code reads these tables."""

from sqlmodel import SQLModel

from node.store.tables.columns import binary, key, listing, number, text


class InternalRecordRow(SQLModel, table=True):
    """A record that the organisation keeps to itself: as in a repository, but in none."""

    __tablename__ = "internal_record"

    did: str = key()
    collection: str = key()
    rkey: str = key()
    cid: str = text()
    block: bytes = binary()
    first_seen: int = number()

    @property
    def uri(self) -> str:
        """The record's at-uri; the same once it is made public."""
        return f"at://{self.did}/{self.collection}/{self.rkey}"


class InternalBlobRow(SQLModel, table=True):
    """A file in the internal folder; `used` counts the internal records that name it, drafts aside."""

    __tablename__ = "internal_blob"

    did: str = key()
    cid: str = key()
    mime: str = text()
    size: int = number()
    used: int = number()
    stored_at: int = number()


class DraftRow(SQLModel, table=True):
    """A text that somebody is writing. `about` is the item it changes, `answers` the suggestion it takes up."""

    __tablename__ = "draft"

    id: str = key()
    person: str = text(index=True)
    purpose: str = text()  # write | suggest | accept
    kind: str = text()  # module | task | path
    about: str = text()
    answers: str = text()
    body: str = text()
    note: str = text()
    audience: str = text(default="public")
    files: list[dict[str, object]] = listing()  # {path, cid, mime, size} of what was uploaded to it
    updated_at: int = number()
