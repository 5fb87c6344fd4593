"""Our node follows the official personal data server: its records, blobs and account events, every frame verified."""

from __future__ import annotations

from typing import Any

import pytest

from node.services.assembly import Services
from node.store.clock import as_text, now
from node.store.repositories import accounts, blobs, peers, records
from schemas.authority import MODULE_VERSION
from schemas.identifiers import tid_from_micros
from tests.integration.fixtures.contributions import version_value
from tests.integration.fixtures.nodes import LiveNode, until
from tests.integration.official.conftest import Official, make_picture, of_every_generation

pytestmark = [pytest.mark.real, pytest.mark.needs("node")]
PICTURE = make_picture(1)


def texts(services: Services, did: str) -> dict[str, str]:
    """The CIDs of the records kept of a repository, by record key."""
    with services.database.read() as session:
        return {row.rkey: row.cid for row in records.iterate_records(session, did=did)}


def rejections(services: Services, did: str = "") -> list[tuple[str, str]]:
    """What was refused, of one account where it is named: other tests of this server take accounts down."""
    with services.database.read() as session:
        rows = peers.list_rejections(session, peer="", limit=500)
    return [(row.code, row.detail) for row in rows if did in ("", row.did)]


def write(action: str, rkey: str, text: str = "") -> dict[str, Any]:
    item = {"$type": f"com.atproto.repo.applyWrites#{action}", "collection": MODULE_VERSION, "rkey": rkey}
    return item if action == "delete" else {**item, "value": version_value(f"m-{rkey}", text)}


def cursor(services: Services, url: str) -> int:
    with services.database.read() as session:
        row = peers.find_peer(session, url)
    return row.cursor if row else -1


@of_every_generation
def test_records_blobs_and_account_events_of_the_official_server(ours: LiveNode, official: Official) -> None:
    services = ours.services
    early, early_token = official.account("early")
    body = {"repo": early, "collection": MODULE_VERSION, "record": version_value("early", "before we followed")}
    official.call("com.atproto.repo.createRecord", {**body, "validate": False}, early_token)
    ours.run(services.follower.follow(official.pds, trust=False))
    until(lambda: texts(services, early), 60, "the backfill")

    did, token = official.account("carla")
    blob = official.call("com.atproto.repo.uploadBlob", PICTURE, token)["blob"]
    value = version_value("picture", "with a picture", pictures=[{"path": "p.png", "blob": blob, "alt": "nothing"}])
    body = {"repo": did, "collection": MODULE_VERSION, "record": value, "validate": False}
    made = official.call("com.atproto.repo.createRecord", body, token)
    until(lambda: texts(services, did).get(made["uri"].rpartition("/")[2]) == made["cid"], 60, "the record")
    cid = blob["ref"]["$link"]

    def held() -> Any:
        with services.database.read() as session:
            return blobs.find_blob(session, did, cid)

    until(held, 60, "the blob")
    assert services.blobs.find(cid) == PICTURE

    changed = {**body, "rkey": made["uri"].rpartition("/")[2], "record": {**value, "createdAt": as_text(now())}}
    put = official.call("com.atproto.repo.putRecord", changed, token)
    until(lambda: put["cid"] in texts(services, did).values(), 60, "the update")
    gone = {"repo": did, "collection": MODULE_VERSION, "rkey": changed["rkey"]}
    official.call("com.atproto.repo.deleteRecord", gone, token)
    until(lambda: not texts(services, did), 60, "the deletion")
    until(lambda: not held(), 60, "the blob's end")

    official.call("com.atproto.repo.uploadBlob", PICTURE, token)
    official.call("com.atproto.repo.createRecord", body, token)
    until(lambda: texts(services, did), 60, "the record after the deletion")
    official.call("com.atproto.server.deactivateAccount", {}, token)
    until(lambda: not texts(services, did), 60, "the deactivation")
    official.call("com.atproto.server.activateAccount", "", token)
    until(lambda: texts(services, did), 60, "the activation")
    official.ask("/delete", early)
    until(lambda: not texts(services, early), 60, "the account's deletion")
    official.ask("/takedown", did)
    until(lambda: not texts(services, did), 60, "the takedown")
    refused = rejections(services, did) + rejections(services, early)
    assert [code for code, _ in refused if code != "unreachable"] == []


@of_every_generation
def test_six_hundred_frames_invert(ours: LiveNode, official: Official) -> None:
    services = ours.services
    ours.run(services.follower.follow(official.pds, trust=False))
    until(lambda: cursor(services, official.pds) >= -1, what="the peer")
    did, token = official.account("dana")
    keys = [str(tid_from_micros(1_700_000_000_000_000 + number, 0)) for number in range(275)]
    frames = 0
    for number, rkey in enumerate(keys):
        official.call(
            "com.atproto.repo.applyWrites",
            {"repo": did, "validate": False, "writes": [write("create", rkey, f"text {number}")]},
            token,
        )
        frames += 1
        if number % 2:
            official.call(
                "com.atproto.repo.applyWrites",
                {"repo": did, "validate": False, "writes": [write("update", rkey, f"changed {number}")]},
                token,
            )
            frames += 1
        if number % 3 == 0:
            official.call(
                "com.atproto.repo.applyWrites",
                {"repo": did, "validate": False, "writes": [write("delete", rkey)]},
                token,
            )
            frames += 1
    assert frames >= 500
    latest = official.call("com.atproto.sync.getLatestCommit", did=did)

    def caught_up() -> bool:
        with services.database.read() as session:
            head = records.find_head(session, did)
        return head is not None and head.rev == latest["rev"]

    until(caught_up, 120, "the last frame")
    with services.database.read() as session:
        head = records.find_head(session, did)
        assert head.commit_cid == latest["cid"]
        assert accounts.find_identity(session, did).host == official.pds
    assert rejections(services, did) == []
