"""Queries: labels of this node and of labelers it subscribes to."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, func, or_
from sqlmodel import Session, col, select

from node.store.clock import now
from node.store.engine.reading import Reading
from node.store.tables.moderation import LabelerRow, LabelRow

_IN_FORCE = Reading(LabelRow, "WHERE uri {uris} AND NOT neg AND (expires_at = 0 OR expires_at > :at) ORDER BY val, src")


def find_label(session: Session, src: str, uri: str, val: str) -> LabelRow | None:
    """The newest label of this value, negations too."""
    return session.get(LabelRow, (src, uri, val))


def find_labels(session: Session, src: str, uris: Collection[str]) -> dict[tuple[str, str], LabelRow]:
    """The newest labels of a source about these, by subject and value."""
    query = select(LabelRow).where(LabelRow.src == src, col(LabelRow.uri).in_(uris))
    return {(row.uri, row.val): row for row in session.exec(query)}


def add_label(session: Session, row: LabelRow) -> None:
    """Store one that is not known: without looking for it, as `save_label` does."""
    session.add(row)


def save_label(session: Session, row: LabelRow) -> None:
    """Store or replace."""
    session.merge(row)


def next_seq(session: Session, src: str) -> int:
    """A number after the newest of a source, and after those that a restored database does not know any more: who
    reads the labels has a place among them and looks at nothing before it. Microseconds, where the clock is right."""
    return max(last_seq(session, src) + 1, now())


def take_over(session: Session, former: str, src: str) -> None:
    """What one source said, another one says from now on, in the same order, unless it spoke of that itself since."""
    for row in list_after(session, former, -1, count_labels(session, former)):
        session.delete(row)
        session.flush()
        if find_label(session, src, row.uri, row.val) is None:
            seq = next_seq(session, src)
            session.add(LabelRow(**{**row.model_dump(), "src": src, "seq": seq}))
            session.flush()


def last_seq(session: Session, src: str) -> int:
    """The newest number of a source; 0 without labels."""
    return int(session.exec(select(func.coalesce(func.max(LabelRow.seq), 0)).where(LabelRow.src == src)).one())


def list_after(session: Session, src: str, seq: int, limit: int) -> list[LabelRow]:
    """Labels of a source after `seq`, in order."""
    query = select(LabelRow).where(LabelRow.src == src, LabelRow.seq > seq)
    return list(session.exec(query.order_by(col(LabelRow.seq)).limit(limit)))


def list_standing(session: Session, src: str, at: int) -> list[LabelRow]:
    """Labels of a source that are in force at that time."""
    return list(session.exec(select(LabelRow).where(LabelRow.src == src, col(LabelRow.neg).is_(False), _lasts(at))))


def list_hiding(session: Session, at: int, vals: Collection[str]) -> list[tuple[str, str, str, int]]:
    """(source, subject, CID, until when) of labels of some values in force at that time: there may be very many."""
    columns = select(LabelRow.src, LabelRow.uri, LabelRow.cid, LabelRow.expires_at)
    query = columns.where(col(LabelRow.neg).is_(False), _lasts(at), col(LabelRow.val).in_(vals))
    return [(src, uri, cid, until) for src, uri, cid, until in session.exec(query)] if vals else []


def list_hidden_by(session: Session, src: str, vals: Collection[str]) -> list[str]:
    """Subjects that a source gave labels of some values, also those that ran out: what these hid may be hidden yet."""
    query = select(LabelRow.uri).where(LabelRow.src == src, col(LabelRow.neg).is_(False), col(LabelRow.val).in_(vals))
    return list(session.exec(query.distinct())) if vals else []


def list_labels_of(session: Session, uris: Collection[str], at: int) -> list[LabelRow]:
    """Labels in force about any of `uris`, at-uris or DIDs."""
    return _IN_FORCE.all(session, uris=uris, at=at)


def list_run_out(session: Session, since: int, until: int) -> list[str]:
    """Subjects of labels whose time ended between the two moments."""
    query = select(LabelRow.uri).where(
        LabelRow.expires_at > since, LabelRow.expires_at <= until, LabelRow.expires_at > 0
    )
    return sorted(set(session.exec(query)))


def _lasts(at: int) -> ColumnElement[bool]:
    return or_(col(LabelRow.expires_at) == 0, col(LabelRow.expires_at) > at)


def list_matching(
    session: Session, src: str, exact: Collection[str], prefixes: Collection[str], after: int, limit: int
) -> list[LabelRow]:
    """Labels of a source whose subject is named or begins like this, in order of their numbers."""
    wanted = [col(LabelRow.uri).in_(list(exact)), *(col(LabelRow.uri).startswith(p, autoescape=True) for p in prefixes)]
    query = select(LabelRow).where(LabelRow.src == src, LabelRow.seq > after, or_(*wanted))
    return list(session.exec(query.order_by(col(LabelRow.seq)).limit(limit)))


def list_newest_about(session: Session, src: str, did: str, at: int, limit: int) -> list[LabelRow]:
    """Labels of a source in force at `at` (microseconds) about an account and its records, newest first."""
    about = or_(col(LabelRow.uri) == did, col(LabelRow.uri).startswith(f"at://{did}/", autoescape=True))
    holds = or_(col(LabelRow.expires_at) == 0, col(LabelRow.expires_at) > at)
    query = select(LabelRow).where(LabelRow.src == src, ~col(LabelRow.neg), about, holds)
    return list(session.exec(query.order_by(col(LabelRow.seq).desc()).limit(limit)))


def count_labels(session: Session, src: str) -> int:
    """How many labels of a source are kept."""
    return int(session.exec(select(func.count()).select_from(LabelRow).where(LabelRow.src == src)).one())


def delete_labels(session: Session, src: str) -> None:
    """Forget all labels of a source."""
    session.execute(delete(LabelRow).where(col(LabelRow.src) == src))


def list_labelers(session: Session) -> list[LabelerRow]:
    """The labelers subscribed to, by time."""
    return list(session.exec(select(LabelerRow).order_by(col(LabelerRow.added_at), col(LabelerRow.did))))


def find_labeler(session: Session, did: str) -> LabelerRow | None:
    """One of them."""
    return session.get(LabelerRow, did)


def save_labeler(session: Session, row: LabelerRow) -> None:
    """Store or replace."""
    session.merge(row)


def delete_labeler(session: Session, did: str) -> None:
    """Subscribe no more."""
    row = session.get(LabelerRow, did)
    if row is not None:
        session.delete(row)
