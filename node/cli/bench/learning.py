"""Rows of `bench feed` that need more than the personalizer: gains beside the rivals, and a whole node's night."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Progress = Callable[[str, float], None]
NOISE = 1.0
LEAST_KEPT = 0.9
NIGHT_GOAL = 300 / 10_000  # seconds a worker


def gain_rows(seeds: Iterable[int], progress: Progress) -> list[dict[str, Any]]:
    """Gain per hour by law. Goals stand beside the rivals as published; beside stronger ones, what was measured."""
    from node.personalizer.evaluation.simulator.simulation import simulate
    from node.personalizer.evaluation.simulator.world import Size

    seeds = list(seeds)
    clean = simulate(seeds, progress=progress)
    noisy = {row.law: row for row in simulate(seeds, Size(tag_noise=NOISE), progress, feed_only=True)}
    return [found for row in clean for found in (*_beside_rivals(row), _with_noise(row, noisy[row.law]))]


def _beside_rivals(row: Any) -> Iterator[dict[str, Any]]:
    from node.personalizer.evaluation.simulator.simulation import BANDIT, FEED, MASTERY

    goals = {BANDIT: 1.3, MASTERY: 1.8}
    for rival in row.gains:
        if rival != FEED:
            goal, ratio = goals.get(rival), round(row.ratio(rival), 3)
            yield {
                "name": f"law {row.law}: gain", "unit": "an hour", "ours": round(row.gains[FEED], 4),
                "rival": round(row.gains[rival], 4), "rival_name": rival, "ratio": ratio,
                "goal": goal, "ok": goal is None or ratio >= goal,
            }  # fmt: skip


def _with_noise(clean: Any, noisy: Any) -> dict[str, Any]:
    from node.personalizer.evaluation.simulator.simulation import FEED

    ratio = round(noisy.gains[FEED] / clean.gains[FEED], 3)
    return {
        "name": f"law {clean.law}: gain with noisy tags (SD {NOISE})", "unit": "an hour",
        "ours": round(noisy.gains[FEED], 4), "rival": round(clean.gains[FEED], 4), "rival_name": "true tags",
        "ratio": ratio, "goal": LEAST_KEPT, "ok": ratio >= LEAST_KEPT,
    }  # fmt: skip


def night_row(workers: int, progress: Progress) -> dict[str, Any]:
    """A real node with so many workers, each with a history; the goal of 300 s for 10,000 in proportion."""
    import tempfile
    from pathlib import Path

    from node.app.learning_world import time_a_night

    with tempfile.TemporaryDirectory() as folder:
        seconds = round(time_a_night(Path(folder), workers, progress), 1)
    goal = round(NIGHT_GOAL * workers, 1)
    return {
        "name": f"night of {workers:,} workers", "unit": "s", "ours": seconds, "rival": None,
        "rival_name": None, "ratio": None, "goal": goal, "ok": seconds <= goal,
    }  # fmt: skip
