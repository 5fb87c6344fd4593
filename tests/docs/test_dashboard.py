"""The dashboard shows metrics that exist, all of them, by labels that they have; alerts are about such as well."""

import json
import re
from pathlib import Path

import yaml

from node.web.metrics import METRICS

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana-dashboard.json"
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


def test_alerts_are_about_metrics_that_there_are() -> None:
    (group,) = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
    about = {_metric(series) for rule in group["rules"] for series in re.findall(r"skillnet_[a-z_]+", rule["expr"])}
    for rule in group["rules"]:
        labels = set(re.findall(r"(\w+)=~?\"|(\w+)!~", rule["expr"]))
        known = {label for name in about for label in METRICS[name].labels}
        assert {one or other for one, other in labels} <= known | {"job"}, rule["alert"]
    assert {"skillnet_doctor_wrong", "skillnet_disk_free_bytes", "skillnet_backup_age_seconds"} <= about
