"""Doors to strangers: what they may and may not do to us. Real sockets on this machine, hostile servers."""

import asyncio
import gzip
import json

import pytest

from federation.addresses import AddressPolicy, is_public
from federation.errors import (
    AddressRefused,
    AnswerMalformed,
    FetchFailed,
    FetchTimedOut,
    HostUnreachable,
    RedirectRefused,
    ResponseTooLarge,
    StatusUnexpected,
)
from federation.safe_http import Request, Response, SafeClient, parse_json
from tests.unit.federation.scripted_host import Script, host, response, says


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
        "http://[",
        "//[::1",
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
    for odd in (b"<html>", b"[]", b"x" * 50_000, b"[" * 9_000, b'{"message": "\\ud800"}'):
        with pytest.raises(StatusUnexpected) as caught:
            fetch(says(response(odd, "500 Oops")))
        str(caught.value).encode()


@pytest.mark.parametrize("body", [b'["\\uDfff"]', b'["\xed\xa0\x80"]', '["x"]'.encode("utf-16"), b"[" * 100_000])
def test_what_is_no_text_is_no_json(body: bytes):
    with pytest.raises(AnswerMalformed):
        read_json(body)


def test_emoji_are_json():
    assert read_json(b'\xef\xbb\xbf["\\ud83d\\ude00"]') == ["\N{GRINNING FACE}"]


def read_json(body: bytes) -> object:
    return parse_json(Response(200, {}, body))


def test_a_closed_port():
    async def go() -> None:
        async with host(says(b"")) as port:
            pass
        async with SafeClient(True) as http:
            await http.get_json(f"http://localhost:{port}/", seconds=30)

    with pytest.raises(HostUnreachable):
        asyncio.run(go())
