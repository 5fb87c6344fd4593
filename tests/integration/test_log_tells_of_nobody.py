"""The log of a node that people used, and that failed under their hands, names none of them and nothing they asked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from federation.keys import SigningKey
from node.cli.bench.chaos.nursery import Nursery
from tests.integration.fixtures.nodes import PASSWORD
from tests.integration.fixtures.warm_start import WarmNode

pytestmark = [pytest.mark.real, pytest.mark.sqlite("damages the file")]
NAME, WORD, ADDRESS = "wilhelmina", "embarrassing-question", "203.0.113.77"


def test_a_session_with_failures_leaves_nobody_s_name_in_the_log(tmp_path: Path, nursery: Nursery) -> None:
    node = WarmNode(tmp_path / "node", nursery, SKILLNET_LOG_LEVEL="debug", SKILLNET_LOG_JSON="true")
    node.start()
    try:
        with node.operator() as operator:
            body = {"name": NAME, "password": PASSWORD, "recoveryKey": SigningKey.generate().did_key}
            did = operator.post("/api/accounts", json=body).raise_for_status().json()["did"]
        headers = {"x-forwarded-for": ADDRESS, "user-agent": WORD}
        with httpx.Client(base_url=node.url, headers=headers, timeout=60, trust_env=False) as client:
            asked = {"identifier": NAME, "password": PASSWORD}
            token = client.post("/xrpc/com.atproto.server.createSession", json=asked).json()["accessJwt"]
            client.post("/xrpc/com.atproto.server.createSession", json={**asked, "password": WORD})
            _use(client, did, token)
            with closing(sqlite3.connect(node.data / "skillnet.db")) as tables:
                for table in ("record", "item", "version", "identity"):
                    tables.execute(f'DROP TABLE IF EXISTS "{table}"')
            assert 500 in _use(client, did, token)
    finally:
        node.stop()
    log = (tmp_path / "node.log").read_text("utf-8")
    assert "request failed" in log
    for what in (NAME, did, did.rpartition(":")[2], WORD, ADDRESS, token, PASSWORD):
        assert what not in log


def _use(client: httpx.Client, did: str, token: str) -> set[int]:
    """The statuses of everyday requests."""
    record = {"repo": did, "collection": "com.example.note", "record": {"text": WORD}}
    signed = {"authorization": f"Bearer {token}"}
    return {
        client.get("/search", params={"q": WORD}).status_code,
        client.get(f"/people/{NAME}").status_code,
        client.get(f"/people/{did}").status_code,
        client.get("/xrpc/com.atproto.repo.listRecords", params={"repo": did, "collection": WORD}).status_code,
        client.post("/xrpc/com.atproto.repo.createRecord", json=record, headers=signed).status_code,
        client.post("/xrpc/com.atproto.repo.uploadBlob", content=WORD.encode(), headers=signed).status_code,
        client.get(f"/nowhere/{WORD}").status_code,
    }
