"""One figure as a row of what every bench prints, and what is said of many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def row(
    name: str,
    unit: str,
    ours: float,
    most: float | None = None,
    *,
    goal: object = "",
    ok: bool | None = None,
    **more: Any,
) -> Row:
    """It is as it should be up to `most`; `goal` and `ok` where that is told in other words. `more`: a rival, say."""
    told = goal if goal != "" or most is None else f"≤ {most:g}"
    fine = (most is None or ours <= most) if ok is None else ok
    alone = {"rival": None, "rival_name": None, "ratio": None}
    return {"name": name, "unit": unit, "ours": ours, **alone, "goal": told, "ok": fine, **more}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of all lie; 0 of nothing."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0
