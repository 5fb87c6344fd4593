"""Figures as rows of the project's contract."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `ratio` is rival / ours for times and sizes; `ok` whether the goal, where there is one, is met."""

    name: str
    unit: str
    ours: float
    rival: float | None
    rival_name: str | None
    ratio: float | None
    goal: float | None
    ok: bool

    def to_json(self) -> dict[str, Any]:
        """As a plain object."""
        return asdict(self)


def row_of(
    name: str,
    unit: str,
    ours: float,
    goal: float | None,
    rival: tuple[str, float] | None = None,
    *,
    least: bool = False,
) -> Row:
    """`least`: the goal is the least that is wanted, not the most."""
    rival_name, theirs = rival or (None, None)
    ratio = round(theirs / ours, 2) if theirs is not None and ours else None
    ok = goal is None or (ours >= goal if least else ours <= goal)
    return Row(name, unit, round(ours, 3), None if theirs is None else round(theirs, 3), rival_name, ratio, goal, ok)
