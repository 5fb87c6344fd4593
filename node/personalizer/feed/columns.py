"""Candidates as columns: built once per catalogue and shared by all workers' feeds. Holds nothing personal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from node.personalizer.candidates import NOT_RANKED, Candidate
from node.personalizer.levels import LAYERS, get_standard
from schemas.identifiers import primary_language

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]
LEAST_SCORE = 0.05
BROAD_FROM = 4


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """N candidates. `skill_of` (M,) places of skills, `starts` (N,) where each candidate's run begins.

    `counts` (N,) how many skills each has, at least 1. `by_skill_name`: the place of each skill, in order.
    `standard` (N,) on the skill scale, `minutes` (N,), `curation` and `fresh` (N,) 0..1, `layer` (N,) place in LAYERS.
    `by_*`: id → places of candidates. `needs` (E, 2): candidate, required candidate; `needs_skill`: candidate, skill.
    `works` (V, 2): places of what is one work in several languages, with the place of its first, the original.
    `vouched` (V,): 1 for a version by the original's author; for another's, how near it comes to the best in worth.
    `no_*` (N,): which candidates name none; `broad` (N,): which were made for unlike trades; `families`: occupations
    by scheme and first digits; `complexity`: places of candidates on how work fits the larger system.
    """

    candidates: tuple[Candidate, ...]
    by_skill_name: Mapping[str, int]
    skill_of: IndexArray
    starts: IndexArray
    counts: IndexArray
    standard: FloatArray
    minutes: FloatArray
    curation: FloatArray
    fresh: FloatArray
    layer: IndexArray
    by_uri: Mapping[str, int]
    by_task: Mapping[str, list[int]]
    by_occupation: Mapping[str, list[int]]
    by_skill: Mapping[str, list[int]]
    by_language: Mapping[str, IndexArray]
    works: IndexArray
    vouched: FloatArray
    families: Mapping[tuple[str, str], list[str]]
    complexity: IndexArray
    by_tool: Mapping[str, list[int]]
    needs: IndexArray
    needs_skill: IndexArray
    no_occupation: NDArray[np.bool_]
    no_task: NDArray[np.bool_]
    no_tool: NDArray[np.bool_]
    broad: NDArray[np.bool_]

    def of_work(self, uri: str) -> IndexArray:
        """The places of a candidate and of what is the same in other languages; none for what is not here.

        What somebody else calls a translation puts away itself alone.
        """
        place = self.by_uri.get(uri)
        if place is None or not self.candidates[place].by_original_author:
            return _indices([] if place is None else [place])
        versions, first = self.works.T
        of_it = first[versions == place]
        return versions[first == of_it[0]] if len(of_it) else _indices([place])


def build_columns(candidates: Iterable[Candidate]) -> Columns:
    """Candidates with the same uri: the last wins."""
    chosen = tuple({candidate.uri: candidate for candidate in candidates}.values())
    lessons = [candidate.lesson.skills for candidate in chosen]
    spot = {skill: i for i, skill in enumerate(dict.fromkeys(skill for run in lessons for skill in run))}
    by_uri = {candidate.uri: i for i, candidate in enumerate(chosen)}
    by_task = _inverted(candidate.tasks for candidate in chosen)
    by_occupation = _inverted(candidate.occupations for candidate in chosen)
    by_tool = _inverted(map(_bound_to, chosen))
    needs, needs_skill = _requirements(chosen, by_uri, spot)
    counts = _indices([len(run) for run in lessons])
    works = _works(chosen)
    return Columns(
        candidates=chosen,
        by_skill_name=spot,
        skill_of=_indices([spot[skill] for run in lessons for skill in run]),
        starts=np.cumsum(counts) - counts,
        counts=counts,
        standard=_floats(get_standard(candidate.level) for candidate in chosen),
        minutes=_floats(max(1, candidate.minutes) for candidate in chosen),
        curation=_floats(max(LEAST_SCORE, NOT_RANKED if c.score is None else c.score) for c in chosen),
        fresh=_floats(candidate.fresh for candidate in chosen),
        layer=_indices([LAYERS.index(c.layer) if c.layer in LAYERS else len(LAYERS) - 1 for c in chosen]),
        by_uri=by_uri,
        by_task=by_task,
        by_occupation=by_occupation,
        by_tool=by_tool,
        by_skill=_inverted(lessons),
        by_language={k: _indices(v) for k, v in _inverted((primary_language(c.language),) for c in chosen).items()},
        works=works,
        vouched=_vouched(chosen, works),
        families=_families(by_occupation),
        complexity=_indices([i for i, c in enumerate(chosen) if c.has_complexity]),
        needs=needs,
        needs_skill=needs_skill,
        no_occupation=_missing_from(len(chosen), by_occupation),
        no_task=_missing_from(len(chosen), by_task),
        no_tool=_missing_from(len(chosen), by_tool),
        broad=np.array([is_broad(candidate) for candidate in chosen], dtype=np.bool_),
    )


def family_of(occupation: str) -> Iterator[tuple[str, str]]:
    """Where the classification puts it (O*NET, ISCO): scheme with the first five digits, then with three."""
    scheme, _, code = occupation.partition(":")
    digits = "".join(filter(str.isdigit, code))
    if scheme in ("onet", "isco") and len(digits) >= 3:
        yield scheme, digits[:5]
        yield scheme, digits[:3]


def _families(occupations: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for occupation in occupations:
        for family in dict.fromkeys(family_of(occupation)):
            found.setdefault(family, []).append(occupation)
    return found


def _works(candidates: Sequence[Candidate]) -> IndexArray:
    by_uri = {candidate.uri: candidate for candidate in candidates}
    found: dict[str, list[int]] = {}
    for i in sorted(range(len(candidates)), key=lambda i: bool(candidates[i].translates)):
        original = by_uri.get(candidates[i].translates, candidates[i])
        work = candidates[i].translates if candidates[i].may_stand_for(original) else ""
        found.setdefault(work or candidates[i].uri, []).append(i)
    return _indices([(i, work[0]) for work in found.values() if len(work) > 1 for i in work]).reshape(-1, 2)


def _vouched(candidates: Sequence[Candidate], works: IndexArray) -> FloatArray:
    best: dict[int, float] = {}
    for i, first in works.tolist():
        best[first] = max(best.get(first, 0.0), _known_worth(candidates[i]))
    return _floats(
        1.0 if candidates[i].by_original_author
        else _known_worth(candidates[i]) / best[first] / _times_longer(candidates[i], candidates[first])
        for i, first in works.tolist()
    )  # fmt: skip


def _known_worth(candidate: Candidate) -> float:
    """What nobody has tried is worth the least here: it would stand in the place of another's."""
    return max(LEAST_SCORE, (candidate.score or 0.0) * candidate.fresh)


def _times_longer(candidate: Candidate, original: Candidate) -> float:
    return max(1.0, candidate.minutes / max(1, original.minutes))


def is_broad(candidate: Candidate) -> bool:
    """Made for trades that have little to do with each other: four or more families of occupations (O*NET, ISCO)."""
    families = {(scheme, code[:2]) for scheme, _, code in (o.partition(":") for o in candidate.occupations)}
    return max((sum(s == scheme for s, _ in families) for scheme, _ in families), default=0) >= BROAD_FROM


def _requirements(
    candidates: Sequence[Candidate], by_uri: Mapping[str, int], spot: Mapping[str, int]
) -> tuple[IndexArray, IndexArray]:
    """Each requirement is a module (by uri or name) or a skill; one that is neither here cannot be judged."""
    by_name = {candidate.name: i for i, candidate in enumerate(candidates)}
    modules: list[tuple[int, int]] = []
    abilities: list[tuple[int, int]] = []
    for i, candidate in enumerate(candidates):
        for required in candidate.requires:
            place = by_uri.get(required, by_name.get(required))
            if place is not None and place != i:
                modules.append((i, place))
            elif required in spot:
                abilities.append((i, spot[required]))
    return _indices(modules).reshape(-1, 2), _indices(abilities).reshape(-1, 2)


def _bound_to(candidate: Candidate) -> tuple[str, ...]:
    """The tools that a module on tools is about; other layers outlive the tool they name."""
    return tuple(tool.casefold() for tool in candidate.tools) if candidate.layer == "tool" else ()


def _missing_from(size: int, places: Mapping[str, list[int]]) -> NDArray[np.bool_]:
    """Which of the candidates (N,) are under no id at all."""
    missing = np.ones(size, dtype=np.bool_)
    for found in places.values():
        missing[found] = False
    return missing


def _inverted(runs: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for i, run in enumerate(runs):
        for key in dict.fromkeys(run):
            found.setdefault(key, []).append(i)
    return found


def _floats(values: Iterable[float]) -> FloatArray:
    return np.fromiter(values, dtype=np.float64)


def _indices(values: Any) -> IndexArray:
    return np.asarray(values, dtype=np.intp)
