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


def test_whatever_the_doctor_may_find_wrong_is_alerted_on() -> None:
    """By a rule about it, or, where that would be told twice, by one about what it is seen by."""
    (group,) = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
    told = [re.search(r'doctor_wrong{check(=~|!~|=)"([^"]+)"}', rule["expr"]) for rule in group["rules"]]
    rules = [(one.group(1), re.compile(one.group(2))) for one in told if one]
    names = _findings()
    assert {"disk", "node", "log of erasures", "single sign-on", "search drift", "backup"} <= names
    silent = {
        name
        for name in names
        if not any((pattern.fullmatch(name) is not None) == (sign != "!~") for sign, pattern in rules)
    }
    assert silent == {"backup"}, "of which NoBackup tells, by its age"


def _findings() -> set[str]:
    """Every name that a finding is given in the source."""
    sources = [path.read_text("utf-8") for path in (DEPLOY.parent / "node/services/examining").glob("*.py")]
    named = r"(?:Finding|judged|tried|examine_privacy)\(\s*\"([a-zA-Z -]+)\"|^_?NAME = \"([a-z -]+)\""
    return {one or other for source in sources for one, other in re.findall(named, source, re.MULTILINE)}


def test_alerts_are_about_metrics_that_there_are() -> None:
    (group,) = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
    about = {_metric(series) for rule in group["rules"] for series in re.findall(r"skillnet_[a-z_]+", rule["expr"])}
    for rule in group["rules"]:
        labels = set(re.findall(r"(\w+)=~?\"|(\w+)!~", rule["expr"]))
        known = {label for name in about for label in METRICS[name].labels}
        assert {one or other for one, other in labels} <= known | {"job"}, rule["alert"]
    assert {"skillnet_doctor_wrong", "skillnet_disk_free_bytes", "skillnet_backup_age_seconds"} <= about
