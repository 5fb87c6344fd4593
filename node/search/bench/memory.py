"""How much memory a process holds for itself."""

from __future__ import annotations

from pathlib import Path


def own_megabytes() -> float:
    """Resident and anonymous: what is mapped from the index's files can be dropped at any time and is not counted.

    0 where the system does not tell.
    """
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    fields = dict(line.split(":", 1) for line in status.read_text("ascii", "replace").splitlines() if ":" in line)
    return int(fields.get("RssAnon", "0 kB").split()[0]) / 1024
