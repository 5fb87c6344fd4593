"""Queries: moderation rules, reports and the public log."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func
from sqlmodel import Session, col, select

from node.store.tables.moderation import ModerationRow, ReportRow, RuleRow


def list_rules(session: Session) -> list[RuleRow]:
    """All rules, those that have run out among them, by subject."""
    return list(session.exec(select(RuleRow).order_by(col(RuleRow.subject))))


def find_rule(session: Session, subject: str) -> RuleRow | None:
    """The rule about a subject."""
    return session.get(RuleRow, subject)


def save_rule(session: Session, row: RuleRow) -> None:
    """Store or replace."""
    session.merge(row)


def add_report(session: Session, row: ReportRow) -> int:
    """Put a report into the queue; its number."""
    row.id = int(session.exec(select(func.coalesce(func.max(ReportRow.id), 0))).one()) + 1
    session.add(row)
    session.flush()
    return row.id


def find_report(session: Session, number: int) -> ReportRow | None:
    """The report of this number."""
    return session.get(ReportRow, number)


def find_open_report(session: Session, subject: str, by: str) -> ReportRow | None:
    """What somebody reported already and still waits."""
    query = select(ReportRow).where(ReportRow.subject == subject, ReportRow.by == by, ReportRow.closed_at == 0)
    return session.exec(query).first()


def find_latest_report(session: Session, subject: str, by: str) -> ReportRow | None:
    """What somebody reported last about a subject, answered or not."""
    query = select(ReportRow).where(ReportRow.subject == subject, ReportRow.by == by)
    return session.exec(query.order_by(col(ReportRow.id).desc()).limit(1)).first()


def list_reports(session: Session, *, waiting: bool, limit: int = 200) -> list[ReportRow]:
    """The queue, oldest first; or what was answered, newest first."""
    query = select(ReportRow).limit(limit)
    if waiting:
        return list(session.exec(query.where(ReportRow.closed_at == 0).order_by(col(ReportRow.id))))
    return list(session.exec(query.where(ReportRow.closed_at > 0).order_by(col(ReportRow.closed_at).desc())))


def close_reports(session: Session, subject: str, answer: str, at: int, *, all_of_account: bool = False) -> int:
    """Answer what waits about one subject, or about an account and all of its records; returns how many."""
    about = col(ReportRow.subject) == subject
    if all_of_account:
        about |= col(ReportRow.subject).startswith(f"at://{subject}/", autoescape=True)
    rows = list(session.exec(select(ReportRow).where(about, ReportRow.closed_at == 0)))
    for row in rows:
        row.closed_at, row.answer = at, answer
    return len(rows)


def count_reports(session: Session, by: str = "") -> int:
    """How many reports wait; of one person where named."""
    query = select(func.count()).select_from(ReportRow).where(ReportRow.closed_at == 0)
    return int(session.exec(query.where(ReportRow.by == by) if by else query).one())


def sweep_reports(session: Session, before: int) -> int:
    """Forget reports that were answered before then; returns how many."""
    gone = list(session.exec(select(ReportRow).where(ReportRow.closed_at > 0, ReportRow.closed_at < before)))
    for row in gone:
        session.delete(row)
    return len(gone)


def add_line(session: Session, row: ModerationRow) -> None:
    """Add a line to the public log."""
    row.id = int(session.exec(select(func.coalesce(func.max(ModerationRow.id), 0))).one()) + 1
    session.add(row)
    session.flush()


def list_lines(session: Session, audiences: Collection[str], *, limit: int, before: int = 0) -> list[ModerationRow]:
    """The newest lines of the public log for these readers, older than number `before` where one is given."""
    query = select(ModerationRow).where(col(ModerationRow.audience).in_(audiences))
    query = query.order_by(col(ModerationRow.id).desc()).limit(limit)
    return list(session.exec(query.where(ModerationRow.id < before) if before else query))


def find_line_about(session: Session, subject: str) -> ModerationRow | None:
    """The newest line of the public log about a subject."""
    query = select(ModerationRow).where(ModerationRow.subject == subject).order_by(col(ModerationRow.id).desc())
    return session.exec(query.limit(1)).first()


def newest_by_subject(session: Session) -> dict[str, int]:
    """Subject → when the public log last said something about it."""
    query = select(ModerationRow.subject, func.max(ModerationRow.at)).group_by(ModerationRow.subject)
    return dict(session.exec(query).all())
