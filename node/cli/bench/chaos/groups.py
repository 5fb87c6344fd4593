"""Little memory, as systemd's MemoryMax and containers allot it: who takes more is killed by the system."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from node.cli.bench.chaos.checks import find_wrong
from node.cli.bench.chaos.crowd import Crowd
from node.cli.bench.chaos.disks import expect_again
from node.cli.bench.chaos.kinds import Blobs, Records
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.stage import NotHere, standing
from node.cli.bench.chaos.victim import Victim

LIMIT = 350_000_000  # bytes
GROUP = "CHAOS_GROUP"  # the folder of the group that the process is to join
KINDS = (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max"))
TOLD = ("memory.oom_control", "memory.events")


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
        command = [sys.executable, "-P", "-m", "node", "serve", "--data", str(self.data), "--port", str(self.port)]
        join = f'echo $$ > {self.environment[GROUP]}/cgroup.procs && exec "$@"'
        with self.log.open("ab") as log:
            made = subprocess.Popen(  # noqa: S603 - own command
                ["/bin/sh", "-c", join, "sh", *command], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self.process = made
        return made


def memory_group(folder: Path, nursery: Nursery) -> list[str]:
    """Many sign in, send long forms and fetch repositories at once: they are served or told to come back. Together they
    ask for more than there is."""
    with (
        group_of(LIMIT) as group,
        standing(folder / "little" / "node", nursery, environment={GROUP: str(group)}, kind=Grouped) as stage,
    ):
        records, pictures = Records(stage), Blobs(stage)
        for _ in range(4):
            records.write()
            pictures.write()
        crowd = Crowd(stage)
        crowd.ask_all()
        wrong = crowd.wrong() + crowd.undone()
        if crowd.most <= LIMIT:
            wrong.append(f"all that was under way at a time would have taken {crowd.most / 1e6:.0f} MB")
        if (killed := _killed(group)) or stage.victim.process is None or stage.victim.process.poll() is not None:
            return [*wrong, f"the system killed {killed or 'it'}"]
        wrong += expect_again(records, pictures, within=60)
        return wrong + records.lost() + pictures.lost() + find_wrong(stage.victim.data)


def _killed(group: Path) -> int:
    """How many processes of the group the system ended for want of memory, where it tells."""
    said = "".join((group / name).read_text("ascii") for name in TOLD if (group / name).exists())
    found = re.search(r"\boom_kill (\d+)", said)
    return int(found[1]) if found else 0
