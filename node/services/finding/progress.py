"""How far the search index is, and how it differed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from node.errors import StorageFailed, Unreachable

State = Literal["opening", "ready", "building", "mending", "unreachable", "full", "forbidden"]


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` documents while building or mending; `reason` says why, `since` is in seconds since 1970."""

    state: State = "opening"
    done: int = 0
    total: int = 0
    reason: str = ""
    since: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether everything that the catalogue has can be found."""
        return self.state in ("ready", "mending")

    @property
    def share(self) -> float:
        """0..1."""
        return self.done / self.total if self.total else float(self.state == "ready")

    def sentence(self) -> str:
        """In words, for whoever searches meanwhile and for the operator."""
        if self.state == "ready":
            return "The search index is complete."
        if self.state == "unreachable":
            return f"The search server does not answer: {self.reason}"
        if self.state == "full":
            return "The disk takes nothing more: what is new is found once there is room."
        if self.state == "forbidden":
            return f"The search index cannot be used: {self.reason}"
        if self.state == "opening":
            return "The search index is being opened."
        what = "built" if self.state == "building" else "mended"
        return f"The search index is being {what}: {self.done:,} of {self.total:,} done."


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the index differed from the catalogue when their checksums were last compared, `at` seconds since 1970.

    An index that `held` nothing is one that is begun.
    """

    stale: int
    surplus: int
    at: float
    held: int

    @property
    def differing(self) -> int:
        """How many documents."""
        return self.stale + self.surplus if self.held else 0


def find_hindrance(error: Exception) -> State | None:
    """What keeps an index that is sound from being used or written; None for what is wrong with the index itself."""
    from node.search.errors import IndexForbidden

    kinds: dict[type[Exception], State] = {
        Unreachable: "unreachable", StorageFailed: "full", IndexForbidden: "forbidden",
    }  # fmt: skip
    return next((state for kind, state in kinds.items() if isinstance(error, kind)), None)
