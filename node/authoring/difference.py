"""Differences between two versions, for people."""

import difflib
from collections.abc import Mapping
from typing import Any

from node.authoring.value import source_of

_LONGEST = 20_000  # lines in all; beyond, comparing line by line takes seconds


def difference(old: str, new: str, old_name: str = "old", new_name: str = "new") -> str:
    """Unified difference of two sources (three lines of context); empty when they are equal."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) + len(after) > _LONGEST:
        return "" if old == new else f"--- {old_name}\n+++ {new_name}\n(too long to compare line by line)\n"
    lines = difflib.unified_diff(before, after, old_name, new_name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def difference_of_values(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Unified difference of two version records, as the Markdown that an author would keep."""
    return difference(source_of(old), source_of(new), str(old.get("name", "old")), str(new.get("name", "new")))
