"""A module's blocks as adaptation sees them: the outline only, filled in by whoever parsed the module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

VARIANTS = ("novice", "competent", "expert")
PRACTICE: Final = "practice"
HINT: Final = "hint"
EXAMPLE: Final = "example"
QUIZ: Final = "quiz"
CAUTION: Final = "caution"
TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Block:
    """`line` in the source, from 1. `steps` of a worked example. `skill` if the author tied one to this block.

    `kind` is `text` for what stands outside any fence, else the fence's name; `variant` repeats it where it is one.
    """

    id: str
    kind: str
    line: int
    variant: str | None = None
    steps: int = 0
    skill: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        names = ("id", "kind", "line", "variant", "steps", "skill")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap that the module declares; it takes only these values."""

    label: str
    values: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a lesson is adapted for: `p` of unaided success (pass the cautious one), whether the skill is due.

    `known`: skill → p, for blocks that the author tied to a skill.
    """

    p: float
    due: bool = False
    known: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference from the module. `undo` is the override that takes it back."""

    block: str
    what: str
    why: str
    line: int
    undo: str = "show"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"block": self.block, "what": self.what, "why": self.why, "line": self.line, "undo": self.undo}


@dataclass(frozen=True, slots=True)
class AdaptedBlock:
    """A block in the lesson. `steps` of a worked example that are shown, None for all (or where there are none)."""

    id: str
    visible: bool = True
    steps: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"id": self.id, "visible": self.visible, "steps": self.steps}
