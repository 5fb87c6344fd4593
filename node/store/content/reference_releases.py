"""Queries: releases of reference data – writing one beside the one in use, making it current, sweeping the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, delete, func, insert, update
from sqlalchemy import select as sa_select
from sqlmodel import Session, SQLModel, col, select

from node.store.tables.reference import (
    CrosswalkRow,
    ExposureRow,
    ReferenceLinkRow,
    ReferenceOccupationRow,
    ReferenceSkillRow,
    ReferenceTaskRow,
    ReleaseRow,
)

SECTIONS: dict[str, type[SQLModel]] = {
    "occupation": ReferenceOccupationRow,
    "task": ReferenceTaskRow,
    "skill": ReferenceSkillRow,
    "link": ReferenceLinkRow,
    "crosswalk": CrosswalkRow,
    "exposure": ExposureRow,
}


def list_current(session: Session) -> list[ReleaseRow]:
    """The releases in use, by scheme."""
    query = select(ReleaseRow).where(ReleaseRow.state == "current")
    return list(session.exec(query.order_by(col(ReleaseRow.scheme))))


def find_current(session: Session, scheme: str) -> ReleaseRow | None:
    """The release of `scheme` in use."""
    return session.exec(select(ReleaseRow).where(ReleaseRow.scheme == scheme, ReleaseRow.state == "current")).first()


def generation_of(session: Session, scheme: str) -> int:
    """The generation of `scheme` in use; -1 while nothing is imported."""
    query = select(ReleaseRow.generation).where(ReleaseRow.scheme == scheme, ReleaseRow.state == "current")
    found = session.exec(query).first()
    return -1 if found is None else found


def stage(session: Session, release: ReleaseRow) -> ReleaseRow:
    """Begin a generation, or take up one that an interrupted import of the very same files left."""
    for row in list(session.exec(select(ReleaseRow).where(ReleaseRow.scheme == release.scheme))):
        if row.state == "staged" and row.digest == release.digest:
            return row
        if row.state == "staged":
            row.state = "left"
    last = session.exec(select(func.max(ReleaseRow.generation))).one()
    release.generation = (last or 0) + 1
    session.add(release)
    session.flush()
    return release


def write_batch(session: Session, generation: int, place: int, section: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write batch number `place` of a staged generation; one that is on disk already is left as it is."""
    release = session.get(ReleaseRow, generation)
    if release is None or release.state != "staged" or release.written > place:
        return
    session.execute(insert(SECTIONS[section]), [{"generation": generation, **row} for row in rows])
    release.written = place + 1


def make_current(session: Session, generation: int, facts: dict[str, Any], at: int) -> None:
    """From here on everybody reads this generation."""
    release = session.get_one(ReleaseRow, generation)
    session.execute(
        update(ReleaseRow)
        .where(col(ReleaseRow.scheme) == release.scheme, col(ReleaseRow.state) == "current")
        .values(state="left")
    )
    release.state, release.imported_at, release.facts = "current", at, facts


def list_left(session: Session) -> list[int]:
    """Generations that nobody reads any more."""
    return list(session.exec(select(ReleaseRow.generation).where(ReleaseRow.state == "left")))


def sweep(session: Session, generation: int, section: str, limit: int) -> bool:
    """Delete about `limit` rows of a generation that is not in use; False once none is left."""
    table = _table(section)
    first = list(table.primary_key)[1]
    here = table.c.generation == generation
    bound = session.execute(sa_select(first).where(here).order_by(first).offset(limit).limit(1)).scalar()
    session.execute(delete(table).where(here if bound is None else here & (first <= bound)))
    return bound is not None


def forget(session: Session, generation: int) -> None:
    """A swept generation is gone."""
    session.execute(delete(ReleaseRow).where(col(ReleaseRow.generation) == generation))


def load_rows(session: Session, generation: int, section: str) -> list[dict[str, Any]]:
    """All rows of a section, without their generation, by id."""
    table = _table(section)
    query = table.select().where(table.c.generation == generation).order_by(*list(table.primary_key)[1:])
    names = [column.name for column in table.columns if column.name != "generation"]
    return [{name: row[name] for name in names} for row in session.execute(query).mappings()]


def _table(section: str) -> Table:
    return SQLModel.metadata.tables[str(SECTIONS[section].__tablename__)]
