"""Ten thousand modules for drawn tasks, put into a stopped node's catalogue: what the graph is asked about."""

from __future__ import annotations

import random
from collections.abc import Iterator

from node.batches import batches
from node.store.content import reference
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, VersionRow

_DID = "did:plc:bench000000000000000000"
_LEVELS = ("novice", "advanced-beginner", "competent", "proficient", "expert")
_WORDS = "Take the last one that you did and go through it again with these questions. " * 12
AT_ONCE = 500


def add_modules(url: str, count: int, seed: int) -> list[str]:
    """Write them; answers with the tasks that exist. A third of the modules name one task, the others up to three."""
    database = Database(url).open()
    try:
        with database.read() as session:
            tasks = list(reference.statements(session))
            skills: dict[str, list[str]] = {}
            for task, skill in reference.links(session):
                skills.setdefault(task, []).append(skill)
        rows = _rows(count, tasks, skills, random.Random(seed))  # noqa: S311 - a repeatable draw
        for part in batches(rows, AT_ONCE):

            def write(session: Session, part: list[tuple[ItemRow, VersionRow]] = part) -> None:
                session.add_all(row for pair in part for row in pair)

            database.writer.write(write)
        return tasks
    finally:
        database.close()


def _rows(
    count: int, tasks: list[str], skills: dict[str, list[str]], draw: random.Random
) -> Iterator[tuple[ItemRow, VersionRow]]:
    for number in range(count):
        served = draw.sample(tasks, draw.randint(1, 3))
        taken = sorted({skill for task in served for skill in skills.get(task, ())})
        name = f"module-{number:05}"
        item, version = f"at://{_DID}/org.skillnet.module/{name}", f"at://{_DID}/org.skillnet.moduleVersion/{name}"
        level, trades = draw.choice(_LEVELS), sorted({task.partition("/")[0] for task in served})
        facts = {
            "title": f"Module {number}", "description": "What helps with the work.", "language": "en",
            "license": "CC-BY-4.0", "layer": "capability", "level": level, "minutes": 10,
            "tasks": served, "skills": taken, "occupations": trades,
        }  # fmt: skip
        at = number * 1_000_000
        yield (
            ItemRow(
                uri=item, kind="module", did=_DID, name=name, version_uri=version, version_cid=f"bafy{number}",
                title=f"Module {number}", description="What helps with the work.", language="en", licence="CC-BY-4.0",
                layer="capability", level=level, minutes=10, tasks=served, skills=taken,
                occupations=trades, first_seen=at, updated_at=at,
            ),
            VersionRow(
                uri=version, cid=f"bafy{number}", item_uri=item, did=_DID, major=1,
                value={"$type": "org.skillnet.moduleVersion", "name": name, "body": _WORDS, **facts}, first_seen=at,
            ),
        )  # fmt: skip
