"""Rows of `bench feed` that need more than the personalizer: gains beside the rivals, and a whole node's night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from node.cli.bench.figures import Row, row
from node.cli.terminal.progress import Progress

NOISE = 1.0
LEAST_KEPT = 0.9
NIGHT_GOAL = 300 / 10_000  # seconds a worker


def gain_rows(seeds: Iterable[int], progress: Progress) -> list[Row]:
    """Gain per hour by law. Goals stand beside the rivals as published; beside stronger ones, what was measured."""
    from node.personalizer.evaluation.simulator.simulation import simulate
    from node.personalizer.evaluation.simulator.world import Size

    seeds = list(seeds)
    clean = simulate(seeds, progress=progress)
    noisy = {one.law: one for one in simulate(seeds, Size(tag_noise=NOISE), progress, feed_only=True)}
    return [found for one in clean for found in (*_beside_rivals(one), _with_noise(one, noisy[one.law]))]


def _beside_rivals(found: Any) -> Iterator[Row]:
    from node.personalizer.evaluation.simulator.simulation import BANDIT, FEED, MASTERY

    goals = {BANDIT: 1.3, MASTERY: 1.8}
    for rival in found.gains:
        if rival != FEED:
            goal, ratio = goals.get(rival), round(found.ratio(rival), 3)
            yield row(
                f"law {found.law}: gain", "an hour", round(found.gains[FEED], 4), goal=f"≥ {goal}×" if goal else "",
                ok=goal is None or ratio >= goal, rival=round(found.gains[rival], 4), rival_name=rival, ratio=ratio,
            )  # fmt: skip


def _with_noise(clean: Any, noisy: Any) -> Row:
    from node.personalizer.evaluation.simulator.simulation import FEED

    ratio = round(noisy.gains[FEED] / clean.gains[FEED], 3)
    return row(
        f"law {clean.law}: gain with noisy tags (SD {NOISE})", "an hour", round(noisy.gains[FEED], 4),
        goal=f"≥ {LEAST_KEPT}×", ok=ratio >= LEAST_KEPT, rival=round(clean.gains[FEED], 4), rival_name="true tags",
        ratio=ratio,
    )  # fmt: skip


def night_row(workers: int, progress: Progress) -> Row:
    """A real node with so many workers, each with a history; the goal of 300 s for 10,000 in proportion."""
    import tempfile
    from pathlib import Path

    from node.app.learning_world import time_a_night

    with tempfile.TemporaryDirectory() as folder:
        seconds = round(time_a_night(Path(folder), workers, progress), 1)
    return row(f"night of {workers:,} workers", "s", seconds, round(NIGHT_GOAL * workers, 1))
