"""The Python `atproto` client against our node: it signs in, writes, reads, uploads and decodes our stream."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from federation.keys import VerifyingKey
from federation.verify import verify_repo_car
from node.store.repositories import accounts
from tests.integration.fixtures.nodes import PASSWORD, LiveNode, live, practitioner, until

NOTE = "com.example.note"

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::pydantic.warnings.PydanticDeprecatedSince20"
)


@pytest.fixture(scope="module")
def atproto() -> Any:
    """The library, imported where it is used: every process collects this file, one of them runs it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import atproto
        import atproto.exceptions
    return atproto


@pytest.fixture
def node(tmp_path: Path) -> Iterator[LiveNode]:
    with live(tmp_path / "node") as made:
        yield made


@pytest.fixture
def did(node: LiveNode) -> str:
    return practitioner(node.services, "anna")


def client_of(atproto: Any, node: LiveNode) -> Any:
    """Its own five seconds would be a test of the machine."""
    return atproto.Client(base_url=f"{node.url}/xrpc", request=atproto.Request(timeout=60))


@pytest.fixture
def client(atproto: Any, node: LiveNode, did: str) -> Iterator[Any]:
    made = client_of(atproto, node)
    made.login(did, PASSWORD, fetch_bsky_profile=False)
    yield made
    made.request._client.close()


def test_records_and_blobs_are_written_read_and_exported(atproto: Any, node: LiveNode, did: str, client: Any) -> None:
    repo = client.com.atproto.repo
    made = repo.create_record({"repo": did, "collection": NOTE, "rkey": "one", "record": {"$type": NOTE, "text": "hi"}})
    assert made.uri == f"at://{did}/{NOTE}/one"
    put = repo.put_record(
        {"repo": did, "collection": NOTE, "rkey": "one", "record": {"$type": NOTE, "text": "changed"}}
    )
    assert put.cid != made.cid
    read = repo.get_record({"repo": did, "collection": NOTE, "rkey": "one"})
    assert (read.cid, read.value["text"]) == (put.cid, "changed")

    picture = b"\x89PNG\r\n\x1a\n" + b"picture" * 20
    blob = repo.upload_blob(picture).blob
    assert blob.mime_type == "image/png"
    reference = {"$link": blob.ref.link}
    picture_value = {"$type": "blob", "ref": reference, "mimeType": blob.mime_type, "size": blob.size}
    repo.create_record({
        "repo": did, "collection": NOTE, "rkey": "two",
        "record": {"$type": NOTE, "text": "with a picture", "picture": picture_value},
    })  # fmt: skip
    assert client.com.atproto.sync.get_blob({"did": did, "cid": blob.ref.link}) == picture
    assert client.com.atproto.sync.list_blobs({"did": did}).cids == [blob.ref.link]

    listed = repo.list_records({"repo": did, "collection": NOTE})
    assert [record.uri.rpartition("/")[2] for record in listed.records] == ["two", "one"]
    repo.delete_record({"repo": did, "collection": NOTE, "rkey": "one"})
    with pytest.raises(atproto.exceptions.BadRequestError, match="RecordNotFound"):
        repo.get_record({"repo": did, "collection": NOTE, "rkey": "one"})

    exported = client.com.atproto.sync.get_repo({"did": did})
    assert atproto.CAR.from_bytes(exported).root is not None
    with node.services.database.read() as session:
        key = VerifyingKey.parse_did_key(accounts.find_identity(session, did).signing_key)
    assert list(verify_repo_car(exported, did, key).records) == [f"{NOTE}/two"]


def test_a_wrong_password_and_a_used_refresh_token_are_refused(
    atproto: Any, node: LiveNode, did: str, client: Any
) -> None:
    stranger = client_of(atproto, node)
    with pytest.raises(atproto.exceptions.UnauthorizedError):
        stranger.login(did, "a wrong sentence", fetch_bsky_profile=False)
    headers = {"Authorization": f"Bearer {client._session.refresh_jwt}"}
    fresh = stranger.com.atproto.server.refresh_session(headers=headers)
    assert fresh.did == did
    with pytest.raises(atproto.exceptions.UnauthorizedError):
        stranger.com.atproto.server.refresh_session(headers=headers)
    stranger.request._client.close()


def test_its_firehose_consumer_decodes_every_frame_of_ours(atproto: Any, node: LiveNode, did: str, client: Any) -> None:
    for n in range(5):
        client.com.atproto.repo.create_record(
            {"repo": did, "collection": NOTE, "rkey": f"n{n}", "record": {"$type": NOTE, "text": f"note {n}"}}
        )
    seen: list[Any] = []
    stream = f"{node.url.replace('http', 'ws', 1)}/xrpc"
    consumer = atproto.FirehoseSubscribeReposClient(params={"cursor": 0}, base_uri=stream)

    def take(message: Any) -> None:
        event = atproto.parse_subscribe_repos_message(message)
        seen.append(event)
        if isinstance(event, atproto.models.ComAtprotoSyncSubscribeRepos.Commit):
            blocks = atproto.CAR.from_bytes(event.blocks).blocks
            assert all(op.cid in blocks for op in event.ops if op.action != "delete")

    thread = threading.Thread(target=lambda: consumer.start(take), daemon=True)
    thread.start()
    until(lambda: seen and seen[-1].seq >= node.services.stream.last_seq, what="the backlog")
    client.com.atproto.repo.delete_record({"repo": did, "collection": NOTE, "rkey": "n0"})
    until(lambda: seen[-1].seq >= node.services.stream.last_seq, what="the live event")
    consumer.stop()
    thread.join(10)
    assert [event.seq for event in seen] == list(range(1, node.services.stream.last_seq + 1))
    kinds = {type(event).__name__ for event in seen}
    assert {"Commit", "Sync", "Identity", "Account"} <= kinds
    assert seen[-1].ops[0].action == "delete"
    assert seen[-1].ops[0].prev is not None
