"""What hosts are asked, and the streams that they send: read in order and within bounds."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from websockets.asyncio.server import ServerConnection, serve

from federation.addresses import AddressPolicy
from federation.cids import cid_for
from federation.errors import (
    AnswerMalformed,
    FetchFailed,
    HostUnreachable,
    Rejected,
    StatusUnexpected,
    StreamEnded,
    StreamSilent,
)
from federation.safe_http import SafeClient
from federation.stream import SequenceGuard, StreamLimits, subscribe
from federation.xrpc_client import XrpcClient
from tests.unit.federation.scripted_host import host, response, says

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
CID = cid_for(b"\xa0")
REV = "3kabcdefghij2"


def ask(answer: object, call: Callable[[XrpcClient], Awaitable[object]]) -> object:
    async def go() -> object:
        async with host(says(response(json.dumps(answer).encode()))) as port, SafeClient(True) as http:
            return await call(XrpcClient(http, f"http://localhost:{port}"))

    return asyncio.run(go())


def test_pages_of_repositories():
    repo = {"did": DID, "head": CID, "rev": REV, "active": True}
    repos, cursor = ask({"repos": [repo], "cursor": "c"}, lambda client: client.list_repos())
    assert (repos[0].did, repos[0].rev, repos[0].active, cursor) == (DID, REV, True, "c")

    with pytest.raises(AnswerMalformed):
        ask({"repos": [repo], "cursor": "same"}, lambda client: client.list_repos("same"))
    many = [repo] * 501
    for bad in (
        [],
        {},
        {"repos": many},
        {"repos": [1]},
        {"repos": [{**repo, "did": 5}]},
        {"repos": [{**repo, "rev": "x"}]},
        {"repos": [{**repo, "head": None}]},
        {"repos": [], "cursor": 5},
    ):
        with pytest.raises(AnswerMalformed):
            ask(bad, lambda client: client.list_repos())


def test_other_questions_to_a_host():
    assert ask({"did": DID}, lambda client: client.resolve_handle("a.test")) == DID
    assert ask({"cid": CID, "rev": REV}, lambda client: client.get_latest_commit(DID)).rev == REV
    assert ask({"repos": [{"did": DID}]}, lambda client: client.list_repos_by_collection("org.skillnet.module")) == (
        [DID],
        None,
    )
    assert (
        ask({"did": DID, "active": False, "status": "deleted"}, lambda client: client.get_repo_status(DID)).status
        == "deleted"
    )
    assert ask({"did": DID, "availableUserDomains": [".x"]}, lambda client: client.describe_server()).domains == (".x",)
    for call in (
        lambda c: c.resolve_handle("a.test"),
        lambda c: c.get_latest_commit(DID),
        lambda c: c.describe_server(),
        lambda c: c.get_repo_status(DID),
        lambda c: c.get_record(DID, "a.b.c", "x"),
    ):
        with pytest.raises(AnswerMalformed):
            ask({}, call)


async def frames_of(
    handler: Callable[[ServerConnection], Awaitable[None]], limits: StreamLimits, most: int = 100
) -> list[bytes]:
    got: list[bytes] = []
    async with serve(handler, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        policy = AddressPolicy(frozenset({f"localhost:{port}"}))
        frames = subscribe(f"http://localhost:{port}", 7, policy=policy, limits=limits)
        try:
            async for frame in frames:
                got.append(frame)
                if len(got) == most:
                    break
        finally:
            await frames.aclose()
    return got


def test_frames_arrive_in_order_from_the_cursor():
    async def handler(connection: ServerConnection) -> None:
        await connection.send(connection.request.path.encode())
        for number in range(3):
            await connection.send(bytes([number]))
        await connection.wait_closed()

    frames = asyncio.run(frames_of(handler, StreamLimits(), 4))
    assert frames == [b"/xrpc/com.atproto.sync.subscribeRepos?cursor=7", b"\0", b"\1", b"\2"]


def test_streams_are_bounded():
    async def large(connection: ServerConnection) -> None:
        await connection.send(bytes(5000))

    async def text(connection: ServerConnection) -> None:
        await connection.send("text")

    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async def ending(connection: ServerConnection) -> None:
        await connection.close()

    for handler, error in ((large, Rejected), (text, Rejected), (ending, StreamEnded)):
        with pytest.raises(error):
            asyncio.run(frames_of(handler, StreamLimits(frame_size=1000)))
    with pytest.raises(StreamSilent):
        asyncio.run(frames_of(silent, StreamLimits(idle_seconds=0.1)))


def test_streams_go_only_where_we_go():
    async def go(url: str, **policy: object) -> None:
        async for _ in subscribe(url, policy=AddressPolicy(**policy)):
            pass

    for url in (
        "http://localhost:1",
        "https://localhost:1",
        "https://127.0.0.1",
        "ftp://x",
        "https://u@x",
        "https://x:99999",
        "",
    ):
        with pytest.raises(FetchFailed):
            asyncio.run(go(url))
    with pytest.raises(HostUnreachable):
        asyncio.run(go("http://localhost:1", allow_private=True))


def test_a_host_that_is_no_stream():
    async def go() -> None:
        async with host(says(response(b"{}", "401 Unauthorized"))) as port:
            async for _ in subscribe(f"http://localhost:{port}", policy=AddressPolicy(True)):
                pass

    with pytest.raises(StatusUnexpected):
        asyncio.run(go())


def test_sequence_numbers_do_not_go_back():
    guard = SequenceGuard(5)
    guard.check(9)
    for seq in (9, 8, 5):
        with pytest.raises(Rejected, match="sequence-backwards"):
            guard.check(seq)
