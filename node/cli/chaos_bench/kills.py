"""Kills a node, or a command, while one kind of writing goes on, starts it again and looks at everything."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from node.cli.chaos_bench.by_command import Published
from node.cli.chaos_bench.checks import find_unfinished, find_wrong
from node.cli.chaos_bench.coming_in import Followed, Imported
from node.cli.chaos_bench.copies import BackedUp, Restored
from node.cli.chaos_bench.kinds import ANSWERED, Kind, Records
from node.cli.chaos_bench.nursery import Nursery
from node.cli.chaos_bench.stage import OPERATOR, Refused, Stage, standing
from node.cli.progress import Progress

BEGUN_WITHIN = 60.0  # seconds until something must have been acknowledged
LIVES = 0.5  # seconds at most between the first acknowledgement and the death


@dataclass
class Tally:
    """Deaths of one kind, and what was wrong after them."""

    name: str
    tried: int = 0
    survived: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, wrong: Sequence[str]) -> None:
        """One more death."""
        self.tried += 1
        self.survived += not wrong
        self.wrong += wrong


class _Writing(threading.Thread):
    """Writes without pause until the node is gone."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(daemon=True)
        self._kind = kind
        self.begun = threading.Event()
        self.refused = ""

    def run(self) -> None:
        while True:
            try:
                self._kind.write()
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

    def while_writing(self, kind: Kind) -> list[str]:
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
        return wrong + self._after() + kind.lost()

    def while_starting(self) -> list[str]:
        """Kill it while it comes up: it reads everything, opens the index, writes an epoch of the ranking."""
        self.stage.victim.stop()
        self.stage.victim.launch()
        time.sleep(self.draw.uniform(0, 2.5))
        self.stage.victim.kill()
        return self._after()

    def of_a_command(self, kind: BackedUp) -> list[str]:
        """Kill the command at any time of its life."""
        command = kind.launch()
        time.sleep(self.draw.uniform(0, 1.5))
        command.kill()
        command.wait(30)
        return kind.lost()

    def _after(self) -> list[str]:
        """Start it again: everything acknowledged must be there, whole, and nothing unfinished beside it."""
        self.stage.leave()
        self.stage.victim.start()
        wrong = find_wrong(self.stage.victim.data) + self.always.lost()
        return wrong + [f"left behind: {path}" for path in find_unfinished(self.stage.victim.data)]


def kill_again_and_again(folder: Path, nursery: Nursery, times: int, seed: int, progress: Progress) -> list[Tally]:
    """`times` deaths dealt evenly to all kinds of writing. Raises DidNotStart when the node does not come back."""
    with standing(folder / "node", nursery) as stage, closing(Followed(stage)) as followed:
        return _deal(stage, followed, times, seed, progress)


def _deal(stage: Stage, followed: Followed, times: int, seed: int, progress: Progress) -> list[Tally]:
    deaths = _Deaths(stage, seed)
    kinds: list[Kind] = [deaths.always, *(make(stage) for make in ANSWERED if make is not Records)]
    kinds += [Published(stage), followed, Imported(stage)]
    commands = [BackedUp(stage), Restored(stage)]
    ways: list[tuple[str, Callable[[], list[str]]]] = [
        *((f"killed during {kind.name}", partial(deaths.while_writing, kind)) for kind in kinds),
        *((f"killed: {kind.name}", partial(deaths.of_a_command, kind)) for kind in commands),
        ("killed during start, epoch of the ranking", deaths.while_starting),
    ]
    tallies = [Tally(name) for name, _ in ways]
    for number in range(times):
        progress(f"death {number + 1} of {times}: {ways[number % len(ways)][0]}", number / times)
        tallies[number % len(ways)].add(ways[number % len(ways)][1]())
    tallies[0].wrong += _at_last(stage, kinds)
    return tallies


def _at_last(stage: Stage, kinds: Sequence[Kind]) -> list[str]:
    """Everything once more, and whether the index is that of the catalogue."""
    drift = stage.ask(OPERATOR, "GET", "/api/search/comparison")
    wrong = [] if (drift["stale"], drift["surplus"]) == (0, 0) else [f"the index differs: {drift}"]
    return wrong + [line for kind in kinds for line in kind.lost()]
