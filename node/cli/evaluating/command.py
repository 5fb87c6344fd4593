"""`evaluate`: this node's engines on data that somebody brings. Nothing of a node is needed or touched."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from node.cli.reaching.options import AsJson, Misused, NoneOrMore
from node.cli.terminal.output import counted, show, show_json, show_table
from node.cli.terminal.progress import progress_bar
from node.errors import Malformed

if TYPE_CHECKING:
    from node.search.document import SearchDocument
    from node.search.engine import SearchEngine
    from node.search.evaluation import Answerer

Engine = Literal["auto", "embedded", "meilisearch", "lookup"]
Seed = Annotated[int, Parameter(help="Draws are repeatable: the same seed gives the same figures.")]


def register(app: App) -> None:
    """Add the commands."""
    evaluations = App(name="evaluate", help="Score this node's engines on data you bring.")
    for command in (ranking, search, learner, feed, merges):
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
    print(found.get("reason") or f"{counted(len(found['scores']), 'module')}, built in {found['build_ms']} ms")
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
    engine: Annotated[
        Engine, Parameter(help="Which part of the node is asked; auto: names by lookup, else the index.")
    ] = "auto",
    model: Annotated[str, Parameter(help="Folder or endpoint of a model for meanings, for the lookup.")] = "",
    json: AsJson = False,
) -> None:
    """Index documents, ask the queries, compare with the judgements."""
    from node.search.evaluation import evaluate
    from node.search.evaluation_files import load_documents

    read = list(load_documents(documents))
    if not read:
        raise Malformed(f"There is no document in {documents}.", hint="JSON Lines: a document on each.")
    with _answerer(engine, model, read) as answerer:
        figures = {"engine": answerer.name, **evaluate(answerer, read, queries, qrels).to_json()}
    if not figures["queries"]:
        raise Malformed(
            f"{qrels} judges nothing that {queries} asks.", hint="The first column of both is the question."
        )
    show(figures, as_json=json, lines=[f"{name}: {value}" for name, value in figures.items()])


@contextlib.contextmanager
def _answerer(engine: Engine, model: str, documents: Sequence[SearchDocument]) -> Iterator[Answerer]:
    import tempfile

    from node.search.answerers import IndexAnswerer, LookupAnswerer, is_list_of_names

    if engine == "lookup" or (engine == "auto" and is_list_of_names(documents)):
        from node.search.meaning.loading import load_model

        yield LookupAnswerer(load_model(model) if model else None)
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(_engine(engine, Path(folder))) as opened:
        yield IndexAnswerer(opened, "meilisearch" if engine == "meilisearch" else "embedded")


def _engine(name: Engine, folder: Path) -> SearchEngine:
    if name == "meilisearch":
        from node.cli.bench.command import meilisearch_engine

        return meilisearch_engine()
    from node.search.tantivy_engine.engine import TantivyEngine

    return TantivyEngine.create(folder / "index")


def learner(
    *,
    log: Annotated[Path, Parameter(help="CSV: user_id,item_id,skill_id,correct,timestamp[,split]; others too.")],
    test: Annotated[
        Path | None, Parameter(help="The test part, where a split was published in two files: scored, not trained on.")
    ] = None,
    seed: Seed = 1,
    json: AsJson = False,
) -> None:
    """Score the learner model on a log of answers, rivals in the same run.

    The split column may name train and test, or folds; without one, users are dealt into five folds. A log may be
    packed (gzip, xz, bzip2, zip), and be as ASSISTments, DataShop, the KDD Cup 2010, Riiid, Junyi, Eedi or pyKT hand
    theirs on, have three, four or six lines for a student, or be EdNet-KT1's folder with its contents beside it.
    """
    import numpy as np

    from node.cli.evaluating.log_files import open_log
    from node.personalizer.evaluation.learner import evaluate_learner
    from node.personalizer.evaluation.logs.log import parse_log

    with contextlib.ExitStack() as files:
        lines, held_out = (files.enter_context(open_log(path)) if path else None for path in (log, test))
        read = parse_log(lines or (), held_out)
    with progress_bar() as progress:
        report = evaluate_learner(read, np.random.default_rng(seed), time.process_time, progress).to_dict()
    if json:
        show_json(report)
        return
    print("{users} users, {items} items, {skills} skills, {answers} answers, split: {split}".format(**report))
    names = ("model", "auc", "log_loss", "calibration_error", "us")
    show_table(report["scores"], {name: name for name in names}, empty="")


def feed(
    *,
    seed: Annotated[list[int] | None, Parameter(help="May be given several times.")] = None,
    world: Annotated[str, Parameter(help="Another's simulator: a command that speaks JSON Lines.")] = "",
    tag_noise: Annotated[float, NoneOrMore, Parameter(help="SD of the errors in authors' levels, in log-odds.")] = 0.0,
    json: AsJson = False,
) -> None:
    """Compare the feed with its rivals in the simulator, or in another's: gain per hour by learning law."""
    from node.personalizer.evaluation.simulator.simulation import simulate
    from node.personalizer.evaluation.simulator.world import Size

    seeds = seed or [1]
    if world:
        from node.cli.evaluating.other_world import ask_world
        from node.personalizer.evaluation.simulator.remote import simulate_remote

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


def merges(
    *,
    records: Annotated[
        list[Path], Parameter(help="JSON Lines: base, ours, theirs, result, git_conflicts. May be given several times.")
    ],
    json: AsJson = False,
) -> None:
    """Repeat merges that people made: as git where git can, and else how often to what they committed."""
    from node.authoring.merge.evaluation import evaluate_merges

    figures = evaluate_merges(_merge_records(records)).to_json()
    if not figures["clean"] and not figures["conflicting"]:
        raise Malformed("There is no merge in what was named.", hint="JSON Lines: a merge on each.")
    show(figures, as_json=json, lines=[f"{name}: {value}" for name, value in figures.items()])


def _merge_records(files: list[Path]) -> Iterator[dict[str, Any]]:
    from json import loads

    for file in files:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    record = loads(line)
                    _ = [record[name] for name in ("base", "ours", "theirs", "result", "git_conflicts")]
                except (ValueError, TypeError, KeyError) as error:
                    raise Malformed(f"{file}:{number} is no merge: {error}") from error
                yield record
