"""Two nodes over real sockets: what is published, deleted or erased on one happens on the other; failures recover."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from federation.events import AccountEvent
from federation.frames import encode_account
from federation.repository import Write
from node.cli.demo.hostile import MARK, serve_tampered
from node.errors import Malformed
from node.services.following.peer_task import LONGEST_DELAY, delay_after
from node.store.clock import as_text, now
from node.store.content import catalogue, contributions
from node.store.content.catalogue import PUBLIC
from node.store.repositories import blobs, peers, records
from node.store.tables.hosting import BlobRow
from node.store.tables.peers import PeerRow, RejectionRow
from schemas.authority import MODULE_VERSION
from tests.integration.fixtures.contributions import head_write, version_write
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, publish, until

TEXT = "Look up each number in the source before you sign. " * 5


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNode]:
    """A follower that several tests share: each lets it hear of another host."""
    with live(tmp_path_factory.mktemp("listener")) as node:
        yield node


def follow(node: LiveNode, url: str, *, trust: bool = False) -> PeerRow:
    return node.run(node.services.follower.follow(url, trust=trust))


def peer(node: LiveNode, url: str) -> PeerRow:
    with node.services.database.read() as session:
        return peers.get_peer(session, url)


def shown(node: LiveNode, uri: str) -> Any:
    with node.services.database.read() as session:
        return catalogue.find_item(session, uri, PUBLIC)


def rejections(node: LiveNode, url: str) -> list[RejectionRow]:
    with node.services.database.read() as session:
        return peers.list_rejections(session, peer=url)


def test_publishing_deleting_and_leaving_travel_from_node_to_node(publisher: LiveNode, follower: LiveNode) -> None:
    anna = practitioner(publisher.services, "anna")
    early = publish(publisher.services, anna, "before-following", TEXT)
    row = follow(follower, publisher.url, trust=True)
    assert (row.state, row.did, row.organisation) == (
        "live", publisher.services.identity.did, publisher.services.settings.organisation,
    )  # fmt: skip
    assert shown(follower, early.uri).title == "How to before-following"
    live_one = publish(publisher.services, anna, "while-following", TEXT)
    until(lambda: shown(follower, live_one.uri), what="the live module")

    with follower.services.database.read() as session:
        (vouch,) = contributions.list_vouches(session, subject=publisher.services.identity.did)
        head = records.find_head(session, anna)
    assert vouch.did == follower.services.identity.did
    assert (head.hosted, head.peer) == (False, publisher.url)

    publisher.write(anna, Write("delete", MODULE_VERSION, live_one.version["uri"].rpartition("/")[2]))
    until(lambda: shown(follower, live_one.uri) is None, what="the deletion")
    assert shown(follower, early.uri) is not None

    stream = publisher.services.stream
    publisher.services.database.writer.write(
        lambda session: stream.append(
            session, anna, "account",
            lambda seq: encode_account(AccountEvent(seq, anna, False, "deleted", as_text(now()))),
        )
    )  # fmt: skip
    until(lambda: shown(follower, early.uri) is None, what="the account's end")
    with follower.services.database.read() as session:
        assert records.find_head(session, anna) is None
        assert records.list_paths(session, anna) == []
    assert rejections(follower, publisher.url) == []


def test_a_picture_travels_with_its_record(publisher: LiveNode, follower: LiveNode) -> None:
    from federation.cids import parse_cid
    from schemas.cbor import CID

    anna = practitioner(publisher.services, "anna")
    stored = publisher.services.blobs.put(b"\x89PNG\r\n\x1a\n" + b"picture" * 50)
    row = BlobRow(did=anna, cid=stored.cid, mime=stored.mime, size=stored.size, stored_at=now())
    publisher.services.database.writer.write(lambda session: blobs.save_blob(session, row))
    blob = {"$type": "blob", "ref": CID(parse_cid(stored.cid)), "mimeType": stored.mime, "size": stored.size}
    follow(follower, publisher.url)
    write = version_write("pictured", TEXT, pictures=[{"path": "a.png", "blob": blob, "alt": "A ward."}])
    publisher.write(anna, write)

    def arrived() -> bool:
        with follower.services.database.read() as session:
            row = blobs.find_blob(session, anna, stored.cid)
        return row is not None and row.mime == "image/png"

    until(arrived, what="the picture's row")
    assert follower.services.blobs.find(stored.cid)


@pytest.mark.real
def test_a_peer_that_is_down_is_tried_again_and_resumed_at_the_cursor(tmp_path: Path, follower: LiveNode) -> None:
    port, folder = free_port(), tmp_path / "publisher"
    url = f"http://localhost:{port}"
    row = follow(follower, url)
    assert row.state == "waiting"
    assert row.next_try > now() - 1_000_000
    assert row.error
    assert row.failures >= 1

    with live(folder, port) as publisher:
        follower.run(_nudge(follower))
        anna = practitioner(publisher.services, "anna")
        first = publish(publisher.services, anna, "first", TEXT)
        until(lambda: shown(follower, first.uri) and peer(follower, url).state == "live", what="recovery")
        taken_live = publish(publisher.services, anna, "taken-live", TEXT)
        until(lambda: shown(follower, taken_live.uri), what="a live event")
    until(lambda: peer(follower, url).state == "waiting", what="the loss is noticed")
    cursor = peer(follower, url).cursor
    assert cursor > 0

    with live(folder, port) as publisher:
        second = publish(publisher.services, anna, "second", TEXT)
        follower.run(_nudge(follower))
        until(lambda: shown(follower, second.uri), what="the second recovery")
        until(lambda: peer(follower, url).state == "live", what="live again")
        assert peer(follower, url).cursor >= cursor
        third = publish(publisher.services, anna, "third", TEXT)
        until(lambda: shown(follower, third.uri), what="live after resuming")
        assert shown(follower, first.uri) is not None
    assert rejections(follower, url) == []


async def _nudge(node: LiveNode) -> None:
    node.services.follower.sync_now()


@pytest.mark.real
def test_unfollowing_forgets_what_came_from_there(publisher: LiveNode, follower: LiveNode) -> None:
    anna = practitioner(publisher.services, "anna")
    module = publish(publisher.services, anna, "gone", TEXT)
    follow(follower, publisher.url)
    assert shown(follower, module.uri) is not None
    follower.run(follower.services.follower.unfollow(publisher.url))
    assert shown(follower, module.uri) is None
    with follower.services.database.read() as session:
        assert peers.find_peer(session, publisher.url) is None
        assert list(records.iterate_records(session, did=anna)) == []
    publish(publisher.services, anna, "later", TEXT)
    time.sleep(0.3)
    with follower.services.database.read() as session:
        assert records.find_head(session, anna) is None


@pytest.mark.real
def test_a_host_may_bring_only_so_much(tmp_path: Path, publisher: LiveNode) -> None:
    with live(tmp_path / "small", peer_rows=6) as small:
        anna = practitioner(publisher.services, "anna")
        follow(small, publisher.url)
        for n in range(6):
            publisher.write(anna, version_write(f"module-{n}", TEXT))
        until(lambda: "quota-reached" in {row.code for row in rejections(small, publisher.url)}, what="the quota")
        with small.services.database.read() as session:
            assert records.usage_of_peer(session, publisher.url)[0] <= 7


def test_a_tampered_repository_is_refused_with_its_reason(listener: LiveNode) -> None:
    with serve_tampered(free_port(), now()) as host:
        url = f"http://localhost:{host.port}"
        follow(listener, url)
        until(lambda: rejections(listener, url), what="the refusal")
        refusal = rejections(listener, url)[0]
        assert refusal.did == host.did
        assert refusal.code == "block-hash-mismatch"
        with listener.services.database.read() as session:
            assert records.find_head(session, host.did) is None
            assert MARK not in "".join(row.name for row in contributions.list_organisations(session))


@pytest.mark.parametrize(
    "record", [{"no": "value"}, {"value": ["a list"]}, {"value": {"name": 7, "directory": ["x"]}}, ["nothing"]]
)
def test_a_host_that_talks_nonsense_about_itself_is_tried_again(listener: LiveNode, record: Any) -> None:
    from node.cli.demo import hostile

    with serve_tampered(free_port(), now()) as host:
        answer = host.answer
        host.answer = lambda path, query: (
            hostile._json(record) if path.endswith("repo.getRecord") else answer(path, query)
        )
        url = f"http://localhost:{host.port}"
        follow(listener, url)
        until(lambda: peer(listener, url).state in ("waiting", "live"), 60, "an outcome")
        assert not listener.services.follower._tasks[url]._task.done()


def test_a_node_does_not_follow_itself(listener: LiveNode) -> None:
    from node.errors import Malformed

    with pytest.raises(Malformed, match="itself"):
        follow(listener, listener.url + "/")
    with pytest.raises(Malformed, match="not an address"):
        follow(listener, "file:///etc/passwd")


def test_without_leave_a_private_address_is_not_reached(tmp_path: Path, publisher: LiveNode) -> None:
    with live(tmp_path / "careful", allow_localhost=False) as careful:
        with pytest.raises(Malformed, match="not an address that this node connects to") as refused:
            follow(careful, publisher.url)
        assert "federation.allow_private" in refused.value.hint
        with careful.services.database.read() as session:
            assert peers.list_peers(session) == []


def test_the_next_try_is_ever_later_but_never_too_late() -> None:
    for failures in range(1, 40):
        for jitter in (0.0, 1.0):
            steady = min(LONGEST_DELAY, 2.0 ** (failures - 1))
            assert 0.75 * steady <= delay_after(failures, jitter) <= 1.25 * steady


def test_a_head_for_a_version_that_comes_later_is_shown_when_it_comes(publisher: LiveNode, follower: LiveNode) -> None:
    anna = practitioner(publisher.services, "anna")
    follow(follower, publisher.url)
    write = version_write("late", TEXT)
    uri = f"at://{anna}/{MODULE_VERSION}/{write.rkey}"
    publisher.write(anna, head_write("late", uri, "bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae"))
    publisher.write(anna, write)
    until(lambda: shown(follower, f"at://{anna}/org.skillnet.module/late"), what="the late version")
