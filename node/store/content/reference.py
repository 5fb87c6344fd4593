"""Queries of reference data in use: occupations, tasks, skills and their links. All of it is public."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlmodel import Session, col, select

from node.store.content.catalogue import Audiences
from node.store.content.reference_releases import generation_of
from node.store.tables.catalogue import ItemRow
from node.store.tables.reference import (
    CrosswalkRow,
    ExposureRow,
    ReferenceLinkRow,
    ReferenceOccupationRow,
    ReferenceSkillRow,
    ReferenceTaskRow,
    ReleaseRow,
)

_KINDS = {"core": 0, "supplemental": 1, "emerging": 3}
_SCHEMES = {"onet": "onet", "esco": "esco", "isco": "esco"}


def scheme_of(code: str) -> str:
    """The scheme whose release holds an id, '' for none."""
    return _SCHEMES.get(code.partition(":")[0], "")


def versions(session: Session) -> list[str]:
    """`onet 29.3` … of the classifications in use, sorted."""
    query = select(ReleaseRow.scheme, ReleaseRow.version).where(ReleaseRow.state == "current")
    return sorted(f"{scheme} {version}" for scheme, version in session.exec(query) if scheme in _SCHEMES.values())


def find_occupation(session: Session, code: str) -> ReferenceOccupationRow | None:
    """One occupation or ISCO group."""
    return session.get(ReferenceOccupationRow, (generation_of(session, scheme_of(code)), code))


def find_task(session: Session, code: str) -> ReferenceTaskRow | None:
    """One task statement."""
    return session.get(ReferenceTaskRow, (generation_of(session, scheme_of(code)), code))


def find_skill(session: Session, code: str) -> ReferenceSkillRow | None:
    """One work activity or ESCO skill."""
    return session.get(ReferenceSkillRow, (generation_of(session, scheme_of(code)), code))


def list_occupations(session: Session, scheme: str) -> list[ReferenceOccupationRow]:
    """Every occupation of a scheme in use, by id."""
    query = select(ReferenceOccupationRow).where(
        ReferenceOccupationRow.generation == generation_of(session, scheme), ReferenceOccupationRow.gone == ""
    )
    return list(session.exec(query.order_by(col(ReferenceOccupationRow.id))))


def list_tasks(session: Session, occupation: str = "") -> list[ReferenceTaskRow]:
    """Tasks in use of an occupation, or all of them: core ones first, emerging ones last, then by id."""
    query = select(ReferenceTaskRow).where(
        ReferenceTaskRow.generation == generation_of(session, "onet"), ReferenceTaskRow.gone == ""
    )
    if occupation:
        query = query.where(ReferenceTaskRow.occupation == occupation)
    return sorted(session.exec(query), key=lambda row: (_KINDS.get(row.kind, 2), row.id))


def find_tasks(session: Session, codes: Collection[str]) -> dict[str, ReferenceTaskRow]:
    """The tasks among `codes`, those that are gone too."""
    query = select(ReferenceTaskRow).where(
        ReferenceTaskRow.generation == generation_of(session, "onet"), col(ReferenceTaskRow.id).in_(list(codes))
    )
    return {row.id: row for row in session.exec(query)}


def statements(session: Session) -> dict[str, str]:
    """Task id → wording, of all tasks in use."""
    query = select(ReferenceTaskRow.id, ReferenceTaskRow.statement).where(
        ReferenceTaskRow.generation == generation_of(session, "onet"), ReferenceTaskRow.gone == ""
    )
    return dict(session.exec(query).all())


def list_skills(session: Session, scheme: str) -> list[ReferenceSkillRow]:
    """Every skill of a scheme, by id."""
    query = select(ReferenceSkillRow).where(ReferenceSkillRow.generation == generation_of(session, scheme))
    return list(session.exec(query.order_by(col(ReferenceSkillRow.id))))


def tools_and_words(session: Session) -> Iterator[tuple[str, Sequence[Sequence[str]], str]]:
    """Every O*NET occupation in use by id, with its tools, and its title and description as one text."""
    row = ReferenceOccupationRow
    query = select(row.id, row.tools, row.title, row.description).where(
        row.generation == generation_of(session, "onet"), row.gone == ""
    )
    for code, tools, title, description in session.exec(query.order_by(col(row.id))):
        yield code, tools, f"{title} {description}"


def activity_groups(session: Session) -> dict[str, str]:
    """Work activity → the one that it is part of."""
    query = select(ReferenceSkillRow.id, ReferenceSkillRow.parent).where(
        ReferenceSkillRow.generation == generation_of(session, "onet"), ReferenceSkillRow.parent != ""
    )
    return dict(session.exec(query.order_by(col(ReferenceSkillRow.id))).all())


def names(session: Session, kind: str) -> dict[str, str]:
    """Id → title of all occupations, or of all skills (`kind`), of every scheme; those that are gone too."""
    table = ReferenceOccupationRow if kind == "occupation" else ReferenceSkillRow
    here = [generation_of(session, scheme) for scheme in ("onet", "esco")]
    query = select(table.id, table.title).where(col(table.generation).in_(here))
    # Straight from the connection: a session takes twice as long over rows that it has nothing to do with.
    return {row[0]: row[1] for row in session.connection().execute(query)}


def skills_of(session: Session, tasks: Collection[str]) -> dict[str, list[ReferenceSkillRow]]:
    """Task id → its detailed work activities."""
    generation = generation_of(session, "onet")
    query = (
        select(ReferenceLinkRow.task, ReferenceSkillRow)
        .join(ReferenceSkillRow, (col(ReferenceSkillRow.id) == ReferenceLinkRow.skill))
        .where(
            ReferenceLinkRow.generation == generation, ReferenceSkillRow.generation == generation,
            col(ReferenceLinkRow.task).in_(list(tasks)),
        )
        .order_by(col(ReferenceLinkRow.task), col(ReferenceLinkRow.skill))
    )  # fmt: skip
    found: dict[str, list[ReferenceSkillRow]] = {}
    for task, skill in session.exec(query):
        found.setdefault(task, []).append(skill)
    return found


def links(session: Session) -> Iterator[tuple[str, str]]:
    """Every (task, work activity) in use."""
    query = select(ReferenceLinkRow.task, ReferenceLinkRow.skill).where(
        ReferenceLinkRow.generation == generation_of(session, "onet")
    )
    yield from session.connection().execute(query)  # as in `names`


def tasks_with(session: Session, skill: str, limit: int) -> list[ReferenceTaskRow]:
    """Tasks in use that share a work activity, by id."""
    generation = generation_of(session, "onet")
    query = (
        select(ReferenceTaskRow)
        .join(ReferenceLinkRow, col(ReferenceLinkRow.task) == ReferenceTaskRow.id)
        .where(
            ReferenceTaskRow.generation == generation, ReferenceLinkRow.generation == generation,
            ReferenceLinkRow.skill == skill, ReferenceTaskRow.gone == "",
        )
        .order_by(col(ReferenceTaskRow.id))
        .limit(limit)
    )  # fmt: skip
    return list(session.exec(query))


def exposures_of(session: Session, tasks: Collection[str]) -> dict[str, list[tuple[ReleaseRow, ExposureRow]]]:
    """Task id → what each study in use says of it."""
    query = (
        select(ReleaseRow, ExposureRow)
        .join(ExposureRow, col(ExposureRow.generation) == ReleaseRow.generation)
        .where(ReleaseRow.state == "current", col(ExposureRow.task).in_(list(tasks)))
        .order_by(col(ReleaseRow.scheme).desc())
    )
    found: dict[str, list[tuple[ReleaseRow, ExposureRow]]] = {}
    for release, row in session.exec(query):
        found.setdefault(row.task, []).append((release, row))
    return found


def across(session: Session, code: str) -> list[tuple[str, str]]:
    """Ids of the same or a neighbouring thing in other classifications, with how they match."""
    here = select(ReleaseRow.generation).where(ReleaseRow.state == "current")
    used = col(CrosswalkRow.generation).in_(here)
    forth = select(CrosswalkRow.target, CrosswalkRow.match).where(used, CrosswalkRow.source == code)
    back = select(CrosswalkRow.source, CrosswalkRow.match).where(used, CrosswalkRow.target == code)
    return [*session.exec(forth), *session.exec(back.order_by(col(CrosswalkRow.source)).limit(200))]


def wider(session: Session, skill: str) -> list[str]:
    """The groups and skills that a skill is part of, by id."""
    used = CrosswalkRow.generation == generation_of(session, scheme_of(skill))
    query = select(CrosswalkRow.target).where(used, CrosswalkRow.source == skill, CrosswalkRow.match == "broader")
    return list(session.exec(query.order_by(col(CrosswalkRow.target))))


def narrower(session: Session, skill: str) -> list[str]:
    """What is part of a skill or group, by id."""
    used = CrosswalkRow.generation == generation_of(session, scheme_of(skill))
    query = select(CrosswalkRow.source).where(used, CrosswalkRow.target == skill, CrosswalkRow.match == "broader")
    return list(session.exec(query.order_by(col(CrosswalkRow.source))))


def find_successor(session: Session, code: str) -> str | None:
    """What an id of an older edition became."""
    here = select(ReleaseRow.generation).where(ReleaseRow.state == "current")
    query = select(CrosswalkRow.target).where(
        col(CrosswalkRow.generation).in_(here), CrosswalkRow.source == code, CrosswalkRow.match == "became"
    )
    return session.exec(query.order_by(col(CrosswalkRow.target))).first()


def decompositions(session: Session, tasks: Collection[str], audiences: Audiences) -> list[tuple[str, str, str]]:
    """(at-uri, title, reference task) of catalogued tasks that decompose one of `tasks`."""
    query = select(ItemRow.uri, ItemRow.title, ItemRow.source).where(
        ItemRow.kind == "task", col(ItemRow.source).in_(list(tasks)), col(ItemRow.audience).in_(audiences)
    )
    return list(session.exec(query.order_by(col(ItemRow.uri))))
