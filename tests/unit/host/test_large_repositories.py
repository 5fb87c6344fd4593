"""Repositories whose vertices are stored: opened where they are touched, the same as when they are rebuilt."""

from __future__ import annotations

import pytest

from federation.car import read_car
from federation.repository import Write
from federation.verify import verify_record_proof, verify_repo_car
from node.errors import Malformed
from node.services.assembly import Services
from node.services.hosting import repositories, trees
from node.store.repositories import records, vertices
from node.web.xrpc import quick, sync

NOTE = "com.example.note"


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (trees, repositories, quick):
        monkeypatch.setattr(module, "STORED_FROM", 40)
    monkeypatch.setattr(quick, "BUILT_AT_ONCE", 10)


@pytest.fixture
def large(services: Services, anna: str) -> str:
    _write(services, anna, range(60))
    return anna


def _write(services: Services, did: str, numbers: range, action: str = "create") -> None:
    value = None if action == "delete" else {"$type": NOTE, "text": f"{action} {numbers}"}
    services.host.write(did, [Write(action, NOTE, f"n{number:03}", value) for number in numbers])


def _proof(services: Services, did: str, rkey: str) -> bytes:
    found = quick.proof(services, services.database.quick, {"did": did, "collection": NOTE, "rkey": rkey})
    assert found is not None
    return found[0]


def _stored(services: Services, did: str) -> set[bytes]:
    with services.database.read() as session:
        whole = services.host.trees.open_whole(session, did)
        kept = {cid for cid, _ in whole.vertices() if vertices.find_vertex(session, did, cid) is not None}
        assert kept in (set(), {cid for cid, _ in whole.vertices()})
        return kept


def test_vertices_follow_every_commit(services: Services, anna: str) -> None:
    _write(services, anna, range(30))
    assert not _stored(services, anna)
    for step in (range(30, 60), range(60, 61)):
        _write(services, anna, step)
        assert _stored(services, anna)
    services.host.drop(anna)  # as after a restart: opened from what is stored
    _write(services, anna, range(61, 90))
    _write(services, anna, range(5, 9), "update")
    _write(services, anna, range(10, 80), "delete")
    kept = _stored(services, anna)
    with services.database.read() as session:
        assert len(list(services.host.trees.open_whole(session, anna).vertices())) == len(kept)
        head = records.find_head(session, anna)
        assert head is not None
        assert head.records == len(records.list_paths(session, anna))
    services.lifecycle.erase(anna)
    with services.database.read() as session:
        assert not any(vertices.find_vertex(session, anna, cid) for cid in kept)


@pytest.mark.sqlite("quick reads")
def test_a_cold_proof_is_the_warm_one(services: Services, large: str) -> None:
    key = services.keyring
    with services.database.read() as session:
        public = key.key_of(session, large).verifying_key
        row = records.find_record(session, large, NOTE, "n007")
        assert row is not None
        warm = services.host.trees.open_whole(session, large).record_proof(f"{NOTE}/n007", row.block)
    services.host.drop(large)
    assert services.host.trees.find_reader(large, "") is None
    cold = _proof(services, large, "n007")
    assert read_car(cold) == read_car(warm)
    assert verify_record_proof(cold, large, public, f"{NOTE}/n007") is not None
    with services.database.read() as session:
        opened = services.host.trees.open_for_proof(session, large)
        assert verify_record_proof(opened.record_proof(f"{NOTE}/no", None), large, public, f"{NOTE}/no") is None


def test_a_commit_that_is_taken_back_leaves_the_stored_tree(services: Services, large: str) -> None:
    before = _stored(services, large)

    def fail(session: object) -> None:
        services.host.commit(session, large, [Write("create", NOTE, "zz", {"$type": NOTE, "text": "z"})])
        raise Malformed("planted")

    with pytest.raises(Malformed, match="planted"):
        services.database.writer.write(fail)
    assert _stored(services, large) == before
    _write(services, large, range(90, 91))
    assert _stored(services, large) != before


def test_an_export_streams_the_records_in_the_order_of_the_tree(services: Services, large: str) -> None:
    others = [Write("create", f"{NOTE}{end}", "k", {"$type": f"{NOTE}{end}", "text": end}) for end in ("s", ".a")]
    services.host.write(large, others)
    with services.database.read() as session:
        public = services.keyring.key_of(session, large).verifying_key
        head = records.find_head(session, large)
        paths = [path for path, _ in records.list_paths(session, large)]
    whole = b"".join(sync.export(services, large, ""))
    assert list(verify_repo_car(whole, large, public).records) == paths
    assert head is not None
    _write(services, large, range(70, 72))
    part = read_car(b"".join(sync.export(services, large, head.rev)))
    texts = [block for block in part.blocks.values() if b"create" in block]
    assert len(texts) == 1  # both new records are the same block
