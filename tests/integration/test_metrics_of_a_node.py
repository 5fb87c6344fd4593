"""/metrics: every declared metric has a value, the traffic is counted, a backup has an age."""

from pathlib import Path

from litestar.testing import TestClient

from node.app.compose import compose
from node.services.keeping.last_backup import mark_backup
from node.settings.declared import Settings
from node.web.metrics import METRICS
from tests.integration.fixtures.nodes import app_of, free_port

ONLY_WITH_PEERS = {
    "skillnet_peers", "skillnet_peer_lag_seconds", "skillnet_peer_failures", "skillnet_peer_deletion_lag_seconds",
}  # fmt: skip


def test_what_a_node_says_of_itself(tmp_path: Path) -> None:
    port = free_port()
    services = compose(Settings(data=tmp_path, url=f"http://localhost:{port}", port=port))
    with TestClient(app_of(services)) as client:
        assert "skillnet_backup_age_seconds -1.0" in client.get("/metrics").text
        client.get("/no-such-page")
        mark_backup(tmp_path)
        text = client.get("/metrics").text
    values = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}
    assert METRICS.keys() - {name.partition("{")[0] for name in values} <= ONLY_WITH_PEERS | {"skillnet_items"}
    assert values['skillnet_requests_total{status="4xx"}'] == 1
    assert values["skillnet_requests_under_way"] == 1
    assert values["skillnet_request_seconds_total"] > 0
    assert 0 <= values["skillnet_backup_age_seconds"] < 60
    assert values["skillnet_memory_bytes"] > 10_000_000
    assert values["skillnet_database_bytes"] > 0
