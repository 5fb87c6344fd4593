"""`bench`: the published figures, measured again on this machine, rivals in the same run."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from node.cli.bench.load.load import Load
from node.cli.reaching.options import AsJson, NoneOrMore, Some
from node.cli.terminal.output import show_json, show_table
from node.errors import ConfigurationError, Malformed

if TYPE_CHECKING:
    from node.search.engine import SearchEngine

Seed = Annotated[int, Parameter(help="Draws are repeatable: the same seed gives the same worlds.")]


def register(app: App) -> None:
    """Add the commands."""
    benches = App(name="bench", help="The published figures, re-measured here.")
    for command in (federation, ranking, search, feed, tasks, authoring, load, processes, chaos, keeping):
        benches.command(command)
    app.command(benches)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _show(rows: Iterable[Mapping[str, Any]], *, as_json: bool) -> int:
    """Print the rows; 1 when a goal is missed."""
    found = [dict(row) for row in rows]
    if as_json:
        show_json({"machine": machine(), "rows": found})
    else:
        shown = [{**row, "ok": "yes" if row["ok"] else "NO"} for row in found]
        names = ("name", "unit", "ours", "rival", "rival_name", "ratio", "goal", "ok")
        show_table(shown, {name: name.replace("_", " ") for name in names}, empty="Nothing was measured.")
    return 0 if all(row["ok"] for row in found) else 1


def _measured(measure: Callable[..., Iterable[Mapping[str, Any]]], *asked: Any) -> list[Mapping[str, Any]]:
    """The rows of what is asked; meanwhile it is shown how far it is."""
    from node.cli.terminal.progress import progress_bar

    with progress_bar() as progress:
        return list(measure(*asked, progress))


def federation(
    *,
    requests: Annotated[int, Some, Parameter(help="Requests of each kind sent to the node.")] = 5_000,
    repositories: Annotated[int, Some, Parameter(help="Repositories hosted where many are measured.")] = 10_000,
    hosts: Annotated[int, Some, Parameter(help="Hosts followed at a time, nine of ten of them dead.")] = 1_000,
    json: AsJson = False,
) -> int:
    """Serving and verifying, against the official server where `.ci/install-counterparts` has installed it."""
    from node.cli.bench.federation.rows import Sizes, measure
    from node.logs import configure_logs

    configure_logs("error", as_json=False)
    return _show(measure(Sizes(requests, repositories, hosts)), as_json=json)


def ranking(
    *,
    worlds: Annotated[int, Some, Parameter(help="Worlds for each figure.")] = 3,
    minted: Annotated[int, Some, Parameter(help="Accounts in the largest attacks.")] = 10_000,
    endorsements: Annotated[int, Some, Parameter(help="Size of the world that speed is measured in.")] = 1_000_000,
    seed: Seed = 1,
    json: AsJson = False,
) -> int:
    """Quality, resistance to seven attacks, and speed of the ranking."""
    import numpy as np

    from curation.worlds.bench import Effort, bench, speed_rows
    from curation.worlds.honest import Shape, honest_world

    random = np.random.default_rng(seed)
    rows = bench(random, Effort(worlds, minted))
    if endorsements:
        usual = Shape()
        scale = (endorsements / usual.endorsements) ** 0.75
        large = Shape(
            practitioners=round(usual.practitioners * scale),
            modules=round(usual.modules * scale),
            endorsements=endorsements,
        )
        rows += speed_rows(honest_world(random, large), time.perf_counter, random)
    return _show(rows, as_json=json)


def search(
    *,
    documents: Annotated[int, Some, Parameter(help="How many documents are indexed.")] = 100_000,
    questions: Annotated[int, Some, Parameter(help="How many are asked.")] = 200,
    json: AsJson = False,
) -> int:
    """Speed and tolerance of search, beside SQLite FTS5 and, where a server is set, Meilisearch."""
    from node.cli.bench.search import measure

    return _show(measure(documents, questions), as_json=json)


def feed(
    *,
    seeds: Annotated[int, Some, Parameter(help="Workers and catalogues to live through.")] = 3,
    workers: Annotated[
        int, Some, Parameter(help="Workers of the node whose night is prepared; in full 10,000.")
    ] = 1_000,
    json: AsJson = False,
) -> int:
    """What the feed teaches in an hour under five laws of learning, beside its rivals; and how long its parts take."""
    import numpy as np

    from node.cli.bench.learning import gain_rows, night_row
    from node.cli.terminal.progress import progress_bar
    from node.personalizer.evaluation.bench import bench_feed

    timings = [timing.to_dict() for timing in bench_feed(np.random.default_rng(1), time.perf_counter)]
    with progress_bar() as progress:
        timings.append(night_row(workers, progress))
        rows = gain_rows(range(1, seeds + 1), progress)
    return _show([*timings, *rows], as_json=json)


def tasks(
    release: Path,
    /,
    *,
    newer: Annotated[Path | None, Parameter(help="Folder of a later release, imported upon the first.")] = None,
    database: Annotated[str, Parameter(help="SQLAlchemy URL of an empty PostgreSQL database.")] = "",
    modules: Annotated[
        int, NoneOrMore, Parameter(help="Modules in the catalogue that the graph is asked about.")
    ] = 10_000,
    seed: Seed = 1,
    json: AsJson = False,
) -> int:
    """Importing the O*NET release in a folder, its pages, and questions to the graph."""
    from node.cli.bench.tasks.rows import Effort, measure

    return _show(_measured(measure, Effort(release, newer, database, modules, seed)), as_json=json)


def authoring(
    *,
    documents: Annotated[int, NoneOrMore, Parameter(help="Modules published to a node made for it; 0: none.")] = 1_000,
    rounds: Annotated[int, Some, Parameter(help="How often each sample is read and shown.")] = 5,
    json: AsJson = False,
) -> int:
    """Reading, checking and showing a module, beside the plain Markdown parser; and publishing many."""
    from node.cli.bench.authoring.rows import measure

    return _show(_measured(measure, documents, rounds), as_json=json)


def load(*, load: Load | None = None, json: AsJson = False) -> int:
    """Many signed-in users at once, in the full measure 1,000 for 600 seconds. With no users: memory at rest alone."""
    from node.app.server.listening import allow_many
    from node.cli.bench.load.rows import measure

    allow_many()
    return _show(_measured(measure, load or Load()), as_json=json)


def processes(
    *,
    seconds: Annotated[float, NoneOrMore, Parameter(help="How long each number of processes is asked.")] = 10.0,
    rest: Annotated[
        float, NoneOrMore, Parameter(help="Seconds at rest before memory is looked at; in full 300.")
    ] = 5.0,
    json: AsJson = False,
) -> int:
    """What several processes of one node answer, beside one, on a PostgreSQL server made for it."""
    from node.cli.bench.processes import measure

    return _show(_measured(measure, seconds, rest), as_json=json)


def chaos(
    *,
    kills: Annotated[
        int, NoneOrMore, Parameter(help="Deaths, dealt evenly to all kinds of writing; in full 200.")
    ] = 20,
    fault: Annotated[list[str] | None, Parameter(help="Only these other faults; `none` for none of them.")] = None,
    seed: Seed = 1,
    json: AsJson = False,
) -> int:
    """Kill nodes while everything that writes writes; fill their disks, shift their clocks, take their database."""
    from node.cli.bench.chaos.rows import FAULTS, measure

    chosen = list(FAULTS) if fault is None else [name for name in fault if name != "none"]
    if unknown := set(chosen) - set(FAULTS):
        raise Malformed(f"There is no fault {unknown.pop()!r}.", hint=f"One of: {', '.join(FAULTS)}.")
    rows = _measured(measure, kills, seed, chosen)
    for line in [] if json else [f"{row['name']}: {wrong}" for row in rows for wrong in row["wrong"]]:
        print(line, file=sys.stderr)
    return _show(rows, as_json=json)


def keeping(
    *,
    modules: Annotated[int, NoneOrMore, Parameter(help="Modules of the node that is kept.")] = 10_000,
    json: AsJson = False,
) -> int:
    """Backing up, restoring and exporting a node made for it."""
    from node.cli.bench.keeping import measure
    from node.logs import configure_logs

    configure_logs("error", as_json=False)
    return _show(_measured(measure, modules), as_json=json)


def meilisearch_engine() -> SearchEngine:
    """An engine on the server that SKILLNET_SEARCH_MEILISEARCH_URL names. Raises ConfigurationError."""
    from node.search.meilisearch_engine.settled import empty_engine

    url = os.environ.get("SKILLNET_SEARCH_MEILISEARCH_URL", "")
    if not url:
        raise ConfigurationError("search.meilisearch_url", "is not set", hint="Set SKILLNET_SEARCH_MEILISEARCH_URL.")
    key = os.environ.get("SKILLNET_SEARCH_MEILISEARCH_KEY", "")
    return empty_engine(url.split(","), key)
