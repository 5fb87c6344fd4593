"""Room for the new: some places go to what might be best, not to what is known to be good."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol


class _Estimate(Protocol):
    @property
    def mean(self) -> float: ...
    @property
    def evidence(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list; `exploring` ones are to be marked as new."""

    subject: str
    exploring: bool


def upper_bound(score: _Estimate) -> float:
    """μ + √(μ(1−μ)/E): how good a subject may well turn out to be."""
    deviation = score.mean * (1.0 - score.mean) / score.evidence
    return float(score.mean + deviation**0.5)


def interleaved(ordered: Sequence[str], promising: Sequence[str], places: int, share: int) -> list[Place]:
    """Give `share` of every `places` places, evenly spread, to the most promising of what the rest leaves out."""
    listed: list[Place] = []
    taken: set[str] = set()
    best, hopeful = iter(ordered), iter(promising)
    while len(listed) < len(ordered):
        proven = list(islice((name for name in best if name not in taken), places - share))
        taken.update(proven)
        tried = list(islice((name for name in hopeful if name not in taken), share))
        taken.update(tried)
        listed += _spread(proven, tried, places // share if tried else places)
        if not proven and not tried:
            break
    return listed


def _spread(proven: Sequence[str], tried: Sequence[str], spacing: int) -> list[Place]:
    """One of `tried` at every `spacing`-th place."""
    block = [Place(name, exploring=False) for name in proven]
    for number, name in enumerate(tried, 1):
        block.insert(number * spacing - 1, Place(name, exploring=True))
    return block
