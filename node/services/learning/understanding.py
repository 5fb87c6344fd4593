"""A worker's words as tasks, skills and modules of the catalogue, by search. The words go no further than this node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log1p
from typing import TYPE_CHECKING

from node.services.learning.sealed.profile import Profile, StatedGoal
from node.services.learning.shelf import Shelf
from node.services.learning.wanted import covered_by, meanings_of, plain_of, said_by
from node.store.content.catalogue import MEMBERS
from node.store.tables.catalogue import ItemRow

if TYPE_CHECKING:
    from node.personalizer.worker import TaskInHand
    from node.search.request import SearchRequest
    from node.search.result import Hit
    from node.services.finding.finder import Finder
    from node.services.reference.looking.plain_words import Meaning

LOOKED_AT = 30
LIKE_ENOUGH = 0.5
LIKE_ENOUGH_AT_HOME = 0.4  # there is less in one's own trade that the words could mean
ABOUT_IT = 0.25
BY_CHANCE, ALL_BY_CHANCE = 0.2, 0.4
IN_THE_TEXT, LACKING = 0.6, 0.5
NEARLY = 0.75
TASKS_OF_GOAL = 3
MODULES_OF_GOAL = 3
SKILLS_OF_GOAL = 6
SAME_WORK = 0.9
OTHER_TRADE = 0.6
USUAL = 10

Wanted = Mapping["Meaning", float]
Found = dict[str, tuple[ItemRow, float]]


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

    def of(self, text: str, occupations: Sequence[str] = (), *, deeply: bool = False) -> Understood:
        """Tasks and modules that the words are about; the same words mean other things in other trades.

        `deeply`: in the own trade, what only the texts say counts as well.
        """
        plain = plain_of(text)
        meanings = meanings_of(plain)
        if not meanings:
            return Understood()
        wanted = self._weights(meanings)
        found = self._look(plain, wanted)
        if occupations:
            # The own trade by itself too: in a large catalogue others' texts would come before.
            found = {uri: (row, match * OTHER_TRADE) for uri, (row, match) in found.items()}
            found |= self._look(plain, wanted, occupations)
        if occupations and deeply:
            found = self._deeper(found, wanted, occupations)
        best = [(row, match) for row, match in found.values() if match >= ABOUT_IT]
        return Understood(_of_kind(best, "task"), _of_kind(best, "module"))

    def _look(self, plain: str, wanted: Wanted, occupations: Sequence[str] = ()) -> Found:
        """What search finds, with how well it matches."""
        hits = self._finder.search(replace(_request(plain, occupations), limit=LOOKED_AT, typos=True)).hits
        rows = self._shelf.find_items(hit.id for hit in hits)
        return {hit.id: (rows[hit.id], _match(hit, covered_by(wanted, rows[hit.id]))) for hit in hits if hit.id in rows}

    def _deeper(self, found: Found, wanted: Wanted, occupations: Sequence[str]) -> Found:
        """With modules that have the words in their text; words that the trade's texts lack count half against them."""
        having = {meaning: self._having(meaning, occupations) for meaning in wanted}
        whole = sum(weight * (1.0 if having[meaning] else LACKING) for meaning, weight in wanted.items())
        rows = self._shelf.find_items(set().union(*having.values()))
        for uri, row in rows.items():
            if row.kind != "module":
                continue
            within = {meaning: weight * IN_THE_TEXT for meaning, weight in wanted.items() if uri in having[meaning]}
            share = sum(max(within.get(m, 0.0), weight * said_by(m, row)) for m, weight in wanted.items()) / whole
            lacking = 1.0 - found[uri][1] if uri in found else 1.0
            found[uri] = (row, 1.0 - lacking * (1.0 - share))
        return found

    def _having(self, meaning: Meaning, occupations: Sequence[str]) -> set[str]:
        """The own trade's modules and tasks that say a word of it, by the beginnings of words."""
        requests = [replace(_request(stem, occupations), instant=True, limit=LOOKED_AT) for stem in meaning.own]
        return {hit.id for request in requests for hit in self._finder.search(request).hits}

    def _weights(self, meanings: Iterable[Meaning]) -> dict[Meaning, float]:
        """How much each says, by how few texts have its words; what none has is like one in every tenth."""
        whole = self._finder.search(_request("")).total
        weights = {}
        for meaning in meanings:
            totals = [self._finder.search(replace(_request(stem), instant=True)).total for stem in meaning.own]
            weights[meaning] = 1.0 + log1p(max((whole / (n + 1) if n else USUAL for n in totals), default=USUAL))
        return weights

    def task_in_hand(self, text: str, occupations: Sequence[str] = ()) -> tuple[TaskInHand, ItemRow | None]:
        """The task that the worker faces, and the catalogue's task that it was taken for."""
        from node.personalizer.worker import TaskInHand

        understood = self.of(text, occupations, deeply=True)
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
        understood = self.of(goal.text, occupations)
        tasks = _surely(understood.tasks, occupations)[:TASKS_OF_GOAL]
        modules = _surely(understood.modules, occupations)[:MODULES_OF_GOAL]
        ids = dict.fromkeys(name for row in tasks for name in (row.uri, row.source) if name)
        skills = dict.fromkeys(skill for row in (*modules, *tasks) for skill in row.skills)
        return replace(goal, tasks=tuple(ids), skills=tuple(skills)[:SKILLS_OF_GOAL])


def _surely(found: Sequence[tuple[ItemRow, float]], occupations: Sequence[str]) -> list[ItemRow]:
    """Those that match well, and nearly as well as the best."""
    own = set(occupations)
    least = max(NEARLY * found[0][1] if found else 0.0, LIKE_ENOUGH_AT_HOME)
    return [row for row, match in found if match >= (least if own & set(row.occupations) else max(least, LIKE_ENOUGH))]


def _match(hit: Hit, covered: float) -> float:
    """0..1. An engine's best hit may still be beside the point: which of the words say what it is about decides.

    A long text has all words of a sentence by chance, only less often than some of them.
    """
    text = min(1.0, max(0.0, hit.parts.text))
    chance = ALL_BY_CHANCE if hit.parts.tier == "all" else BY_CHANCE
    trusted = text * (chance + (1 - chance) * covered)
    return max(trusted, covered if covered >= LIKE_ENOUGH else 0.0)


def _request(text: str, occupations: Sequence[str] = ()) -> SearchRequest:
    """One hit among modules and tasks that members may see."""
    from node.search.request import SearchRequest

    filters = {"kind": ("module", "task"), **({"occupation": tuple(occupations)} if occupations else {})}
    return SearchRequest(text, audiences=MEMBERS, filters=filters, limit=1, instant=False, typos=False, snippets=False)


def _of_kind(found: Iterable[tuple[ItemRow, float]], kind: str) -> list[tuple[ItemRow, float]]:
    return sorted(((row, match) for row, match in found if row.kind == kind), key=lambda pair: (-pair[1], pair[0].uri))
