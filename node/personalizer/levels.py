"""The five Dreyfus levels as places on the skill scale (log-odds), and the three layers.

Levels lie 0.75 apart, competent at 0: a step of one level changes the odds of doing the work unaided about twofold.
"""

from __future__ import annotations

from node.personalizer.errors import LevelUnknown

NOVICE = "novice"
ADVANCED_BEGINNER = "advanced-beginner"
COMPETENT = "competent"
PROFICIENT = "proficient"
EXPERT = "expert"
LEVELS = (NOVICE, ADVANCED_BEGINNER, COMPETENT, PROFICIENT, EXPERT)
STEP = 0.75

LAYERS = ("tool", "concept", "capability")

_STANDARDS = {level: STEP * (place - 2) for place, level in enumerate(LEVELS)}


def get_standard(level: str) -> float:
    """The standard of work at this level on the skill scale; raises `LevelUnknown`."""
    try:
        return _STANDARDS[level]
    except KeyError:
        raise LevelUnknown(f"There is no level {level!r}.") from None


def level_of(mean: float) -> str:
    """The level whose standard is nearest to this place on the skill scale."""
    return LEVELS[min(4, max(0, round(mean / STEP) + 2))]
