"""Strings that stand nowhere else, and a worker who tells them to the node."""

from __future__ import annotations

from typing import Any

import httpx

from node.services.policy import Viewer

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
    "evidence": "zq-evidence-92",
    "search": "zq-search-90",
    "typed": "zq-typed-91",
    "place": "Pacific/Chatham",
    "language": "zq-x-language",
}


def tell_everything(client: httpx.Client, own: dict[str, str], item: str, learning: Any, worker: Viewer) -> None:
    """An outcome of `item` with its evidence, feedback, a correction, history, searches: a planted string in each."""
    client.post("/api/me/outcomes", json={"receipt": item, "outcome": "not"}, headers=own)
    client.put(f"/api/me/outcomes/{item}/evidence", json={"words": PLANTED["evidence"]}, headers=own)
    client.post("/api/me/feedback", json={"item": item, "feedback": "less-like-this"}, headers=own)
    client.post(f"/api/me/beliefs/{PLANTED['correction']}", json={"belief": "not-yet"}, headers=own)
    client.post("/api/me/feed-address", headers=own)
    shown = client.post("/api/me/history/preview", json={"text": f"- {PLANTED['history']}"}, headers=own).json()
    client.post("/api/me/history", json={"pieces": shown["pieces"]}, headers=own)
    client.post("/api/me/notice", headers=own)
    learning.kept_searches.save(worker, f"q={PLANTED['search']}", PLANTED["search"])
    client.get(f"/search?q={PLANTED['typed']}", headers=own)
    client.get(f"/api/me/lessons/{PLANTED['asked']}", headers=own)  # what fails must not be told elsewhere either
