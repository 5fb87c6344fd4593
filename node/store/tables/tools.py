"""Tools and their releases: feeds that curators named, and the versions that the watcher saw there. Node-local."""

from sqlmodel import SQLModel

from node.store.tables.columns import key, number, text


class ToolFeedRow(SQLModel, table=True):
    """A feed in which a tool's releases are announced; `etag` and `modified` are what its host said last."""

    __tablename__ = "tool_feed"

    url: str = key()
    vendor: str = text()
    product: str = text()
    named_by: str = text()  # a practitioner's DID, or the sign-in name of an operator
    added_at: int = number()
    checked_at: int = number()
    next_check: int = number()
    etag: str = text()
    modified: str = text()
    failures: int = number()
    error: str = text()


class ToolReleaseRow(SQLModel, table=True):
    """A version of a tool, as announced in one feed."""

    __tablename__ = "tool_release"

    feed: str = key()
    version: str = key()
    title: str = text()
    href: str = text()
    published_at: int = number()
    seen_at: int = number()
