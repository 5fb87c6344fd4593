"""Queries: the job table."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete
from sqlmodel import Session, col, select

from node.store.tables.jobs import JobRow


def find_job(session: Session, key: str) -> JobRow | None:
    """One job."""
    return session.get(JobRow, key)


def save_job(session: Session, row: JobRow) -> None:
    """Store or replace."""
    session.merge(row)


def list_jobs(session: Session) -> list[JobRow]:
    """Every job, next first."""
    return list(session.exec(select(JobRow).order_by(col(JobRow.run_at), col(JobRow.key))))


def claim_due(session: Session, now: int, limit: int) -> list[JobRow]:
    """Mark due jobs as running and return them."""
    query = select(JobRow).where(JobRow.state == "waiting", JobRow.run_at <= now)
    rows = list(session.exec(query.order_by(col(JobRow.run_at), col(JobRow.key)).limit(limit)))
    for row in rows:
        row.state, row.started_at, row.attempts = "running", now, row.attempts + 1
    return rows


def forget_others(session: Session, keys: Collection[str]) -> None:
    """Keep these alone: what else is there, another release did."""
    session.execute(delete(JobRow).where(col(JobRow.key).not_in(list(keys))))


def release_running(session: Session, now: int) -> int:
    """After a start: what was running when the node was killed waits again."""
    rows = session.exec(select(JobRow).where(JobRow.state == "running")).all()
    for row in rows:
        row.state, row.run_at = "waiting", now
    return len(rows)


def next_run(session: Session) -> int | None:
    """When the next job is due."""
    query = select(JobRow.run_at).where(JobRow.state == "waiting").order_by(col(JobRow.run_at)).limit(1)
    return session.exec(query).first()
