"""What the catalogue holds for an occupation: its tasks, its skills, and which occupation some words may mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from node.search.request import SearchRequest
from node.services import naming
from node.services.assembly import Services
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from node.store.tables.catalogue import ItemRow

LOOKED_AT = 12
STEM = 5  # letters that two words of one family share: "nurse", "nursing"
MOST_TASKS, MOST_SKILLS = 12, 8


@dataclass(frozen=True, slots=True)
class Work:
    """What an occupation does, as far as this node knows: task id → title; skills, the most used first."""

    tasks: Mapping[str, str]
    skills: tuple[str, ...]


def fitting_occupations(services: Services, role: str) -> list[str]:
    """Every occupation with a name here, those that fit the role first, the rest by name."""
    names = naming.known_occupations()
    fit = _by_words(role, names) + _by_catalogue(services, role)
    first = [code for code, _ in fit.most_common() if code in names]
    return list(dict.fromkeys([*first, *sorted(names, key=lambda code: names[code])]))


def find_occupation(services: Services, role: str) -> str | None:
    """A guess at the occupation that is meant: its name has a word of the role, and what is written for it fits."""
    named, served = _by_words(role, naming.known_occupations()), _by_catalogue(services, role)
    likely = [code for code in named if served[code]]
    return max(likely, key=lambda code: (named[code] + served[code], code.startswith("onet:")), default=None)


def load_work(services: Services, occupations: Iterable[str]) -> Work:
    """Tasks and skills of some occupations."""
    wanted = set(occupations)
    with services.database.read() as session:
        items = [row for row in catalogue.list_items(session, MEMBERS) if not row.retired] if wanted else []
    here = [row for row in items if wanted.intersection(row.occupations)]
    skills = Counter(skill for row in here for skill in row.skills)
    return Work(_tasks(here, wanted), tuple(skill for skill, _ in skills.most_common(MOST_SKILLS)))


def sources_of(services: Services, tasks: Iterable[str]) -> tuple[str, ...]:
    """The tasks, each decomposed one followed by the reference task that it decomposes."""
    chosen = list(tasks)
    with services.database.read() as session:
        rows = catalogue.find_items(session, [task for task in chosen if task.startswith("at://")], MEMBERS)
    return tuple(dict.fromkeys(name for task in chosen for name in (task, _source(rows.get(task))) if name))


def languages_here(services: Services) -> list[str]:
    """Languages of the catalogue."""
    with services.database.read() as session:
        return sorted({row.language for row in catalogue.list_items(session, MEMBERS) if row.language})


def _tasks(rows: Iterable[ItemRow], occupations: Iterable[str]) -> dict[str, str]:
    """Decomposed tasks first; then the reference tasks of the occupation that modules name."""
    rows = list(rows)
    own = {row.uri: row.title for row in rows if row.kind == "task"}
    told = {row.source for row in rows if row.kind == "task"}
    named = Counter(task for row in rows if row.kind == "module" for task in row.tasks if task not in told)
    prefixes = tuple(f"{code}/" for code in occupations)
    reference = {task: naming.task_name(task) for task, _ in named.most_common() if task.startswith(prefixes)}
    return dict([*own.items(), *reference.items()][:MOST_TASKS])


def _source(row: ItemRow | None) -> str:
    return row.source if row is not None else ""


def _by_words(role: str, names: Mapping[str, str]) -> Counter[str]:
    said = _stems(role)
    return Counter({code: 2 * len(said & _stems(name)) for code, name in names.items() if said & _stems(name)})


def _by_catalogue(services: Services, role: str) -> Counter[str]:
    """Occupations of what a search for the role finds, nearer hits more."""
    plain = " ".join("".join(letter if letter.isalnum() else " " for letter in role).split())[:200]
    if not plain:
        return Counter()
    request = SearchRequest(
        plain, audiences=MEMBERS, filters={"kind": ("module", "task")}, limit=LOOKED_AT, instant=False, snippets=False
    )
    hits = services.finder.glance(request).hits
    with services.database.read() as session:
        rows = catalogue.find_items(session, [hit.id for hit in hits], MEMBERS)
    found: Counter[str] = Counter()
    for place, hit in enumerate(hits):
        for code in rows[hit.id].occupations if hit.id in rows else ():
            found[code] += 1 if place < 3 else 0
    return found


def _stems(text: str) -> set[str]:
    words = "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()
    return {word.rstrip("s")[:STEM] for word in words if len(word) > 3}
