"""What can be looked up, and what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """An occupation with its other titles, its description and its tasks; or a task, whose statement is its title."""

    id: str
    title: str
    aliases: Sequence[str] = ()
    description: str = ""
    tasks: Sequence[str] = ()
    language: str = "en"

    @property
    def names(self) -> tuple[str, ...]:
        """The title and all aliases."""
        return (self.title, *self.aliases)

    @property
    def text(self) -> str:
        """Everything but the aliases."""
        return " ".join((self.title, self.description, *self.tasks))


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with its score (0 … 1, comparable within one answer) and the name of it that came nearest."""

    id: str
    title: str
    score: float
    nearest: str
