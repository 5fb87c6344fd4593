"""The rows of `bench tasks`. Pages and questions are asked of a served node, over HTTP, each of another task."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from node.cli.bench.figures import Row, percentile, row
from node.cli.bench.running import Running, running
from node.cli.bench.tasks.modules import add_modules
from node.cli.terminal.progress import Progress

Question = tuple[str, dict[str, str]]
SECONDS, SECONDS_AGAIN, MEGABYTES = 60, 10, 600
PAGE, QUESTION, SENTENCE = 100, 50, 200  # ms
ASKED, WARMING = 120, 3
WARM = 300.0  # seconds that the node may take to read its graph after the start


@dataclass(frozen=True, slots=True)
class Effort:
    """What is measured: releases to import, a database of one's own, modules in the catalogue."""

    release: Path
    newer: Path | None = None
    database: str = ""
    modules: int = 10_000
    seed: int = 1


def measure(effort: Effort, progress: Progress) -> Iterator[Row]:
    """All rows, as they are found."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "node"
        with running(folder, effort.database) as node:
            progress("importing", 0.05)
            yield from _imports(node, effort)
        progress("adding modules", 0.4)
        tasks = add_modules(effort.database or f"sqlite:///{folder / 'skillnet.db'}", effort.modules, effort.seed)
        with running(folder, effort.database) as node:
            progress("asking", 0.6)
            yield from _questions(node, tasks, effort)


def _imports(node: Running, effort: Effort) -> Iterator[Row]:
    before = node.peak_mb()
    first = node.imported("onet", effort.release)
    peak, counts = node.peak_mb(), first["counts"]
    said = ", ".join(f"{counts[name]:,} {name}" for name in ("occupations", "tasks", "links", "titles"))
    yield row(f"import O*NET {first['version']}: {said}", "s", first["seconds"], SECONDS)
    if before and peak:
        yield row("memory of all processes, at most", "MB", peak, MEGABYTES)
    again = node.imported("onet", effort.release)
    fine = again["state"] == "unchanged" and again["seconds"] <= SECONDS_AGAIN
    yield row(f"the same again: {again['state']}", "s", again["seconds"], SECONDS_AGAIN, ok=fine)
    if effort.newer is not None:
        newer = node.imported("onet", effort.newer)
        changed = ", ".join(f"{len(newer['changes'][name])} {name}" for name in ("added", "removed", "reworded"))
        yield row(f"import O*NET {newer['version']}: {changed}", "s", newer["seconds"], SECONDS)


def _questions(node: Running, tasks: list[str], effort: Effort) -> Iterator[Row]:
    draw = random.Random(effort.seed)  # noqa: S311 - a repeatable draw
    asked = draw.sample(tasks, min(ASKED, len(tasks)))
    occupations = sorted({task.partition("/")[0] for task in asked})[:ASKED]
    node.web.get("/api/reference/find", params={"q": "warm", "kind": "task"}, timeout=WARM).raise_for_status()
    known = f"with {effort.modules:,} modules"
    yield _asked(node, f"occupation page {known}", PAGE, ((f"/occupations/{code}", {}) for code in occupations))
    yield _asked(node, f"task page {known}", PAGE, ((f"/tasks/{task}", {}) for task in asked))
    offers = (("/api/reference/modules", {"task": task}) for task in asked)
    yield _asked(node, f"modules for a task within two bridges {known}", QUESTION, offers)
    graph = (("/xrpc/org.skillnet.task.getTask", {"id": task}) for task in asked)
    yield _asked(node, "org.skillnet.task.getTask", PAGE, graph)
    sheets: Iterator[Question] = ((f"/occupations/{code}/coverage.csv", {}) for code in occupations)
    yield _asked(node, "coverage as CSV", PAGE, sheets)
    words = [("/api/reference/find", {"q": f"I {_plain(node, task)}"}) for task in asked[:40]]
    yield _asked(node, "a sentence to its task", SENTENCE, words)


def _plain(node: Running, task: str) -> str:
    found = node.web.get("/xrpc/org.skillnet.task.getTask", params={"id": task}).json()
    return str(found["entry"]["title"]).lower()


def _asked(node: Running, name: str, goal: float, questions: Iterable[Question]) -> Row:
    """The 95th percentile of whole answers by the clock, and the node's processor time for one; a few warm up."""
    taken, began_cpu = list[float](), 0.0
    for place, (path, query) in enumerate(questions):
        if place == WARMING:
            began_cpu = node.processor_ms()
        began = time.perf_counter()
        node.web.get(path, params=query).raise_for_status()
        taken.append((time.perf_counter() - began) * 1000)
    counted = taken[WARMING:]
    processor = round((node.processor_ms() - began_cpu) / len(counted), 1)
    return row(name, "ms p95", round(percentile(counted, 0.95), 1), goal, processor_ms=processor)
