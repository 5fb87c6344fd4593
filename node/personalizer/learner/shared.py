"""What is shared between workers and personal to none: weights of the terms, difficulty of items and skills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from node.personalizer.learner.prior import Prior
from node.personalizer.levels import get_standard

TERMS = (
    "start",
    "successes on the skill lately",
    "practice on the skill",
    "successes on the skill",
    "successes in general lately",
    "practice in general",
    "successes in general",
    "practice on this item",
    "successes on this item",
    "practised just now",
    "mastery of the skill",
    "new skill",
    "new skill, success in general",
    "new skill, mastery of its neighbours",
    "rust since last practice",
)

# Set by hand for a node of which nothing is known yet. Fitting the training part of the published ASSISTments 2009
# split gives the same signs for what counts most, but a lower start (.40) and less for mastery (.63) and for the
# skill's own successes (.13): there items' ease is known from thousands of pupils, here it is not. Rust is a judgement:
# those logs have no clock. `evaluate learner` scores these weights as “skillnet, cold”.
DEFAULT_WEIGHTS = (0.75, 0.33, -0.1, 0.1, 0.16, -0.05, 0.05, -0.2, 0.2, 0.1, 1.0, 0.0, 0.0, 0.0, -0.15)

TAG_TRUST = 0.85


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a prediction is about: an item, the skills it builds, the author's level (None where there is no tag)."""

    item: str
    skills: tuple[str, ...]
    level: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Parameters of the model that come from many workers or from authors. Offsets are log-odds, + is easier."""

    weights: Sequence[float] = DEFAULT_WEIGHTS
    items: Mapping[str, float] = field(default_factory=dict)
    skills: Mapping[str, float] = field(default_factory=dict)
    prior: Prior = field(default_factory=Prior)
    drift: float = 0.02
    skill_decay: float = 0.8
    overall_decay: float = 0.95

    def ease(self, lesson: Lesson) -> float:
        """Learned ease of the item, else what the author's level says, else 0. Log-odds."""
        learned = self.items.get(lesson.item)
        return tag_ease(lesson.level) if learned is None else learned

    def skill_ease(self, skills: tuple[str, ...]) -> float:
        """Mean learned ease of the skills. Log-odds."""
        ease = 0.0
        for skill in skills:
            ease += self.skills.get(skill, 0.0)
        return ease / (len(skills) or 1)


def tag_ease(level: str | None) -> float:
    """How easy an author's tag makes an item, log-odds. Tags err, so they are believed a little less than said."""
    return 0.0 if level is None else -TAG_TRUST * get_standard(level)
