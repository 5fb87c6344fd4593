"""Unified differences, line by line, for a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from node.web.contexts.writing.authoring import DiffLine

MOST_LINES = 400


def diff_lines(difference: str) -> tuple[DiffLine, ...]:
    """The lines of a unified difference without its header; long ones are cut, and say so."""
    lines = list(_lines(difference))
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[:MOST_LINES], DiffLine(kind="place", text=f"… {len(lines) - MOST_LINES} more lines"))


def _lines(difference: str) -> Iterator[DiffLine]:
    for line in difference.splitlines():
        if line.startswith(("--- ", "+++ ", "\\ ")):
            continue
        if line.startswith("@@"):
            yield DiffLine(kind="place", text=line.strip("@ ").partition("@@")[0].strip())
        else:
            yield DiffLine(kind=_KINDS.get(line[:1], "same"), text=line[1:])


_KINDS: dict[str, Literal["added", "removed", "same", "place"]] = {"+": "added", "-": "removed"}
