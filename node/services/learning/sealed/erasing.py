"""Is it gone? After an erasure every file of the data folder is read for what was sealed there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MARK = 16  # bytes of a sealed entry: its nonce and the beginning of its text, which occur nowhere by chance
CHUNK = 4_000_000
MOST_MARKS = 5_000


@dataclass(frozen=True, slots=True)
class Erased:
    """`entries` destroyed; `files` read afterwards; `left`: names of files that still hold some of it."""

    entries: int
    files: int
    left: tuple[str, ...]


def scan(folder: Path, sealed: Iterable[bytes]) -> Erased:
    """Read every file under `folder`. Where the database is elsewhere, its files are not among them."""
    kept = list(sealed)
    marks = [re.escape(entry[:MARK]) for entry in kept[-MOST_MARKS:] if len(entry) >= MARK]
    if not marks:
        return Erased(len(kept), 0, ())
    pattern, files, left = re.compile(b"|".join(marks)), 0, []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        files += 1
        if any(pattern.search(chunk) for chunk in _chunks(path)):
            left.append(path.name)
    return Erased(len(kept), files, tuple(left))


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces that overlap by a mark."""
    try:
        with path.open("rb") as file:
            before = b""
            while piece := file.read(CHUNK):
                yield before + piece
                before = piece[-MARK:]
    except OSError:
        return  # it went meanwhile
