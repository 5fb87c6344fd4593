"""Versions one after the other: what changed, and whether readers take it for a major change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from node.authoring.difference import difference_of_values
from node.authoring.majorness import majorness

Version = dict[str, Any]


def compared(versions: Sequence[Version]) -> list[Version]:
    """Each with the difference to the one before. `majorChange` is the node's word: it has the texts beside records."""
    nothing: Version = {"difference": "", "majorChange": None, "reasons": []}
    first = [{**version, **nothing} for version in versions[:1]]
    return [*first, *(_compared(before, version) for before, version in pairwise(versions))]


def _compared(before: Version, version: Version) -> Version:
    old, new = before["value"], version["value"]
    is_major = version["major"] > before["major"]
    beside = "bodyBlob" in old or "bodyBlob" in new
    reasons = majorness(old, new).reasons if is_major and not beside else ()
    return {
        **version, "difference": difference_of_values(old, new), "majorChange": is_major, "reasons": list(reasons),
    }  # fmt: skip


def history_lines(versions: Sequence[Version]) -> Iterator[str]:
    """For a terminal."""
    for version in versions:
        mark = " (current)" if version["current"] else ""
        yield f"{version['seenAt']}  {version['uri']}{mark}  {version['changeNote']}".rstrip()
        if version["majorChange"] is not None:
            reasons = f": {', '.join(version['reasons'])}" if version["reasons"] else ""
            yield "  a major change for readers" + reasons if version["majorChange"] else "  a minor change for readers"
        yield from version["difference"].splitlines()
