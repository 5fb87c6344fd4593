"""What the rivals choose among: lessons of one skill at one level, the best found by practitioners first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from node.personalizer.candidates import NOT_RANKED, Candidate
from node.personalizer.levels import LEVELS
from node.personalizer.worker import WorkerView


@dataclass(slots=True, eq=False)
class Arm:
    """Lessons of one skill at one level, and how the last ones went."""

    skill: str
    level: int
    lessons: list[Candidate]
    open: bool = False
    went: list[float] = field(default_factory=list)

    def take(self) -> Candidate:
        """The next lesson, from the start again when all were done."""
        self.lessons.append(self.lessons.pop(0))
        return self.lessons[-1]

    def success(self, last: int) -> float:
        """Share of successes among the last so many."""
        lately = self.went[-last:]
        return sum(lately) / len(lately) if lately else 0.0

    @property
    def spent(self) -> bool:
        """Whether every lesson was given."""
        return len(self.went) >= len(self.lessons)


def arms_of(candidates: Sequence[Candidate]) -> dict[tuple[str, int], Arm]:
    """By skill and level; skills in the order of the catalogue, lessons by curation."""
    arms: dict[tuple[str, int], Arm] = {}
    for candidate in candidates:
        key = (candidate.skills[0], LEVELS.index(candidate.level))
        arms.setdefault(key, Arm(*key, [])).lessons.append(candidate)
    for arm in arms.values():
        arm.lessons.sort(key=lambda c: -(NOT_RANKED if c.score is None else c.score))
    return arms


def scope_of(candidates: Sequence[Candidate], worker: WorkerView, *, told: bool) -> list[Candidate]:
    """The lessons a rival works through: those of the role; where `told`, of the goals and then of what is done now.

    Whoever named neither goals nor tasks gets the role's, whoever named no role everything.
    """
    role = [c for c in candidates if not set(worker.occupations).isdisjoint(c.occupations)] or list(candidates)
    if not told:
        return role
    tasks = {task for goal in worker.goals for task in goal.tasks}
    skills = {skill for goal in worker.goals for skill in goal.skills}
    wanted = [c for c in candidates if not tasks.isdisjoint(c.tasks) or not skills.isdisjoint(c.skills)]
    current = [c for c in candidates if not worker.tasks.isdisjoint(c.tasks)]
    return list({candidate.uri: candidate for candidate in (*wanted, *current)}.values()) or role
