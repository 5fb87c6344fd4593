"""What a worker tells the node goes to that worker alone: planted strings against every other recipient."""

from __future__ import annotations

from typing import Any

import pytest

PLANTED = {
    "role": "zq-role-81",
    "occupation": "onet:zq-occupation-82",
    "task": "zq-task-83",
    "goal": "zq-goal-84",
    "skill": "zq-skill-85",
    "tool": "zq-tool-86",
    "asked": "zq-asked-87",
    "correction": "zq-correction-88",
    "history": "zq-history-89",
}


@pytest.fixture
def busy(worker_node: Any) -> Any:
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
    }
    assert client.put("/api/me/profile", json=profile, headers=own).status_code == 200
    item = client.get("/api/me/feed", headers=own).json()["items"][0]
    client.post("/api/me/help", json={"task": f"{PLANTED['asked']} close the books"}, headers=own)
    client.post("/api/me/lessons", json={"receipt": item["id"]}, headers=own)
    client.post("/api/me/outcomes", json={"receipt": item["id"], "outcome": "not"}, headers=own)
    client.post("/api/me/feedback", json={"item": item["id"], "feedback": "less-like-this"}, headers=own)
    client.post(f"/api/me/beliefs/{PLANTED['correction']}", json={"belief": "not-yet"}, headers=own)
    client.post("/api/me/feed-address", headers=own)
    shown = client.post("/api/me/history/preview", json={"text": f"- {PLANTED['history']}"}, headers=own).json()
    client.post("/api/me/history", json={"pieces": shown["pieces"]}, headers=own)
    client.post("/api/me/notice", headers=own)
    return worker_node


def test_the_worker_gets_everything_back(busy: Any) -> None:
    exported = busy.client.get("/api/me/export", headers=busy.token("rosa")).text
    assert [field for field, text in PLANTED.items() if text not in exported] == ["asked"]  # questions are not kept


@pytest.mark.parametrize("recipient", ["", "omar", "nils"])
def test_nobody_else_gets_a_byte(busy: Any, recipient: str) -> None:
    headers = busy.token(recipient) if recipient else {}
    paths = [
        "/", "/search?q=zq", "/health", "/ready", "/metrics", "/schema/openapi.json", "/api/accounts", "/api/session",
        "/api/me/profile", "/api/me/feed", "/api/me/outcomes", "/api/me/beliefs", "/api/me/export",
        "/api/me/history", "/api/me/check", "/api/groups", "/me/history", "/me/data", "/me/beliefs", "/me", "/admin",
        "/api/me/holdings", "/api/me/feed-address", "/api/me/feedback",
        "/xrpc/com.atproto.sync.listRepos", f"/xrpc/com.atproto.sync.getRepo?did={busy.author}",
        f"/xrpc/com.atproto.sync.getRepo?did={busy.services.identity.did}",
    ]  # fmt: skip
    for path in paths:
        body = busy.client.get(path, headers=headers).content
        assert [field for field, text in PLANTED.items() if text.encode() in body] == [], path


def test_somebody_elses_ids_open_nothing(busy: Any) -> None:
    receipt = busy.client.get("/api/me/outcomes", headers=busy.token("rosa")).json()["outcomes"][0]["receipt"]
    other = busy.token("nils")
    assert busy.client.get(f"/api/me/lessons/{receipt}", headers=other).status_code == 404
    taken = busy.client.post("/api/me/outcomes", json={"receipt": receipt, "outcome": "alone"}, headers=other)
    assert taken.status_code == 404


def test_no_file_and_no_log_line_holds_them(busy: Any, capsys: pytest.CaptureFixture[str]) -> None:
    busy.services.learning.prepare_night(whole=True)
    busy.services.database.scrub()
    logged = "".join(capsys.readouterr())
    for path in (path for path in busy.folder.rglob("*") if path.is_file()):
        body = path.read_bytes()
        assert [field for field, text in PLANTED.items() if text.encode() in body] == [], path.name
    assert [field for field, text in PLANTED.items() if text in logged] == []
