"""Sentences that name ids, said in words."""

from __future__ import annotations

from collections.abc import Iterable

from node.services import naming


def in_words(text: str, ids: Iterable[str]) -> str:
    """The text with the ids of skills and tasks replaced by their names, longer ids first."""
    for name in sorted(ids, key=len, reverse=True):
        words = naming.task_name(name) if "/" in name else naming.skill_name(name)
        text = text.replace(name, words.rstrip("."))
    return text
