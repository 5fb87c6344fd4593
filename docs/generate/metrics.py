"""The metrics page."""

from __future__ import annotations

from docs.generate.table import table
from node.web.metrics import METRICS

INTRODUCTION = """# Metrics

`/metrics` answers in the Prometheus text format. Nothing in it concerns one person: counts are of public items, and a
worker's data has no metric at all. The unit stands in the name where there is one; what ends in `_total` only grows.
A dashboard for Grafana over them is `deploy/grafana-dashboard.json`; see [watch a node](../how-to/watch-a-node.md).
"""


def page() -> str:
    """Every declared metric."""
    rows = ((f"`{m.name}`", ", ".join(f"`{label}`" for label in m.labels) or "–", m.meaning) for m in METRICS.values())
    return INTRODUCTION + "\n" + table(("metric", "labels", "meaning"), rows)
