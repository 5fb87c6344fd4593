"""The dashboard shows metrics that exist, and every one of them, by labels that they have."""

import json
import re
from pathlib import Path

from node.web.metrics import METRICS

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana-dashboard.json"
PARTS = ("_bucket", "_sum", "_count")
SET_BY_PROMETHEUS = {"instance", "le"}


def _metric(series: str) -> str:
    """The metric that a series of the text format belongs to."""
    whole = next((series.removesuffix(part) for part in PARTS if series.endswith(part)), series)
    assert (whole != series) == (METRICS[whole].kind == "histogram"), series
    return whole


def test_the_dashboard_shows_the_metrics_that_there_are() -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    shown = set()
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            metrics = {_metric(series) for series in re.findall(r"skillnet_[a-z_]+", target["expr"])}
            shown |= metrics
            grouped = [
                name.strip() for found in re.findall(r"by \(([^)]*)\)", target["expr"]) for name in found.split(",")
            ]
            used = {
                *re.findall(r"{{(\w+)}}", target["legendFormat"]),
                *re.findall(r"(\w+)=~?\"", target["expr"]),
                *grouped,
            }
            known = SET_BY_PROMETHEUS | {label for name in metrics for label in METRICS[name].labels}
            assert used <= known, (panel["title"], used - known)
    assert shown == set(METRICS)
    (node,) = [one for one in dashboard["templating"]["list"] if one["name"] == "node"]
    assert _metric(*re.findall(r"skillnet_[a-z_]+", node["query"]["query"])) in METRICS
