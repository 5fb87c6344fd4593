"""Little memory, as systemd's MemoryMax and containers allot it: who takes more is killed by the system."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from node.cli.bench.chaos.checks import find_wrong
from node.cli.bench.chaos.disks import expect_again
from node.cli.bench.chaos.kinds import Blobs, Records
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.stage import PASSWORD, NotHere, Stage, standing
from node.cli.bench.chaos.victim import Victim

LIMIT = 350_000_000  # bytes
GROUP = "CHAOS_GROUP"  # the folder of the group that the process is to join
FORM = 4_000_000  # bytes that somebody sends to the desk
CROWD, ASKED = 24, 300
KINDS = (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max"))
PEAKS = ("memory.max_usage_in_bytes", "memory.peak")
PRESSED = 0.8  # of the limit, which must have been taken for it to be felt


@contextlib.contextmanager
def group_of(limit: int) -> Iterator[Path]:
    """A control group with so many bytes, of the first or the second generation. Raises NotHere."""
    top, name = next(((Path(top), name) for top, name in KINDS if Path(top).is_dir()), (Path("/"), ""))
    group = top / f"skillnet-chaos-{os.getpid()}"
    try:
        group.mkdir()
        (group / name).write_text(str(limit), "ascii")
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        raise NotHere(f"a control group cannot be made here: {error.strerror}") from error
    try:
        yield group
    finally:
        group.rmdir()


class Grouped(Victim):
    """Begun by itself and not forked: all its memory is its group's."""

    def launch(self) -> subprocess.Popen[bytes]:
        """Begin to start it, inside."""
        command = [sys.executable, "-m", "node", "serve", "--data", str(self.data), "--port", str(self.port)]
        join = f'echo $$ > {self.environment[GROUP]}/cgroup.procs && exec "$@"'
        with self.log.open("ab") as log:
            made = subprocess.Popen(  # noqa: S603 - own command
                ["/bin/sh", "-c", join, "sh", *command], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self.process = made
        return made


def memory_group(folder: Path, nursery: Nursery) -> list[str]:
    """Many sign in, send long forms and fetch repositories at once: they are served or told to come back."""
    with (
        group_of(LIMIT) as group,
        standing(folder / "little" / "node", nursery, environment={GROUP: str(group)}, kind=Grouped) as stage,
    ):
        records, pictures = Records(stage), Blobs(stage)
        for _ in range(4):
            records.write()
            pictures.write()
        with ThreadPoolExecutor(CROWD) as crowd:
            answers = Counter(crowd.map(lambda number: _burden(stage, number), range(ASKED)))
        wrong = [
            f"{many} answers of {status}" for status, many in answers.items() if status not in (200, 401, 429, 503)
        ]
        wrong += [] if answers[200] else ["nobody was served"]
        wrong += [f"it took {peak / 1e6:.0f} MB" for peak in _peaks(group) if peak < PRESSED * LIMIT]
        if stage.victim.process is None or stage.victim.process.poll() is not None:
            return [*wrong, "the system killed it"]
        wrong += expect_again(records, pictures, within=60)
        return wrong + records.lost() + pictures.lost() + find_wrong(stage.victim.data)


def _peaks(group: Path) -> list[int]:
    """The most bytes that were taken at a time, where the system tells."""
    return [int((group / name).read_text("ascii")) for name in PEAKS if (group / name).exists()]


def _burden(stage: Stage, number: int) -> int:
    """One heavy request; its status, 0 when the connection broke, -1 for a 503 that does not say when to come back."""
    try:
        with stage.victim.client() as client:
            if number % 3 == 0:
                answer = client.get("/xrpc/com.atproto.sync.getRepo", params={"did": stage.people["anna"]})
            elif number % 3 == 1:
                client.get("/sign-in")
                token = next(str(one.value) for one in client.cookies.jar if one.name.endswith("_csrf"))
                answer = client.post("/write", data={"text": "x" * FORM}, headers={"x-csrftoken": token})
            else:
                body = {"identifier": "anna", "password": PASSWORD}
                answer = client.post("/xrpc/com.atproto.server.createSession", json=body)
    except httpx.TransportError:
        return 0
    return -1 if answer.status_code == 503 and "retry-after" not in answer.headers else answer.status_code
