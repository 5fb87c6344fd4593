"""A piece of work history: one thing that a worker did, as a file tells it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from node.personalizer.errors import HistoryInvalid
from node.personalizer.learner.outcomes import ALONE, OUTCOMES

MOST = 500
LONGEST = 300

POSITION: Final = "position"
SKILL: Final = "skill"
COURSE: Final = "course"
STATEMENT: Final = "statement"
TRACE: Final = "work trace"
KINDS = (POSITION, SKILL, COURSE, STATEMENT, TRACE)


@dataclass(frozen=True, slots=True)
class Piece:
    """`when` is a date as the file has it, '' if none. `how` an outcome, `times` how often. `skills` are ids or words.

    `tools` are products that it shows in use.
    """

    kind: str
    title: str
    when: str = ""
    how: str = ALONE
    times: int = 1
    skills: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The same piece, the same id: brought twice, it counts once."""
        told = f"{self.kind}|{self.title.casefold()}|{self.when}|{self.how}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, with the id."""
        return {
            "id": self.id, "kind": self.kind, "title": self.title, "when": self.when, "how": self.how,
            "times": self.times, "skills": list(self.skills), "tools": list(self.tools),
        }  # fmt: skip


def parse_piece(value: Mapping[str, Any]) -> Piece:
    """The reverse of `to_dict`; raises `HistoryInvalid`. What is unknown in it is passed over."""
    kind, title, how = (str(value.get(name, "")).strip() for name in ("kind", "title", "how"))
    times = value.get("times", 1)
    if kind not in KINDS or not title or how not in OUTCOMES or not isinstance(times, int):
        raise HistoryInvalid(f"{title or value!r} is no piece of history.")
    skills, tools = (tuple(map(str, value.get(name) or ()))[:10] for name in ("skills", "tools"))
    return Piece(
        kind, shortened(title), str(value.get("when", ""))[:40], how, max(1, min(10_000, times)), skills, tools
    )


def shortened(text: str) -> str:
    """One line of at most 300 characters."""
    return " ".join(text.split())[:LONGEST]
