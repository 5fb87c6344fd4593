"""Faults of time, memory and demand."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from node.cli.bench.chaos.checks import find_wrong
from node.cli.bench.chaos.crowd import GONE, Crowd
from node.cli.bench.chaos.disks import expect_again
from node.cli.bench.chaos.hardships import CLOCK, MEMORY, address_space
from node.cli.bench.chaos.kinds import NOTE, Blobs, Endorsements, Findable, Kind, Outcomes, Records
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.stage import Stage, new_tid, standing
from node.store.clock import SECOND
from schemas.identifiers import parse_tid

AT_ONCE = 20  # requests that the overloaded node takes at a time; ten times as many are sent
JUMPS = (0.0, 3_600.0, -86_400.0, 30 * 86_400.0, 0.0)  # seconds off, one after the other
SLOW = 20.0  # seconds after which a watcher takes a node for dead
CEILING = 160_000_000  # bytes of address space beyond what the process has when it begins


def clock_jump(folder: Path, nursery: Nursery) -> list[str]:
    """An hour on, a day back, a month on, and right again: order is kept and nothing stops working."""
    clock = folder / "clock"
    clock.write_text("0")
    with standing(folder / "jumping" / "node", nursery, environment={CLOCK: str(clock)}) as stage:
        kinds: list[Kind] = [Records(stage), Endorsements(stage), Findable(stage), Outcomes(stage)]
        wrong: list[str] = []
        for seconds in JUMPS:
            clock.write_text(str(seconds))
            for name in ("anna", "ben", "wim"):
                stage.sign_in(name)  # a month later, older sign-ins have rightly ended
            stage.leave()
            wrong += _follows_clock(stage, seconds)
            for kind in kinds:
                for _ in range(3):
                    kind.write()
            wrong += find_wrong(stage.victim.data)
        stage.victim.kill()
        stage.leave()
        stage.victim.start()
        return wrong + find_wrong(stage.victim.data) + [line for kind in kinds for line in kind.lost()]


def _follows_clock(stage: Stage, seconds: float) -> list[str]:
    """A revision is of the moment that the shifted clock tells, or later: what was given stays before it."""
    made = stage.write("anna", NOTE, new_tid(), {"$type": NOTE})["commit"]["rev"]
    told, meant = parse_tid(made).micros / SECOND, time.time() + seconds
    return [] if told > meant - SLOW else [f"the clock is {seconds:.0f} s off, but a revision {told - time.time():.0f}"]


def memory_ceiling(folder: Path, nursery: Nursery) -> list[str]:
    """Sign-ins, long forms and repositories by many at once under a ceiling: refused or served, and nothing is lost."""
    place = folder / "narrow"
    with standing(place / "node", nursery, environment={MEMORY: str(CEILING + _usual(nursery, place))}) as stage:
        records, pictures = Records(stage), Blobs(stage)
        for _ in range(4):
            records.write()
            pictures.write()
        crowd = Crowd(stage)
        crowd.ask_all()
        if stage.victim.process is None or stage.victim.process.poll() is not None:
            stage.leave()
            stage.victim.start()  # ended rather than grown: whoever watches over it starts it again
        wrong = crowd.wrong(GONE, 507)
        wrong += [] if crowd.refused else ["the ceiling was not reached"]
        wrong += expect_again(records, within=60)  # what was held for the crowd is let go
        return wrong + records.lost() + pictures.lost() + find_wrong(stage.victim.data)


def _usual(nursery: Nursery, place: Path) -> int:
    """Bytes of address space that a node at rest has beyond a process that begins."""
    with standing(place / "usual", nursery) as stage:
        assert stage.victim.process is not None
        return address_space(stage.victim.process.pid) - address_space(nursery.pid)


def overload(folder: Path, nursery: Nursery) -> list[str]:
    """Ten times what it takes at once: the rest is told when to come back, and whoever watches sees it healthy."""
    settings = f"[server]\nmost_at_once = {AT_ONCE}\n"
    with standing(folder / "crowded" / "node", nursery, settings) as stage:
        findable = Findable(stage)
        for _ in range(10):
            findable.write()
        findable.lost()
        with ThreadPoolExecutor(10 * AT_ONCE + 1) as crowd:
            watch = crowd.submit(_watch, stage, 40)
            answers = list(crowd.map(lambda number: _ask(stage, number), range(30 * AT_ONCE)))
        shed = [headers for status, headers in answers if status == 503]
        wrong = watch.result()
        wrong += [] if shed else ["nothing was shed"]
        wrong += ["a 503 without Retry-After" for headers in shed[:1] if "retry-after" not in headers]
        wrong += [f"an answer of {status}" for status in {status for status, _ in answers} - {200, 429, 503}]
        return wrong + findable.lost()


def _ask(stage: Stage, number: int) -> tuple[int, httpx.Headers]:
    with stage.victim.client() as client:
        answer = client.get("/search", params={"q": f"only here {number}"})
    return answer.status_code, answer.headers


def _watch(stage: Stage, times: int) -> list[str]:
    """What somebody sees who watches over it meanwhile."""
    slow = 0
    with stage.victim.client() as client:
        for _ in range(times):
            began = time.monotonic()
            if client.get("/health").status_code != 200:
                return ["/health is not green"]
            slow += time.monotonic() - began > SLOW
            time.sleep(0.05)
    return [f"/health took more than {SLOW:.0f} s, {slow} times"] if slow else []
