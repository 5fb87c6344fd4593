"""Subscribe to a host's event stream: frames as they come, with bounds on each and on silence.

Source: https://atproto.com/specs/event-stream
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI, WebSocketException

from federation.addresses import AddressPolicy
from federation.errors import (
    AddressRefused,
    FetchTimedOut,
    HostUnreachable,
    Reason,
    Rejected,
    StatusUnexpected,
    StreamEnded,
    StreamSilent,
)

SUBSCRIBE_REPOS = "com.atproto.sync.subscribeRepos"


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Bytes of one frame; seconds to connect; seconds of silence (pings are answered meanwhile) before giving up;
    frames that wait in memory before the host is made to wait."""

    frame_size: int = 5_000_000
    connect_seconds: float = 15.0
    idle_seconds: float = 300.0
    queue: int = 16


async def subscribe(
    host: str,
    cursor: int | None = None,
    *,
    policy: AddressPolicy | None = None,
    limits: StreamLimits | None = None,
    method: str = SUBSCRIBE_REPOS,
) -> AsyncGenerator[bytes]:
    """The frames of a host (a URL, http or https) after `cursor`, until the stream ends with an error.

    Raises FetchFailed (AddressRefused, HostUnreachable, StatusUnexpected, FetchTimedOut, StreamSilent, StreamEnded) or
    Rejected for a frame that is too large or is text. The next frame is read only when the caller asks for it.
    Close the generator (`contextlib.aclosing`) when leaving it early.
    """
    limits = limits or StreamLimits()
    connection = await _connect(host, cursor, policy or AddressPolicy(), limits, method)
    try:
        while True:
            yield await _receive(connection, host, limits)
    finally:
        await connection.close()


class SequenceGuard:
    """Sees to it that a host's sequence numbers increase. A gap is allowed, a step back is not."""

    __slots__ = ("last",)

    def __init__(self, cursor: int | None = None) -> None:
        self.last = cursor

    def check(self, seq: int) -> None:
        """Raises Rejected unless `seq` comes after all before."""
        if self.last is not None and seq <= self.last:
            raise Rejected(Reason.SEQUENCE_BACKWARDS, f"{seq} after {self.last}")
        self.last = seq


async def _connect(
    host: str, cursor: int | None, policy: AddressPolicy, limits: StreamLimits, method: str
) -> ClientConnection:
    name, port, secure = _target(host)
    policy.check_scheme("wss" if secure else "ws", name, port)
    addresses = await policy.resolve(name, port)
    netloc = urlsplit(host).netloc
    query = "" if cursor is None else "?" + urlencode({"cursor": cursor})
    uri = f"{'wss' if secure else 'ws'}://{netloc}/xrpc/{method}{query}"
    try:
        return await connect(
            uri,
            host=addresses[0],
            port=port,
            proxy=None,
            compression=None,  # a small frame must not unfold into a large one
            max_size=limits.frame_size,
            max_queue=limits.queue,
            open_timeout=limits.connect_seconds,
            close_timeout=2,
            user_agent_header="skillnet-node",
        )
    except InvalidStatus as error:
        raise StatusUnexpected(error.response.status_code, uri) from error
    except TimeoutError as error:
        raise FetchTimedOut(uri) from error
    except (OSError, EOFError, InvalidHandshake, InvalidURI, WebSocketException, ValueError) as error:
        raise HostUnreachable(f"{uri} ({type(error).__name__}: {error})") from error


def _target(host: str) -> tuple[str, int, bool]:
    try:
        parts = urlsplit(host)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(host[:200]) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise AddressRefused(host[:200])
    secure = parts.scheme == "https"
    return parts.hostname, port or (443 if secure else 80), secure


async def _receive(connection: ClientConnection, host: str, limits: StreamLimits) -> bytes:
    try:
        async with asyncio.timeout(limits.idle_seconds):
            frame = await connection.recv()
    except TimeoutError as error:
        raise StreamSilent(f"{host}, {limits.idle_seconds:g} s") from error
    except ConnectionClosed as error:
        if error.sent is not None and error.sent.code == 1009:
            raise Rejected(Reason.FRAME_TOO_LARGE, f"more than {limits.frame_size} bytes") from error
        raise StreamEnded(f"{host} ({error})") from error
    if isinstance(frame, str):
        raise Rejected(Reason.FRAME_MALFORMED, "a text message")
    return frame
