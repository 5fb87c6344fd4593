"""The dashboard shows metrics that exist, and every one of them."""

import json
import re
from pathlib import Path

from node.web.metrics import METRICS

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana-dashboard.json"


def test_the_dashboard_shows_the_metrics_that_there_are() -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    asked = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    assert set(re.findall(r"skillnet_[a-z_]+", asked)) == set(METRICS)
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                names = re.findall(r"skillnet_[a-z_]+", target["expr"])
                assert any(label in METRICS[name].labels for name in names), (panel["title"], label)
