"""Quick answers say exactly what the handlers behind them say, and nothing of what is gone or not served."""

from __future__ import annotations

import json
from typing import Any

import pytest

from federation.codec import decode
from federation.repository import Write
from node.services.assembly import Services
from node.store.repositories import records
from node.web.xrpc import quick
from schemas.datamodel import to_json

NOTE = "com.example.note"


@pytest.fixture
def notes(services: Services, anna: str) -> list[str]:
    keys = [f"k{number}" for number in range(5)]
    values = [{"$type": NOTE, "text": f"note {key}", "bytes": b"\1\2", "list": [1, None, True]} for key in keys]
    services.host.write(anna, [Write("create", NOTE, key, value) for key, value in zip(keys, values, strict=True)])
    return keys


def body(answer: tuple[bytes, bytes] | None) -> Any:
    assert answer is not None
    return json.loads(answer[0])


@pytest.mark.sqlite("quick reads")
def test_a_record_and_a_listing_are_as_stored(services: Services, anna: str, notes: list[str]) -> None:
    reads = services.database.quick
    assert reads is not None
    with services.database.read() as session:
        row = records.find_record(session, anna, NOTE, "k1")
    wanted = {"uri": row.uri, "cid": row.cid, "value": to_json(decode(row.block))}
    asked = {"repo": anna, "collection": NOTE, "rkey": "k1"}
    assert body(quick.record(services, reads, asked)) == wanted
    assert quick.record(services, reads, {**asked, "cid": "another"}) is None
    for _ in range(2):  # made, then kept
        listed = body(quick.records(services, reads, {"repo": anna, "collection": NOTE, "limit": 3}))
        assert [item["uri"].rpartition("/")[2] for item in listed["records"]] == ["k4", "k3", "k2"]
        assert listed["cursor"] == "k2"
    params = {"repo": anna, "collection": NOTE, "limit": 3, "cursor": "k2"}
    rest = body(quick.records(services, reads, params))
    assert [item["value"]["text"] for item in rest["records"]] == ["note k1", "note k0"]
    assert rest["records"][0] == wanted
    upwards = body(quick.records(services, reads, {**params, "cursor": "", "reverse": True}))
    assert [item["uri"].rpartition("/")[2] for item in upwards["records"]] == notes[:3]


@pytest.mark.sqlite("quick reads")
def test_what_changed_or_went_is_not_shown(services: Services, anna: str, notes: list[str]) -> None:
    reads = services.database.quick
    assert reads is not None
    params = {"repo": anna, "collection": NOTE, "limit": 100}
    assert len(body(quick.records(services, reads, params))["records"]) == len(notes)
    services.host.write(anna, [Write("update", NOTE, "k0", {"$type": NOTE, "text": "changed"})])
    services.host.write(anna, [Write("delete", NOTE, "k4")])
    texts = [item["value"]["text"] for item in body(quick.records(services, reads, params))["records"]]
    assert texts == ["note k3", "note k2", "note k1", "changed"]
    assert any(b"note k4" in shown for shown in reads.kept.values())
    services.forgetting.run()
    assert not reads.kept
    services.lifecycle.deactivate(anna)
    assert quick.records(services, reads, params) is None
    assert quick.record(services, reads, {"repo": anna, "collection": NOTE, "rkey": "k1"}) is None
    assert quick.proof(services, reads, {"did": anna, "collection": NOTE, "rkey": "k1"}) is None
