"""What a worker tells the node goes to that worker alone: planted strings against every other recipient."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from node.services.keeping.archive import ArchiveReader
from node.services.keeping.backing_up import back_up
from node.tracing import start_traces, stop_traces
from node.web.private.assistant_tools import AssistantDesk
from tests.integration.fixtures.kept import PHRASE
from tests.integration.worker.planted import PLANTED, tell_everything


@pytest.fixture
def busy(worker_node: Any) -> Any:
    return _use_everything(worker_node)


def _use_everything(worker_node: Any) -> Any:
    """A worker who used everything there is, with a planted string in every field."""
    own = worker_node.token("rosa")
    client = worker_node.client
    profile = {
        "role": PLANTED["role"],
        "occupations": [PLANTED["occupation"], "onet:43-3031.00"],
        "tasks": [PLANTED["task"]],
        "goals": [PLANTED["goal"]],
        "placements": {PLANTED["skill"]: "novice"},
        "tools": [PLANTED["tool"]],
        "timeZone": PLANTED["place"],
        "languages": ["en", PLANTED["language"]],
    }
    assert client.put("/api/me/profile", json=profile, headers=own).status_code == 200
    item = client.get("/api/me/feed", headers=own).json()["items"][0]
    client.post("/api/me/help", json={"task": f"{PLANTED['asked']} close the books"}, headers=own)
    client.post("/api/me/lessons", json={"receipt": item["id"]}, headers=own)
    tell_everything(client, own, item["id"], worker_node.services.learning, worker_node.viewer("rosa"))
    return worker_node


def planted_in(body: bytes) -> list[str]:
    return [field for field, text in PLANTED.items() if text.encode() in body]


def test_the_worker_gets_everything_back(busy: Any) -> None:
    exported = busy.client.get("/api/me/export", headers=busy.token("rosa")).text
    assert {field for field, text in PLANTED.items() if text not in exported} <= {"asked", "typed"}  # need not be kept


@pytest.mark.parametrize("recipient", ["", "omar", "nils"])
def test_nobody_else_gets_a_byte(busy: Any, recipient: str) -> None:
    headers = busy.token(recipient) if recipient else {}
    paths = [
        "/", "/search?q=zq", "/health", "/ready", "/metrics", "/schema/openapi.json", "/api/accounts", "/api/session",
        "/api/me/profile", "/api/me/feed", "/api/me/outcomes", "/api/me/beliefs", "/api/me/export",
        "/api/me/history", "/api/me/check", "/api/groups", "/me/history", "/me/data", "/me/beliefs", "/me", "/admin",
        "/api/me/holdings", "/api/me/feed-address", "/api/me/feedback", "/me/searches", "/me/profile", "/me/feeds",
        "/admin/audit", "/admin/moderation", "/admin/people", "/moderation", "/fresh", "/trust", "/occupations",
        "/feeds/search.atom?q=zq", "/sitemap.xml", "/feeds/nothing.json", "/nowhere/at/all",
        "/xrpc/org.skillnet.catalogue.search?q=zq", "/.well-known/agent-skills/index.json",
        "/xrpc/com.atproto.sync.listRepos", f"/xrpc/com.atproto.sync.getRepo?did={busy.author}",
        f"/xrpc/com.atproto.sync.getRepo?did={busy.services.identity.did}",
    ]  # fmt: skip
    for path in paths:
        assert planted_in(busy.client.get(path, headers=headers).content) == [], path


def test_somebody_elses_ids_open_nothing(busy: Any) -> None:
    receipt = busy.client.get("/api/me/outcomes", headers=busy.token("rosa")).json()["outcomes"][0]["receipt"]
    other = busy.token("nils")
    assert busy.client.get(f"/api/me/lessons/{receipt}", headers=other).status_code == 404
    taken = busy.client.post("/api/me/outcomes", json={"receipt": receipt, "outcome": "alone"}, headers=other)
    assert taken.status_code == 404


def test_the_workers_own_assistant_gets_no_belief_and_no_history(busy: Any) -> None:
    desk = AssistantDesk(busy.services.learning, busy.viewer("rosa"), "http://localhost")
    said = desk.call("next_lesson", {}) + desk.call("help_for_task", {"task": "close the books for this month"})
    assert "Check the totals" in said
    assert planted_in(said.encode()) == []
    assert not re.search(r"rests on|times in|outcome of yours|on your own|guess", said)


def test_an_address_of_a_feed_opens_that_feed_and_nothing_else(busy: Any) -> None:
    address = busy.client.post("/api/me/feed-address", headers=busy.token("rosa")).json()
    token = re.search(r"/feeds/([^./]+)\.", json.dumps(address))
    assert token
    assert busy.client.get(f"/feeds/{token[1]}.json").status_code == 200
    key = {"Authorization": f"Bearer {token[1]}"}
    for path in ("/api/me/profile", "/api/me/feed", "/api/me/beliefs", "/api/me/export", "/api/me/outcomes"):
        assert busy.client.get(path, headers=key).status_code == 401, path
    feed = busy.client.get(f"/feeds/{token[1]}.json").content + busy.client.get(f"/feeds/{token[1]}.atom").content
    assert set(planted_in(feed)) <= {"role", "goal"}  # its own reasons name what the worker said


def test_a_backup_without_its_keys_tells_nothing_even_to_who_knows_the_passphrase(busy: Any, tmp_path: Path) -> None:
    target = tmp_path / "node.backup"
    back_up(busy.services.settings, target, PHRASE, lambda _: None)
    with target.open("rb") as file:
        reader = ArchiveReader(file, PHRASE)
        found = {name: planted_in(body) for name, body in reader.members()}
        assert planted_in(json.dumps([reader.head, reader.manifest, reader.configuration]).encode()) == []
    assert any("worker" in name for name in found)
    assert {name: fields for name, fields in found.items() if fields} == {}
    assert [path.name for path in tmp_path.iterdir() if planted_in(path.read_bytes())] == []


def test_no_file_no_log_line_and_no_trace_holds_them(worker_node: Any, capsys: pytest.CaptureFixture[str]) -> None:
    start_traces("console", "1")
    try:
        busy = _use_everything(worker_node)
        busy.services.learning.prepare_night(whole=True)
        busy.services.database.scrub()
    finally:
        stop_traces()
    said = "".join(capsys.readouterr())
    assert '"name": "PUT /api/me/profile"' in said
    for path in (path for path in busy.folder.rglob("*") if path.is_file()):
        assert planted_in(path.read_bytes()) == [], path.name
    assert planted_in(said.encode()) == []
