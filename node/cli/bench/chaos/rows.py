"""The rows of `bench chaos`: of each fault, how often it was tried and how often survived with nothing lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from node.cli.bench.chaos.burdens import clock_jump, memory_ceiling, overload
from node.cli.bench.chaos.disks import damaged_page, full_disk, lost_index, lost_log, read_only_disk
from node.cli.bench.chaos.emergency import disk_emergency
from node.cli.bench.chaos.groups import memory_group
from node.cli.bench.chaos.kills import Death, Tally, kill_again_and_again
from node.cli.bench.chaos.neighbours import database_restart, flapping_peer, full_database, lost_answer
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.stage import NotHere, Refused
from node.cli.bench.chaos.victim import DidNotStart
from node.cli.bench.figures import Row, row
from node.cli.terminal.progress import Progress

Fault = Callable[[Path, Nursery], list[str]]
FAULTS: dict[str, Fault] = {
    "full disk": full_disk,
    "read-only disk": read_only_disk,
    "disk that turns read-only": disk_emergency,
    "damaged page of the database": damaged_page,
    "lost write-ahead log": lost_log,
    "lost search index": lost_index,
    "clock that jumps": clock_jump,
    "memory ceiling": memory_ceiling,
    "350 MB of memory in a control group": memory_group,
    "ten times as much at once": overload,
    "restart of PostgreSQL": database_restart,
    "answer of PostgreSQL lost": lost_answer,
    "full disk of PostgreSQL": full_database,
    "peer that comes and goes": flapping_peer,
}


def measure(kills: int, seed: int, faults: list[str], progress: Progress) -> Iterator[Row]:
    """One row for each kind of death and each fault, and one for all. What was wrong follows as `wrong`."""
    tallies: list[Tally] = []
    with tempfile.TemporaryDirectory(prefix="skillnet-chaos-") as name, Nursery() as nursery:
        folder = Path(name)
        if kills:
            tallies += kill_again_and_again(folder / "killed", nursery, kills, seed, progress)
        for number, fault in enumerate(faults):
            progress(fault, number / len(faults))
            tallies.append(_suffer(fault, folder / f"fault-{number}", nursery))
    for tally in tallies:
        yield _row(tally)
    tried, survived = sum(one.tried for one in tallies), sum(one.survived for one in tallies)
    yield _row(Tally("faults survived out of faults tried", tried, survived))


def _suffer(fault: str, folder: Path, nursery: Nursery) -> Tally:
    """A fault that this machine does not let us make counts as not tried, and says why."""
    tally = Tally(fault)
    folder.mkdir()
    try:
        tally.add(Death(FAULTS[fault](folder, nursery)))
    except NotHere as reason:
        tally.name = f"{fault}: not tried, {reason}"
    except (DidNotStart, Refused, httpx.HTTPError) as error:
        tally.add(Death([f"{type(error).__name__}: {error}"]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return tally


def _row(tally: Tally) -> Row:
    told = f" ({tally.acknowledged:,} acknowledged)" if tally.acknowledged else ""
    fine = tally.survived == tally.tried and not tally.wrong
    return row(tally.name + told, "survived", tally.survived, goal=tally.tried, ok=fine, wrong=tally.wrong[:20])
