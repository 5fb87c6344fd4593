"""Doors to strangers: what they may and may not do to us. Real sockets on this machine, hostile servers."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from federation.addresses import AddressPolicy, is_public
from federation.cids import cid_for
from federation.errors import (
    AddressRefused,
    AnswerMalformed,
    FetchFailed,
    FetchTimedOut,
    HostUnreachable,
    RedirectRefused,
    Rejected,
    ResponseTooLarge,
    StatusUnexpected,
    StreamEnded,
)
from federation.safe_http import Request, SafeClient
from federation.stream import SequenceGuard, StreamLimits, subscribe
from federation.xrpc_client import XrpcClient

Script = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def host(script: Script) -> AsyncIterator[int]:
    """A raw HTTP server whose every connection is answered by `script(request head, writer)`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(await reader.readuntil(b"\r\n\r\n"), writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def response(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def says(data: bytes) -> Script:
    async def script(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return script


def fetch(script: Script, *, path: str = "/", allow: bool = True, **request: object) -> bytes:
    async def go() -> bytes:
        async with host(script) as port, SafeClient(frozenset({f"localhost:{port}"} if allow else ())) as http:
            url = f"http://localhost:{port}{path}"
            return (await http.request(Request(url, **{"seconds": 2.0, **request}))).content

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("::ffff:93.184.216.34", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:db8::1", False),
        ("nonsense", False),
    ],
)
def test_public_addresses(address: str, public: bool):
    assert is_public(address) is public


def test_a_plain_answer():
    assert fetch(says(response(b"hello"))) == b"hello"


def test_private_addresses_are_refused_unless_allowed():
    with pytest.raises(AddressRefused):
        fetch(says(response(b"secret")), allow=False)

    async def go(url: str, **policy: object) -> None:
        async with SafeClient(policy=AddressPolicy(**policy)) as http:
            await http.get_bytes(url, seconds=30)

    async def private(name: str, port: int) -> list[str]:
        return ["127.0.0.1", "10.0.0.1", "::1"]

    async def nowhere(name: str, port: int) -> list[str]:
        return []

    for url in ("https://rebind.example.com/", "https://rebind.example.com:8443/"):
        with pytest.raises(AddressRefused):
            asyncio.run(go(url, lookup=private))
    with pytest.raises(HostUnreachable):
        asyncio.run(go("http://x.example.com", lookup=nowhere, allow_private=True))
    for url in (
        "http://93.184.216.34/",
        "ftp://x/",
        "https://u:p@x/",
        "https://",
        "https://[::1",
        "https://ex ample.com/",
        "file:///etc/passwd",
        "https://bücher.example/",
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f.1/",
    ):
        with pytest.raises(FetchFailed):
            asyncio.run(go(url))


def test_the_checked_address_is_the_one_connected_to():
    answers = iter([["127.0.0.1"], ["203.0.113.1"]])

    async def changing(name: str, port: int) -> list[str]:
        return next(answers)

    async def go() -> bytes:
        async with host(says(response(b"once"))) as port:
            policy = AddressPolicy(frozenset({f"name.test:{port}"}), changing)
            async with SafeClient(policy=policy) as http:
                return await http.get_bytes(f"http://name.test:{port}/", seconds=30)

    assert asyncio.run(go()) == b"once"
    assert next(answers) == ["203.0.113.1"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest",
        "https://localhost/",
        "file:///etc/passwd",
        "gopher://x",
        "http://[::1]/",
        "//10.0.0.1/",
        "http://x:y@z/",
        "\x7f",
    ],
)
def test_a_redirect_to_where_we_do_not_go(location: str):
    with pytest.raises(FetchFailed):
        fetch(says(response(b"", "302 Found", Location=location)))


def test_redirects_are_followed_a_little():
    async def script(head: bytes, writer: asyncio.StreamWriter) -> None:
        step = int(head.split()[1].rsplit(b"/", 1)[1])
        writer.write(response(b"there") if step == 0 else response(b"", "302 Found", Location=f"/{step - 1}"))

    assert fetch(script, path="/3") == b"there"
    with pytest.raises(RedirectRefused):
        fetch(script, path="/4")
    with pytest.raises(RedirectRefused):
        fetch(script, path="/1", method="POST", content=b"x")
    with pytest.raises(RedirectRefused):
        fetch(says(response(b"", "302 Found")))


def test_more_than_was_asked_for():
    with pytest.raises(ResponseTooLarge):
        fetch(says(response(b"x" * 2000)), limit=1000)

    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    with pytest.raises(ResponseTooLarge):
        fetch(endless, limit=1_000_000)

    async def headers(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"a: " + b"b" * 60_000 + b"\r\n")
            await writer.drain()

    with pytest.raises(AnswerMalformed):
        fetch(headers)


def test_compressed_answers_are_not_unfolded():
    bomb = gzip.compress(bytes(10_000_000))
    with pytest.raises(AnswerMalformed):
        fetch(says(response(bomb, Content_Encoding="gzip")))


def test_slow_hosts():
    async def dripping(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async def silent(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    for script in (dripping, silent):
        with pytest.raises(FetchTimedOut):
            fetch(script, seconds=0.2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_broken_answers(data: bytes):
    with pytest.raises(FetchFailed):
        fetch(says(data))


def test_errors_of_xrpc_are_named():
    body = json.dumps({"error": "RepoNotFound", "message": "no such repo"}).encode()
    with pytest.raises(StatusUnexpected, match="RepoNotFound") as caught:
        fetch(says(response(body, "400 Bad Request")))
    assert (caught.value.status, caught.value.error) == (400, "RepoNotFound")
    for odd in (b"<html>", b"[]", b"x" * 50_000, b"[" * 9_000):
        with pytest.raises(StatusUnexpected):
            fetch(says(response(odd, "500 Oops")))


def test_a_closed_port():
    async def go() -> None:
        async with host(says(b"")) as port:
            pass
        async with SafeClient(True) as http:
            await http.get_json(f"http://localhost:{port}/", seconds=30)

    with pytest.raises(HostUnreachable):
        asyncio.run(go())


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
    with pytest.raises(FetchTimedOut):
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
