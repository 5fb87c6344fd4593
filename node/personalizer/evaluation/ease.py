"""How easy items are by a log: their success, smoothed towards that of all."""

from __future__ import annotations

from collections.abc import Iterable

from node.personalizer.evaluation.logs.log import History


def ease_of_items(histories: Iterable[History], prior: float) -> dict[str, float]:
    """Item → success between 0 and 1, as if `prior` more answers of the mean had been given."""
    tried: dict[str, float] = {}
    solved: dict[str, float] = {}
    for history in histories:
        for answer in history:
            item = answer.lesson.item
            tried[item] = tried.get(item, 0.0) + 1.0
            solved[item] = solved.get(item, 0.0) + answer.correct
    mean = sum(solved.values()) / max(1.0, sum(tried.values()))
    return {item: (solved[item] + prior * mean) / (tried[item] + prior) for item in tried}
