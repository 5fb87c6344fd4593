"""Moderation: rules, reports, labels of this node and of labelers it subscribes to, and the public log."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from node.store.tables.columns import key, number, number_key, text


class RuleRow(SQLModel, table=True):
    """What the operator decided about a host (host or host:port), an account (DID) or a record (at-uri)."""

    __tablename__ = "rule"

    subject: str = key()
    effect: str = text()  # allow | deny
    reason: str = text()
    made_at: int = number()
    expires_at: int = number()  # 0: never


class ReportRow(SQLModel, table=True):
    """Somebody says that something is wrong. Who said so is the operator's to know."""

    __tablename__ = "report"

    id: int = number_key()
    subject: str = text(index=True)  # DID or at-uri
    cid: str = text()
    kind: str = text()  # a reasonType of com.atproto.moderation.defs
    reason: str = text()
    by: str = text()
    at: int = number()
    closed_at: int = number()  # 0: waits
    answer: str = text()


class LabelRow(SQLModel, table=True):
    """The newest label of one value that a labeler gave to one subject. `cts` and `exp` stand as they were signed."""

    __tablename__ = "label"
    __table_args__ = (Index("label_by_uri", "uri"), Index("label_by_seq", "src", "seq"))

    src: str = key()
    uri: str = key()
    val: str = key()
    cid: str = text()
    neg: bool = False
    cts: str = text()
    exp: str = text()
    expires_at: int = number()  # of `exp`; 0: never
    seq: int = number()  # in the stream of its source


class LabelerRow(SQLModel, table=True):
    """A labeler whose labels count here."""

    __tablename__ = "labeler"

    did: str = key()
    url: str = text()
    effect: str = text()  # the most that its labels do here: hide | warn
    cursor: int = number()
    labels: int = number()
    added_at: int = number()
    read_at: int = number()
    error: str = text()


class ModerationRow(SQLModel, table=True):
    """One line of the public moderation log; what is about something kept inside is for members alone."""

    __tablename__ = "moderation"

    id: int = number_key()
    audience: str = text(default="public")
    at: int = number()
    action: str = text()
    subject: str = text()
    reason: str = text()
    expires_at: int = number()
