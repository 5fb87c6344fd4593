"""`evaluate`: this node's engines on data that somebody brings. Nothing of a node is needed or touched."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from node.cli.options import AsJson, Misused
from node.cli.output import show, show_json, show_table
from node.cli.progress import progress_bar
from node.errors import Malformed

Seed = Annotated[int, Parameter(help="Draws are repeatable: the same seed gives the same figures.")]


def register(app: App) -> None:
    """Add the commands."""
    evaluations = App(name="evaluate", help="Score this node's engines on data you bring.")
    for command in (ranking, search, learner, feed):
        evaluations.command(command)
    app.command(evaluations)


def ranking(
    *,
    graph: Annotated[Path, Parameter(help="JSON Lines of organisations, practitioners, modules, endorsements, …")],
    viewer: Annotated[str, Parameter(help="Through whose eyes.")],
    task: Annotated[str | None, Parameter(help="Rank for this task only.")] = None,
    at: Annotated[str, Parameter(help="RFC 3339 time that fixes the clock; else the latest endorsement's.")] = "",
    json: AsJson = False,
) -> None:
    """Score the modules of a graph as one organisation sees them, best first."""
    from curation.evaluation import evaluate, parse_graph, parse_time

    with _curation_errors():
        try:
            moment = parse_time(at) if at else None
        except ValueError as error:
            raise Misused(f"--at {at!r} is not a time.", hint="RFC 3339, such as 2026-11-22T00:00:00Z.") from error
        with graph.open(encoding="utf-8") as lines:
            read = parse_graph(lines)
        found = evaluate(read, viewer, task, moment, time.perf_counter)
    if json:
        show_json(found)
        return
    print(found.get("reason") or f"{len(found['scores'])} modules, built in {found['build_ms']} ms")
    show_table(found["scores"], {name: name for name in ("module", "score", "mean", "evidence")}, empty="No modules.")


@contextlib.contextmanager
def _curation_errors() -> Iterator[None]:
    from curation.errors import CurationError

    try:
        yield
    except CurationError as error:
        raise Malformed(str(error), hint=error.hint) from error


def search(
    *,
    documents: Annotated[Path, Parameter(help="Documents, JSON Lines.")],
    queries: Annotated[Path, Parameter(help="Queries: id, tab, text.")],
    qrels: Annotated[Path, Parameter(help="Judgements in TREC form.")],
    engine: Annotated[Literal["embedded", "meilisearch"], Parameter(help="Which engine is asked.")] = "embedded",
    json: AsJson = False,
) -> None:
    """Index documents, ask the queries, compare with the judgements."""
    import tempfile

    from node.search.evaluation import evaluate

    with tempfile.TemporaryDirectory() as folder, contextlib.closing(_engine(engine, Path(folder))) as opened:
        figures = evaluate(opened, documents, queries, qrels).to_json()
    show(figures, as_json=json, lines=[f"{name}: {value}" for name, value in figures.items()])


def _engine(name: str, folder: Path) -> Any:
    if name == "embedded":
        from node.search.tantivy_engine.engine import TantivyEngine

        return TantivyEngine.create(folder / "index")
    from node.cli.benching import meilisearch_engine

    return meilisearch_engine()


def learner(
    *,
    log: Annotated[Path, Parameter(help="CSV: user_id,item_id,skill_id,correct,timestamp[,split].")],
    seed: Seed = 1,
    json: AsJson = False,
) -> None:
    """Score the learner model on a log of answers, rivals in the same run."""
    import numpy as np

    from node.personalizer.evaluation.learner import evaluate_learner
    from node.personalizer.evaluation.log import parse_log

    with log.open(encoding="utf-8", newline="") as lines:
        read = parse_log(lines)
    with progress_bar() as progress:
        report = evaluate_learner(read, np.random.default_rng(seed), time.perf_counter, progress).to_dict()
    if json:
        show_json(report)
        return
    print(f"{report['users']} users, {report['answers']} answers, split: {report['split']}")
    names = ("model", "auc", "log_loss", "calibration_error", "us")
    show_table(report["scores"], {name: name for name in names}, empty="")


def feed(
    *,
    seed: Annotated[list[int] | None, Parameter(help="May be given several times.")] = None,
    world: Annotated[str, Parameter(help="Another's simulator: a command that speaks JSON Lines.")] = "",
    tag_noise: Annotated[float, Parameter(help="SD of the errors in authors' levels, in log-odds.")] = 0.0,
    json: AsJson = False,
) -> None:
    """Compare the feed with its rivals in the simulator, or in another's: gain per hour by learning law."""
    from node.personalizer.evaluation.simulation import simulate
    from node.personalizer.evaluation.world import Size

    seeds = seed or [1]
    if world:
        from node.cli.other_world import ask_world
        from node.personalizer.evaluation.remote import simulate_remote

        with ask_world(world) as ask, progress_bar() as progress:
            rows = [row.to_dict() for row in simulate_remote(seeds, ask, progress)]
    else:
        with progress_bar() as progress:
            rows = [row.to_dict() for row in simulate(seeds, Size(tag_noise=tag_noise), progress)]
    if json:
        show_json({"seeds": seeds, "laws": rows})
        return
    shown = [{"law": row["law"], **{k: f"{v:.3f}" for k, v in row["gain_per_hour"].items()}} for row in rows]
    show_table(shown, {name: name for name in shown[0]} if shown else {}, empty="The world knows no laws.")
