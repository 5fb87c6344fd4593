"""How much memory this process may take, and how much of it for what takes much at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BUSY = 250_000_000  # bytes that a busy node holds for all else
HASHING = 64 * 2**20  # bytes of one password that is hashed (argon2id as of RFC 9106, for little memory)
BODIES = 6  # of what is left, one part of so many: a body is held as it came, whole, and as what was read out of it
_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")


@dataclass(frozen=True, slots=True)
class Room:
    """`passwords` hashed at a time; bytes of `bodies` that come in or are worked on at a time."""

    passwords: int
    bodies: int


def room_within(limit: int, processors: int) -> Room:
    """Half of what a busy node leaves of `limit` bytes is for passwords; beyond the processors they are no quicker."""
    left = max(0, limit - BUSY)
    return Room(max(1, min(processors, left // 2 // HASHING)), left // BODIES)


@cache
def find_room() -> Room:
    """Of this process."""
    return room_within(memory_limit(), os.cpu_count() or 1)


def memory_limit(groups: Path = _GROUPS, own: Path = _OWN_GROUPS) -> int:
    """Bytes: what the machine has, or less where a control group (systemd's MemoryMax, a container's limit) says so."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *_limits(groups, own)])


def _limits(groups: Path, own: Path) -> Iterator[int]:
    """Those of the groups that the process is in, and of the groups that these are in."""
    for line in own.read_text("ascii").splitlines() if own.exists() else ():
        _, kinds, path = line.split(":", 2)
        if kinds not in ("", "memory"):
            continue
        top, name = (groups / "memory", "memory.limit_in_bytes") if kinds else (groups, "memory.max")
        group = top / path.lstrip("/")
        while True:
            # In a container the path may be the machine's, of which only the container's own part is seen here.
            said = (group / name).read_text("ascii").strip() if (group / name).is_file() else ""
            if said.isdecimal():
                yield int(said)
            if group == top:
                break
            group = group.parent
