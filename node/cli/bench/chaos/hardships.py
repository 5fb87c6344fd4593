"""Worse places for one process: too little memory, a clock that jumps. Laid upon a forked node before it begins."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Mapping
from pathlib import Path

MEMORY = "CHAOS_MEMORY"  # bytes of address space that the process may have beyond what it has when it begins
CLOCK = "CHAOS_CLOCK"  # a file that says how many seconds the clock is off


def endure(environment: Mapping[str, str]) -> None:
    """Lay upon this process what its environment names."""
    if MEMORY in environment:
        limit = address_space("self") + int(environment[MEMORY])
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    if CLOCK in environment:
        _shift_clock(Path(environment[CLOCK]))


def address_space(process: int | str) -> int:
    """Bytes that a process has mapped."""
    return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _shift_clock(file: Path) -> None:
    """Let Python's clock be off by what the file says, from one question to the next."""
    real, real_ns = time.time, time.time_ns

    def seconds_off() -> float:
        return float(file.read_text("ascii") or 0)

    time.time = lambda: real() + seconds_off()
    time.time_ns = lambda: real_ns() + int(seconds_off() * 1e9)
