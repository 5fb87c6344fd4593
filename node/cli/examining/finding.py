"""One thing looked at."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what mends it."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def judged(name: str, ok: bool, detail: str, mend: str) -> Finding:
    """A finding that names its mend only when something is wrong."""
    return Finding(name, ok, detail, "" if ok else mend)
