"""How the C library keeps memory that was given back to it, and how often the collector looks for what nobody holds."""

from __future__ import annotations

import ctypes
import gc

# Parameters of mallopt in glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_HEAPS, _LARGE = 2, 131_072  # bytes


def keep_memory_small() -> None:
    """Few heaps, and what is large goes back to the system at once; to be called before there are threads.

    glibc gives each thread a heap of its own, and learns to keep ever larger blocks: a node under load then holds twice
    the memory that it uses, and more by the minute. Another C library has no such switches, and nothing is done.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_ARENA_MAX, _HEAPS)
    mallopt(_MMAP_THRESHOLD, _LARGE)
    mallopt(_TRIM_THRESHOLD, _LARGE)


def collect_seldom() -> None:
    """Repositories are many small objects that live long: the collector need not look at them all the time. What was
    under way while it looked at the young is looked at again soon, or a busy node would hold on to it for minutes."""
    gc.set_threshold(50_000, 4, 100)
