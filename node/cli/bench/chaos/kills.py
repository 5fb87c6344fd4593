"""Kills a node, or a command, while one kind of writing goes on, starts it again and looks at everything."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from node.cli.bench.chaos.by_command import Published
from node.cli.bench.chaos.checks import find_unfinished, find_wrong
from node.cli.bench.chaos.coming_in import Followed, Imported
from node.cli.bench.chaos.copies import BackedUp, Command, Restored
from node.cli.bench.chaos.kinds import ANSWERED, Kind, Records
from node.cli.bench.chaos.leaving import LEAVING
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.seldom import SELDOM
from node.cli.bench.chaos.stage import OPERATOR, Refused, Stage, standing
from node.cli.bench.chaos.upgrading import Upgraded
from node.cli.terminal.progress import Progress

WRITING = (*ANSWERED, *SELDOM, *LEAVING)
WAYS = len(WRITING) + 7  # of dying: three more kinds of writing, three commands, and the start
NODES = 2
BEGUN_WITHIN = 60.0  # seconds until something must have been acknowledged
LIVES = 0.5  # seconds at most between the first acknowledgement and the death


@dataclass(frozen=True, slots=True)
class Death:
    """What was wrong after it, and how many writes of the kind had been acknowledged since the one before."""

    wrong: Sequence[str]
    acknowledged: int = 0


@dataclass
class Tally:
    """Deaths of one kind, what was acknowledged before them, and what was wrong after them."""

    name: str
    tried: int = 0
    survived: int = 0
    acknowledged: int = 0
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, tallies: Sequence[Tally]) -> Tally:
        """Several of one kind, added up."""
        tried, survived, acknowledged = (
            sum(getattr(one, name) for one in tallies) for name in ("tried", "survived", "acknowledged")
        )
        return cls(tallies[0].name, tried, survived, acknowledged, [line for one in tallies for line in one.wrong])

    def add(self, death: Death) -> None:
        """One more."""
        self.tried += 1
        self.survived += not death.wrong
        self.acknowledged += death.acknowledged
        self.wrong += death.wrong


class _Writing(threading.Thread):
    """Writes without pause until the node is gone."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(daemon=True)
        self._kind = kind
        self.acknowledged = 0
        self.begun = threading.Event()
        self.refused = ""

    def run(self) -> None:
        while True:
            try:
                self._kind.write()
                self.acknowledged += 1
                self.begun.set()
            except httpx.TransportError:
                return
            except Refused as refusal:
                self.refused = str(refusal)  # nothing of this is to be refused while the node lives
                time.sleep(0.05)


class _Deaths:
    """One node that dies again and again."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage = stage
        self.draw = random.Random(seed)  # noqa: S311 - a repeatable draw of moments
        self.always = Records(stage)

    def while_writing(self, kind: Kind) -> Death:
        """Kill the node a moment after the first acknowledgement; single records are written besides."""
        writers = [_Writing(one) for one in {id(one): one for one in (kind, self.always)}.values()]
        for writer in writers:
            writer.start()
        begun = all(writer.begun.wait(BEGUN_WITHIN) for writer in writers)
        time.sleep(self.draw.uniform(0, LIVES))
        self.stage.victim.kill()
        for writer in writers:
            writer.join(BEGUN_WITHIN)
        wrong = [f"{kind.name}: refused: {writer.refused}" for writer in writers if writer.refused]
        wrong += [] if begun else [f"{kind.name}: nothing was acknowledged"]
        return Death(wrong + self._after() + kind.lost(), writers[0].acknowledged)

    def while_starting(self) -> Death:
        """Kill it while it comes up: it reads everything, opens the index, writes an epoch of the ranking."""
        self.stage.victim.stop()
        self.stage.victim.launch()
        time.sleep(self.draw.uniform(0, 2.5))
        self.stage.victim.kill()
        return Death(self._after())

    def of_a_command(self, kind: Command) -> Death:
        """Kill the command at any time of its life."""
        command = kind.launch()
        time.sleep(self.draw.uniform(0, kind.lasts))
        command.kill()
        command.wait(30)
        return Death(kind.lost())

    def _after(self) -> list[str]:
        """Start it again: everything acknowledged must be there, whole, and nothing unfinished beside it."""
        self.stage.leave()
        self.stage.victim.start()
        wrong = find_wrong(self.stage.victim.data) + self.always.lost()
        return wrong + [f"left behind: {path}" for path in find_unfinished(self.stage.victim.data)]


def kill_again_and_again(folder: Path, nursery: Nursery, times: int, seed: int, progress: Progress) -> list[Tally]:
    """`times` deaths dealt evenly to all kinds of writing; of many, on two nodes at once, so that one writes while the
    other starts. Raises DidNotStart when a node does not come back."""
    nodes = 1 if times <= WAYS else NODES
    counted = itertools.count(1)

    def kill(node: int) -> list[Tally]:
        place = folder / str(node)
        place.mkdir(parents=True)
        with standing(place / "node", nursery) as stage, closing(Followed(stage)) as followed:
            return _deal(stage, followed, range(node, times, nodes), seed + node, tell)

    def tell(way: str) -> None:
        number = next(counted)
        progress(f"death {number} of {times}: {way}", number / times)

    with ThreadPoolExecutor(nodes) as threads:
        return [Tally.of(same) for same in zip(*threads.map(kill, range(nodes)), strict=True)]


def _deal(
    stage: Stage, followed: Followed, turns: Iterable[int], seed: int, tell: Callable[[str], None]
) -> list[Tally]:
    deaths = _Deaths(stage, seed)
    kinds: list[Kind] = [deaths.always, *(make(stage) for make in WRITING if make is not Records)]
    kinds += [Published(stage), followed, Imported(stage)]
    commands: list[Command] = [BackedUp(stage), Restored(stage), Upgraded(stage)]
    ways: list[tuple[str, Callable[[], Death]]] = [
        *((f"killed during {kind.name}", partial(deaths.while_writing, kind)) for kind in kinds),
        *((f"killed: {kind.name}", partial(deaths.of_a_command, kind)) for kind in commands),
        ("killed during start, epoch of the ranking", deaths.while_starting),
    ]
    tallies = [Tally(name) for name, _ in ways]
    for turn in turns:
        name, die = ways[turn % len(ways)]
        tell(name)
        tallies[turn % len(ways)].add(die())
    tallies[0].wrong += _at_last(stage, kinds)
    return tallies


def _at_last(stage: Stage, kinds: Sequence[Kind]) -> list[str]:
    """Everything once more, and whether the index is that of the catalogue."""
    drift = stage.ask(OPERATOR, "GET", "/api/search/comparison")
    wrong = [] if (drift["stale"], drift["surplus"]) == (0, 0) else [f"the index differs: {drift}"]
    return wrong + [line for kind in kinds for line in kind.lost()]
