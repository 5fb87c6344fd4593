"""One worker alone on a new node: nothing shared was learned, items carry only an author's level.

In a log without authors the tag is made as an author would make it: items in five classes by how hard they were for
training users. Weights are the ones a new node starts with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from node.personalizer.evaluation.ease import ease_of_items
from node.personalizer.evaluation.logs.log import History
from node.personalizer.learner.shared import Shared
from node.personalizer.levels import LEVELS

PRIOR = 5.0


def tag_items(histories: Iterable[History]) -> dict[str, str]:
    """Item → level, by fifths of smoothed success."""
    ease = ease_of_items(histories, PRIOR)
    if not ease:
        return {}
    bounds = np.quantile(list(ease.values()), [0.2, 0.4, 0.6, 0.8])
    return {item: LEVELS[4 - int(np.searchsorted(bounds, value))] for item, value in ease.items()}


def tagged(histories: Iterable[History], tags: dict[str, str]) -> list[History]:
    """The same answers with lessons that carry their level."""
    return [
        tuple(a._replace(lesson=replace(a.lesson, level=tags.get(a.lesson.item))) for a in history)
        for history in histories
    ]


def cold_shared() -> Shared:
    """What a new node knows."""
    return Shared()
