"""HTTP to addresses that outsiders supplied: the only door.

Checked for every hop: scheme, address (the checked one is connected to). Bounded: bytes, time in all, redirects.
Nothing is decompressed, so a small answer cannot become a large one; no proxy and no cookie is used.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urljoin, urlsplit

import httpcore

from federation.addresses import AddressPolicy
from federation.errors import (
    AddressRefused,
    AnswerMalformed,
    FetchFailed,
    FetchTimedOut,
    HostUnreachable,
    RedirectRefused,
    ResponseTooLarge,
    StatusUnexpected,
    TooMuchAtOnce,
)
from federation.pools import Pools

MAX_REDIRECTS: Final = 3
MAX_IN_FLIGHT: Final = 600_000_000  # bytes of all answers that one client receives at a time
SMALL: Final = 4_000_000
_ERROR_BYTES: Final = 10_000
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_USER_AGENT: Final = "skillnet-node"

SocketOptions = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer: names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask; `seconds` bounds the whole exchange, redirects included, `limit` the answer's bytes."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    limit: int = 1_000_000
    seconds: float = 15.0


class _CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that the policy let through."""

    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the interface's own parameter
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception | None = None
        for address in (await self._policy.resolve(host.strip("[]"), port))[:3]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("no address")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class SafeClient:
    """An asynchronous client for strangers' servers. Use as a context manager, or call `close`."""

    def __init__(
        self,
        allow_private: frozenset[str] | bool = frozenset(),
        *,
        policy: AddressPolicy | None = None,
        max_in_flight: int = MAX_IN_FLIGHT,
    ) -> None:
        self.policy = policy or AddressPolicy(allow_private)
        self._max_in_flight = max_in_flight
        self._in_flight = 0
        self._pools = Pools(_CheckedNetwork(self.policy))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._pools.close()

    async def get_bytes(self, url: str, limit: int = 1_000_000, seconds: float = 15.0) -> bytes:
        """The body of a 200 answer. Raises FetchFailed: StatusUnexpected, ResponseTooLarge, AddressRefused, …"""
        return (await self.request(Request(url, limit=limit, seconds=seconds))).content

    async def get_json(self, url: str, limit: int = 1_000_000, seconds: float = 15.0) -> Any:
        """The value of a JSON answer. Raises FetchFailed."""
        headers = {"accept": "application/json"}
        return parse_json(await self.request(Request(url, headers=headers, limit=limit, seconds=seconds)))

    async def request(self, request: Request) -> Response:
        """The whole answer to a request, if its status is 200 to 299. Raises FetchFailed."""
        async with self.stream(request) as (status, headers, pieces):
            return Response(status, headers, b"".join([piece async for piece in pieces]))

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[tuple[int, Mapping[str, str], AsyncIterator[bytes]]]:
        """Status, headers and body in pieces, within the same bounds; the time runs while the caller reads."""
        try:
            async with asyncio.timeout(request.seconds):
                async with self._exchange(request, request.url, MAX_REDIRECTS) as answer:
                    yield answer
        except TimeoutError as error:
            raise FetchTimedOut(f"{request.url} in {request.seconds:g} s") from error
        except httpcore.TimeoutException as error:
            raise FetchTimedOut(request.url) from error
        except (httpcore.NetworkError, httpcore.ConnectionNotAvailable) as error:
            raise HostUnreachable(f"{request.url} ({type(error).__name__}: {error})") from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise AnswerMalformed(f"{request.url} ({error})") from error

    @asynccontextmanager
    async def _exchange(
        self, request: Request, url: str, hops: int
    ) -> AsyncIterator[tuple[int, Mapping[str, str], AsyncIterator[bytes]]]:
        origin = self._check_url(url)
        headers = {"user-agent": _USER_AGENT, "accept-encoding": "identity", **request.headers}
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), request.seconds)
        more, extensions = [*headers.items()], {"timeout": timeouts}
        async with (
            self._pools.of(origin) as pool,
            pool.stream(request.method, url, headers=more, content=request.content, extensions=extensions) as raw,
        ):
            answered = _headers(raw.headers)
            target = _redirect_target(request, url, raw.status, answered, hops)
            if target is None:
                await _check_status(raw, url)
                _check_body(answered, request)
                try:
                    yield raw.status, answered, self._counted(_bounded(raw, request.limit, url), url, held := [0])
                finally:
                    self._in_flight -= held[0]
                return
        async with self._exchange(_without_secrets(request, url, target), target, hops - 1) as answer:
            yield answer

    async def _counted(self, pieces: AsyncIterator[bytes], url: str, held: list[int]) -> AsyncIterator[bytes]:
        """Answers that are being received share one bound: a large one waits for its turn, small ones get by."""
        async for piece in pieces:
            held[0] += len(piece)
            self._in_flight += len(piece)
            if self._in_flight > self._max_in_flight and held[0] > SMALL:
                raise TooMuchAtOnce(f"{url}: {held[0]} of {self._in_flight} bytes")
            yield piece

    def _check_url(self, url: str) -> str:
        """Scheme, host and port of an address that may be asked. Raises AddressRefused."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        except ValueError as error:
            raise AddressRefused(url[:200]) from error
        if not parts.hostname or parts.username is not None or not url.isascii() or any(c.isspace() for c in url):
            raise AddressRefused(url[:200])
        self.policy.check_scheme(parts.scheme, parts.hostname, port)
        return f"{parts.scheme}://{parts.hostname}:{port}"


def parse_json(response: Response) -> Any:
    """The value of a JSON body. Raises AnswerMalformed."""
    try:
        return _read_json(response.content)
    except (ValueError, RecursionError) as error:
        raise AnswerMalformed("not JSON") from error


def _read_json(content: bytes) -> Any:
    """Raises ValueError, RecursionError; also for half of a surrogate pair, which no table and no answer takes."""
    text = content.decode("utf-8-sig")  # as bytes, the library would take what only looks like UTF-8
    value = json.loads(text)
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


def _redirect_target(request: Request, url: str, status: int, headers: Mapping[str, str], hops: int) -> str | None:
    if status not in _REDIRECTS:
        return None
    if request.method != "GET" or hops == 0 or "location" not in headers:
        raise RedirectRefused(url)
    try:
        target = urljoin(url, headers["location"])
    except ValueError as error:
        raise RedirectRefused(url) from error
    if url.startswith("https:") and not target.startswith("https:"):
        raise RedirectRefused(f"{url} leads to plain http")
    return target


def _without_secrets(request: Request, url: str, target: str) -> Request:
    if urlsplit(url)[:2] == urlsplit(target)[:2]:
        return request
    kept = {name: value for name, value in request.headers.items() if name.lower() != "authorization"}
    return Request(request.url, request.method, kept, request.content, request.limit, request.seconds)


async def _check_status(raw: httpcore.Response, url: str) -> None:
    if 200 <= raw.status < 300:
        return
    body = b""
    try:
        body = b"".join([piece async for piece in _bounded(raw, _ERROR_BYTES, url)])
        said = _read_json(body)
    except (FetchFailed, ValueError, RecursionError):
        said = {}
    if not isinstance(said, dict):
        said = {}
    error, message = (str(said.get(name) or "")[:200] for name in ("error", "message"))
    raise StatusUnexpected(raw.status, url, error, message)


def _check_body(headers: Mapping[str, str], request: Request) -> None:
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise AnswerMalformed(f"{request.url} answers compressed, which was not asked for")
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:18]) > request.limit:
        raise ResponseTooLarge(f"{request.url}: {length[:18]} bytes, at most {request.limit}")


async def _bounded(raw: httpcore.Response, limit: int, url: str) -> AsyncIterator[bytes]:
    read = 0
    async for piece in raw.aiter_stream():
        read += len(piece)
        if read > limit:
            raise ResponseTooLarge(f"{url}: more than {limit} bytes")
        yield piece
