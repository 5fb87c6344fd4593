"""The Python `atproto` client and its firehose consumer work against our node."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.integration.fixtures.nodes import PASSWORD, live, practitioner, until

pytestmark = pytest.mark.real
NOTE = "com.example.note"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the client's own models
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_python_client_publishes_and_its_consumer_hears_it(tmp_path: Any) -> None:
    from atproto import CAR, Client, FirehoseSubscribeReposClient, models, parse_subscribe_repos_message

    with live(tmp_path / "node") as node:
        did = practitioner(node.services, "anna")
        heard: list[tuple[str, str, int]] = []
        consumer = FirehoseSubscribeReposClient({"cursor": 0}, base_uri=f"{node.url.replace('http', 'ws')}/xrpc")

        def hear(frame: Any) -> None:
            message = parse_subscribe_repos_message(frame)
            if isinstance(message, models.ComAtprotoSyncSubscribeRepos.Commit) and message.repo == did:
                blocks = CAR.from_bytes(message.blocks).blocks
                heard.extend((op.action, op.path, len(blocks)) for op in message.ops)

        thread = threading.Thread(target=consumer.start, args=(hear,), daemon=True)
        thread.start()
        try:
            client = Client(base_url=f"{node.url}/xrpc")
            session = client.com.atproto.server.create_session({"identifier": did, "password": PASSWORD})
            headers = {"Authorization": f"Bearer {session.access_jwt}"}
            made = client.com.atproto.repo.create_record(
                {"repo": did, "collection": NOTE, "record": {"text": "first"}}, headers=headers
            )
            rkey = made.uri.rpartition("/")[2]
            record = client.com.atproto.repo.get_record({"repo": did, "collection": NOTE, "rkey": rkey})
            assert record.cid == made.cid
            blob = client.com.atproto.repo.upload_blob(b"plain words", headers=headers)
            assert blob.blob.size == len(b"plain words")
            client.com.atproto.repo.delete_record({"repo": did, "collection": NOTE, "rkey": rkey}, headers=headers)
            until(lambda: len(heard) >= 2, what="two operations")
        finally:
            client.request.close()  # the client itself never lets go
            consumer.stop()
            thread.join(10)
        assert [(action, path) for action, path, _ in heard] == [
            ("create", f"{NOTE}/{rkey}"), ("delete", f"{NOTE}/{rkey}"),
        ]  # fmt: skip
        assert all(blocks >= 2 for _, _, blocks in heard)
