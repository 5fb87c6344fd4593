"""Work history, the later check, notices, moving to another node, groups, and an erasure that is looked into."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from node.errors import Conflict, Malformed
from node.store.clock import SECOND

WORK = {"role": "bookkeeper", "occupations": ["onet:43-3031.00"], "tasks": ["onet:43-3031.00/1"]}


def test_history_counts_only_as_chosen_and_goes_without_a_trace(worker_node: Any) -> None:
    client, own = worker_node.client, worker_node.token("rosa")
    text = "- Check the totals of drafted statements, 2019-2023\n- Juggling"
    shown = client.post("/api/me/history/preview", json={"text": text}, headers=own).json()
    assert shown["form"] == "list"
    assert [piece["skills"] for piece in shown["pieces"]] == [["total-checking"], []]
    assert client.get("/api/me/history", headers=own).json()["pieces"] == []
    before = client.get("/api/me/beliefs", headers=own).json()["beliefs"]
    client.post("/api/me/history", json={"pieces": shown["pieces"][:1]}, headers=own)
    (belief,) = client.get("/api/me/beliefs", headers=own).json()["beliefs"]
    assert "you brought along “Check the totals of drafted statements”" in belief["because"]
    piece = client.get("/api/me/history", headers=own).json()["pieces"][0]["id"]
    assert client.delete(f"/api/me/history/{piece}", headers=own).status_code == 200
    assert client.get("/api/me/beliefs", headers=own).json()["beliefs"] == before
    assert client.delete(f"/api/me/history/{piece}", headers=own).status_code == 404


def test_it_is_asked_once_whether_it_held_up(worker_node: Any) -> None:
    learning, viewer = worker_node.services.learning, worker_node.viewer("rosa")
    learning.change_profile(viewer, WORK)
    receipt = next(o.id for o in learning.feed(viewer).offers if o.item.version_uri)
    recorded = learning.record(viewer, receipt, "alone")
    checks, now = learning.checks(viewer), datetime.fromtimestamp(recorded.at / SECOND, UTC)
    assert checks.find(viewer, now + timedelta(days=1)) is None
    later = now + timedelta(days=8)
    assert checks.find(viewer, later).receipt == receipt
    chance = next(b.middle for b in learning.beliefs(viewer) if b.skill in recorded.skills)
    held = checks.answer(viewer, receipt, "not", later)
    assert held.kind == "check"
    assert next(b.middle for b in learning.beliefs(viewer) if b.skill in recorded.skills) < chance
    assert checks.find(viewer, later + timedelta(days=9)) is None
    learning.withdraw_outcome(viewer, held.id)
    assert checks.find(viewer, later).receipt == receipt


def test_notices_never_come_oftener_than_allowed_nor_at_night(worker_node: Any) -> None:
    learning, viewer = worker_node.services.learning, worker_node.viewer("rosa")
    learning.change_profile(viewer, WORK)
    notices, start = learning.notices(viewer), datetime(2026, 11, 3, tzinfo=UTC)
    assert notices.take(viewer, start + timedelta(hours=9)) == ""  # nobody asked for any
    learning.change_profile(viewer, {"noticesPerDay": 2, "quietHours": {"from": "20:00", "to": "07:00"}})
    given_at = [hour for hour in range(48) if notices.take(viewer, start + timedelta(hours=hour))]
    assert given_at == [7, 11, 31, 35]


def test_everything_moves_with_a_passphrase_and_nothing_without(worker_node: Any) -> None:
    client, own, other = worker_node.client, worker_node.token("rosa"), worker_node.token("nils")
    client.put("/api/me/profile", json={**WORK, "goals": ["zq-moved"]}, headers=own)
    item = client.get("/api/me/feed", headers=own).json()["items"][0]["id"]
    client.post("/api/me/outcomes", json={"receipt": item, "outcome": "alone"}, headers=own)
    lesson = client.get(f"/api/me/lessons/{item}", headers=own).json()
    client.post("/api/me/feed-address", headers=own)
    sealed = client.post("/api/me/pack", json={"passphrase": "correct horse"}, headers=own).content
    assert b"zq-moved" not in sealed

    def bring(content: bytes, passphrase: str) -> Any:
        body = {"sealed": base64.b64encode(content).decode(), "passphrase": passphrase}
        return client.post("/api/me/unpack", json=body, headers=other)

    odd = {"sealed": "no base64: \N{RIGHT-TO-LEFT OVERRIDE}", "passphrase": "correct horse"}
    assert client.post("/api/me/unpack", json=odd, headers=other).status_code == 400
    assert bring(sealed, "wrong horse!").status_code == 400
    assert bring(sealed[:-1], "correct horse").status_code == 400
    assert client.get("/api/me/holdings", headers=other).json()["holdings"] == []
    assert bring(sealed, "correct horse").status_code == 200
    assert client.get("/api/me/profile", headers=other).json()["goals"][0]["text"] == "zq-moved"
    assert client.get(f"/api/me/lessons/{item}", headers=other).json() == lesson
    assert client.get("/api/me/feed-address", headers=other).json()["atom"] is None
    assert bring(sealed, "correct horse").status_code == 409
    with pytest.raises((Malformed, Conflict)):
        worker_node.services.learning.moving(worker_node.viewer("nils")).pack(worker_node.viewer("nils"), "short")


@pytest.mark.sqlite("reads the file")
def test_an_erasure_reads_every_file_afterwards(worker_node: Any) -> None:
    viewer = worker_node.viewer("rosa")
    worker_node.services.learning.change_profile(viewer, {"role": "zq-erased"})
    copy = worker_node.folder / "left-behind.db"
    worker_node.services.database.scrub()
    copy.write_bytes((worker_node.folder / "skillnet.db").read_bytes())
    erased = worker_node.services.learning.forget(viewer)
    copy.unlink()
    assert erased.left == ("left-behind.db",)
    worker_node.services.learning.change_profile(viewer, {"role": "zq-erased"})
    erased = worker_node.services.learning.forget(viewer)
    assert (erased.left, erased.files > 3, erased.entries) == ((), True, 2)


def test_only_operators_see_groups(worker_node: Any) -> None:
    ask = worker_node.client.get
    assert ask("/api/groups", headers=worker_node.token("rosa")).status_code == 403
    worker_node.services.learning.prepare_night(whole=True)
    found = ask("/api/groups", headers=worker_node.token("omar")).json()
    assert found["day"]
    assert found["occupations"] == found["modules"] == {}
