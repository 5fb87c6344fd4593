"""A question taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Word:
    """A word to find. `unspaced` is a run of a script without spaces: its characters must follow one another."""

    text: str
    unspaced: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: every part already folded into tokens, except the fields' values.

    `only` and `without` map a facet to the values asked for or excluded.
    """

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def asks_for_text(self) -> bool:
        """False when only fields are given: then everything with them matches."""
        return bool(self.words or self.phrases)
