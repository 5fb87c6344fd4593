"""What the metrics show a machine, for a person: the same readings, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from node.web import wording
from node.web.contexts.operator.admin import Figure
from node.web.metrics import METRICS, Reading
from node.web.overload import BOUNDS, Took

_SOON = BOUNDS.index(0.2)
_WORDS = wording.Wording(str)


def measured(readings: Iterable[Reading]) -> tuple[Figure, ...]:
    """In the order of METRICS; what a label tells apart stands beside it."""
    order = list(METRICS)
    return tuple(_figure(one) for one in sorted(readings, key=lambda one: (order.index(one.name), one.label)))


def _figure(one: Reading) -> Figure:
    value = _spread(one.value) if isinstance(one.value, Took) else _value(one.name, one.value)
    return Figure(name=METRICS[one.name].meaning, value=value, note=one.label)


def _value(name: str, value: float) -> str:
    if value < 0:
        return "none"
    if name.endswith("_bytes"):
        return wording.file_size(round(value))
    if name.endswith("_seconds"):
        return _WORDS.span(timedelta(seconds=value))
    return wording.number(int(value) if value == int(value) else round(value, 2))


def _spread(took: Took) -> str:
    many = max(1, sum(took.within))
    soon = sum(took.within[: _SOON + 1]) / many
    mean = took.seconds / many
    return f"{_WORDS.percent(soon)} of {wording.number(many)} within {BOUNDS[_SOON]} s, {mean:.3f} s on average"
