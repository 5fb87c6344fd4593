"""/metrics: every declared metric has a value, the traffic is counted, a backup has an age; /admin tells the same."""

import html
import re
from functools import partial
from pathlib import Path

import pytest
from litestar.testing import TestClient

from node.app.compose import compose
from node.jobs.chores import CHORES
from node.services.last_backup import mark_backup
from node.settings.declared import Settings
from node.store.administration.jobs import save_job
from node.store.clock import DAY, SECOND, now
from node.store.tables.jobs import JobRow
from node.web.metrics import METRICS
from tests.integration.fixtures.nodes import app_of, free_port, mark_local_on_demand

ONLY_WITH_PEERS = {
    "skillnet_peers", "skillnet_peer_lag_seconds", "skillnet_peer_failures", "skillnet_peer_deletion_lag_seconds",
}  # fmt: skip


def test_what_a_node_says_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("node.jobs.chores.CHORES", [chore for chore in CHORES if chore.name != "examine-node"])
    port = free_port()
    services = compose(Settings(data=tmp_path, url=f"http://localhost:{port}", port=port))
    with TestClient(mark_local_on_demand(app_of(services))) as client:
        first = client.get("/metrics").text
        assert "skillnet_backup_age_seconds -1.0" in first
        assert "skillnet_doctor_age_seconds -1.0" in first
        client.get("/no-such-page")
        mark_backup(tmp_path)
        failed = JobRow(key="failed", run_at=now() + DAY, attempts=3, error="planted")
        hung = JobRow(key="hung", state="running", started_at=now() - DAY)
        for job in (failed, hung):
            services.database.writer.write(partial(save_job, row=job))
        tmp_path.chmod(0o755)
        looked = client.post("/api/doctor", json={}, headers={"x-test-operator": "yes"}).json()
        text = client.get("/metrics").text
        page = client.get("/admin", headers={"x-test-operator": "yes"}).text
    values = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}
    names = {re.sub(r"_(bucket|sum|count)$", "", name.partition("{")[0]) for name in values}
    assert names <= METRICS.keys()
    assert METRICS.keys() - names <= ONLY_WITH_PEERS | {"skillnet_items"}
    assert all(html.escape(METRICS[name].meaning) in page for name in names)
    assert page.count(html.escape(METRICS["skillnet_doctor_wrong"].meaning)) == 1, "said once for all that it looked at"
    assert not looked["ok"]
    assert values['skillnet_doctor_wrong{check="privacy of the folder"}'] == 1
    assert f"<code>chmod 700 {tmp_path}</code>" in page, "what mends it is shown as a command"
    assert values['skillnet_doctor_wrong{check="disk"}'] == 0
    assert values['skillnet_jobs{state="failed"}'] == 1, "which deploy/alerts.yaml alerts on"
    assert DAY / SECOND <= values["skillnet_job_running_seconds"] < DAY / SECOND + 60
    assert values['skillnet_doctor_wrong{check="jobs under way"}'] == 1
    assert "hung has run for 24 hours" in page
    assert values['skillnet_requests_total{status="4xx"}'] == 1
    assert values["skillnet_requests_under_way"] == 1
    assert values['skillnet_request_seconds_sum{lane="pages"}'] > 0
    assert values['skillnet_request_seconds_bucket{lane="pages",le="+Inf"}'] == 2
    assert values['skillnet_request_seconds_count{lane="pages"}'] == 2
    assert 0 <= values["skillnet_backup_age_seconds"] < 60
    assert values["skillnet_memory_bytes"] > 10_000_000
    assert values["skillnet_database_bytes"] > 0


def test_nobody_outside_makes_new_labels(tmp_path: Path) -> None:
    """Whatever is asked for, and under whatever name of a host: the series are the same."""
    port = free_port()
    services = compose(Settings(data=tmp_path, url=f"http://localhost:{port}", port=port))
    with TestClient(app_of(services), raise_server_exceptions=False) as client:

        def series() -> set[str]:
            return {line.rpartition(" ")[0] for line in client.get("/metrics").text.splitlines()}

        for path in ("/", "/nowhere", "/xrpc/x", "/sign-in", "/xrpc/com.atproto.sync.getRepo"):
            client.get(path)
        before = series()
        for number in range(30):
            hostile = f"h{number}.example"
            client.request(
                f"ODD{number}", f"/{hostile}", headers={"host": hostile, "x-forwarded-for": f"1.2.3.{number}"}
            )
            client.get(f"/xrpc/com.example.{hostile}", params={hostile: hostile}, headers={"user-agent": hostile})
            client.get(f"/people/{hostile}", headers={"referer": f"http://{hostile}/", "traceparent": hostile})
        assert series() == before
