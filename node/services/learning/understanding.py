"""A worker's words as tasks, skills and modules of the catalogue, by search. The words go no further than this node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log1p
from typing import TYPE_CHECKING

from node.services.learning.sealed.profile import Profile, StatedGoal
from node.services.learning.shelf import Shelf
from node.store.catalogue import MEMBERS
from node.store.tables.catalogue import ItemRow

if TYPE_CHECKING:
    from node.personalizer.worker import TaskInHand
    from node.search.result import Hit
    from node.services.finding.finder import Finder

LOOKED_AT = 30
LIKE_ENOUGH = 0.5
ABOUT_IT = 0.25
BY_CHANCE, ALL_BY_CHANCE = 0.2, 0.4
STEM = 5
NEARLY = 0.75
TASKS_OF_GOAL = 3
MODULES_OF_GOAL = 3
SKILLS_OF_GOAL = 6
SAME_WORK = 0.9
OTHER_TRADE = 0.6
MOST_WORDS = 16
USUAL = 10


@dataclass(frozen=True, slots=True)
class Understood:
    """What was found for some words: items with how well each matches, 0..1, best first."""

    tasks: list[tuple[ItemRow, float]] = field(default_factory=list)
    modules: list[tuple[ItemRow, float]] = field(default_factory=list)

    @property
    def task(self) -> ItemRow | None:
        """The task that was most likely meant."""
        return next((row for row, match in self.tasks if match >= LIKE_ENOUGH), None)


class Understanding:
    """Searches this node's own index, as a member of the organisation."""

    def __init__(self, shelf: Shelf, finder: Finder) -> None:
        self._shelf = shelf
        self._finder = finder

    def of(self, text: str) -> Understood:
        """Tasks and modules that the words are about; nothing for no words."""
        from node.search.request import SearchRequest

        plain = _plain(text)
        if not plain:
            return Understood()
        request = SearchRequest(
            plain,
            audiences=MEMBERS,
            filters={"kind": ("module", "task")},
            limit=LOOKED_AT,
            instant=False,
            snippets=False,
        )
        hits = self._finder.search(request).hits
        rows = self._shelf.find_items(hit.id for hit in hits if hit.kind in ("task", "module"))
        wanted = self._weights(_content(plain))
        found = [(rows[hit.id], _match(hit, _covered(wanted, rows[hit.id]))) for hit in hits if hit.id in rows]
        found = [(row, match) for row, match in found if match >= ABOUT_IT]
        return Understood(_of_kind(found, "task"), _of_kind(found, "module"))

    def _weights(self, words: Mapping[str, str]) -> dict[str, float]:
        """How much each word says, by how few texts have it; one that none has is like one in every tenth."""
        from node.search.request import SearchRequest

        request = SearchRequest(
            audiences=MEMBERS, filters={"kind": ("module", "task")}, limit=0, instant=False, typos=False
        )
        whole = self._finder.search(request).total
        weights = {}
        for stem, word in list(words.items())[:MOST_WORDS]:
            having = self._finder.search(replace(request, text=word)).total
            weights[stem] = 1.0 + log1p(whole / (having + 1) if having else USUAL)
        return weights

    def task_in_hand(self, text: str) -> tuple[TaskInHand, ItemRow | None]:
        """The task that the worker faces, and the catalogue's task that it was taken for."""
        from node.personalizer.worker import TaskInHand

        understood = self.of(text)
        task = understood.task
        near = {row.uri: match * SAME_WORK for row, match in understood.tasks if row is not task}
        near |= {row.source: match * SAME_WORK for row, match in understood.tasks if row.source}
        in_hand = TaskInHand(
            title=text,
            uri=task.uri if task else None,
            skills=frozenset(task.skills) if task else frozenset(),
            near=near,
            matches={row.uri: match for row, match in understood.modules},
        )
        return in_hand, task

    def map_goals(self, profile: Profile) -> Profile:
        """Goals without tasks and skills get those that search proposes; the worker confirms or changes them."""
        return replace(
            profile,
            goals=tuple(
                goal if goal.is_mapped or goal.confirmed else self._map(goal, profile.occupations)
                for goal in profile.goals
            ),
        )

    def _map(self, goal: StatedGoal, occupations: Sequence[str]) -> StatedGoal:
        understood = self.of(goal.text)
        tasks = _surely(_nearer(understood.tasks, occupations))[:TASKS_OF_GOAL]
        modules = _surely(_nearer(understood.modules, occupations))[:MODULES_OF_GOAL]
        ids = dict.fromkeys(name for row in tasks for name in (row.uri, row.source) if name)
        skills = dict.fromkeys(skill for row in (*modules, *tasks) for skill in row.skills)
        return replace(goal, tasks=tuple(ids), skills=tuple(skills)[:SKILLS_OF_GOAL])


def _nearer(found: Sequence[tuple[ItemRow, float]], occupations: Sequence[str]) -> list[tuple[ItemRow, float]]:
    """The same words mean other things in other trades: what is for the worker's own occupation comes first."""
    own = set(occupations)
    near = [(row, match * (1.0 if not own or own & set(row.occupations) else OTHER_TRADE)) for row, match in found]
    return sorted(near, key=lambda pair: (-pair[1], pair[0].uri))


def _surely(found: Sequence[tuple[ItemRow, float]]) -> list[ItemRow]:
    """Those that match well, and nearly as well as the best."""
    least = max([LIKE_ENOUGH, *(NEARLY * match for _, match in found[:1])])
    return [row for row, match in found if match >= least]


def _match(hit: Hit, covered: float) -> float:
    """0..1. An engine's best hit may still be beside the point: which of the words say what it is about decides.

    A long text has all words of a sentence by chance, only less often than some of them.
    """
    text = min(1.0, max(0.0, hit.parts.text))
    chance = ALL_BY_CHANCE if hit.parts.tier == "all" else BY_CHANCE
    trusted = text * (chance + (1 - chance) * covered)
    return max(trusted, covered if covered >= LIKE_ENOUGH else 0.0)


def _content(text: str) -> dict[str, str]:
    """The words that a question hangs on, by their beginnings."""
    from node.search.text.fold import fold
    from node.search.text.languages import FUNCTION_WORDS

    return {word[:STEM]: word for word in fold(text).split() if word not in FUNCTION_WORDS and len(word) > 1}


def _covered(wanted: Mapping[str, float], row: ItemRow) -> float:
    """Which part of the words, by what they say, stands in the title, the description and the skills."""
    said = _content(_plain(" ".join([row.title, row.description, *row.skills]).replace("-", " "), longest=2000))
    return sum(weight for stem, weight in wanted.items() if stem in said) / (sum(wanted.values()) or 1.0)


def _of_kind(found: Iterable[tuple[ItemRow, float]], kind: str) -> list[tuple[ItemRow, float]]:
    return sorted(((row, match) for row, match in found if row.kind == kind), key=lambda pair: (-pair[1], pair[0].uri))


def _plain(text: str, longest: int = 300) -> str:
    """Words only: what somebody faces is a sentence, not a query with operators."""
    words = "".join(letter if letter.isalnum() or letter in "'-’" else " " for letter in text).split()
    return " ".join(words)[:longest]
