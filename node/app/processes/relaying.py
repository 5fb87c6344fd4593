"""A process beside the core answers what it can from the database, and passes everything else on to the core.

Who asks stays who they are: cookies, tokens and the host's name go along untouched, and the core judges them itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import math
from collections.abc import AsyncIterator, Callable
from http.cookies import SimpleCookie
from typing import Any

import httpx

from node.app.processes.reaching import client_for
from node.errors import Unreachable
from node.store.engine.failing import find_storage_error
from node.store.processes.election import NAME
from node.store.processes.elsewhere import trying
from node.web.bodies import TO_THE_CORE
from node.web.lanes import path_of

App = Any

SECRET, LEAVES = b"x-skillnet-inside", b"x-skillnet-leaves"
PATIENCE = 20.0  # seconds until a request is turned away in which no core answers and none is to be expected
LONGEST = 120.0  # seconds that it waits for one that is: on a machine that is busy leaving and beginning take long
AGAIN = 0.2  # seconds between two looks for a core
_HOP = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"te", b"upgrade", b"proxy-connection"})
_SAID_BY_US = frozenset({SECRET, b"x-forwarded-for", b"x-forwarded-proto", b"forwarded"})
_READ_HERE = ("GET", "HEAD")
_PAGES = frozenset({"/", "/search", "/me", "/me/help", "/me/beliefs", "/trust", "/occupations", "/sign-in"})
_OWN = frozenset({"/health", "/ready", "/metrics"})  # about this very process
_FOLDERS = (
    "/static/", "/modules/", "/tasks/", "/paths/", "/people/", "/organisations/", "/occupations/", "/skills/",
    "/pictures/", "/files/", "/me/lessons/", "/feeds/", "/.well-known/", "/schema",
    "/api/search", "/api/suggest", "/api/item", "/api/history", "/api/records", "/api/ranking", "/api/explanation",
    "/api/me/feed", "/api/me/lessons/",
    "/xrpc/com.atproto.repo.", "/xrpc/com.atproto.sync.", "/xrpc/com.atproto.label.", "/xrpc/org.skillnet.",
)  # fmt: skip


class Beside:
    """The application of a process that is not the core."""

    def __init__(self, app: App, relay: Relay, session_cookie: str) -> None:
        self._app = app
        self._relay = relay
        self._session_cookie = session_cookie

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or let the core answer."""
        if scope["type"] != "http" or path_of(scope) in _OWN:
            await self._app(scope, receive, send)
        elif not self._is_answered_here(scope) or not await self._try(scope, receive, send):
            with contextlib.suppress(ConnectionAbortedError):  # who asked is gone
                await self._relay.pass_on(scope, receive, send)

    def _is_answered_here(self, scope: Any) -> bool:
        path = path_of(scope)
        if scope["method"] not in _READ_HERE or not (path in _PAGES or path.startswith(_FOLDERS)):
            return False
        # What somebody who is signed in searches for is noted among their latest searches, in the core's memory.
        return path != "/search" or not self._is_signed_in(scope)

    def _is_signed_in(self, scope: Any) -> bool:
        said = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        return self._session_cookie in SimpleCookie(said.decode("latin-1"))

    async def _try(self, scope: Any, receive: Any, send: Any) -> bool:
        """Was it answered? False when the core is needed, which is known before anything was sent."""
        begun = False
        with trying() as request:

            async def send_unless(message: Any) -> None:
                nonlocal begun
                if begun or not request.is_for_core:
                    begun = True
                    await send(message)

            await self._app(scope, receive, send_unless)
            return begun


class Relay:
    """Passes requests on. `find_core` reads from the database where the core is, '' before the first, and who holds its
    place, as find_holder does. Bodies are of `largest` bytes at most, but for what is passed on as it comes."""

    def __init__(self, find_core: Callable[[], tuple[str, str | None]], secret: str, largest: int) -> None:
        self._find_core = find_core
        self._largest = largest
        self._secret = secret.encode()
        self._core = ""
        self._holder: str | None = None
        self._look_at = 0.0
        self._last_at = math.inf
        self._under_way = 0
        self._settled = asyncio.Event()
        self._client: httpx.AsyncClient | None = None

    async def pass_on(self, scope: Any, receive: Any, send: Any) -> None:
        """The core's answer; 503 with Retry-After when no core comes, 502 when it fails meanwhile."""
        self._under_way += 1
        self._settled.clear()
        try:
            await self._pass_on(scope, receive, send)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._settled.set()

    async def settle(self) -> None:
        """Wait for what is under way, also where the core is restarted together with this process."""
        self._last_at = asyncio.get_running_loop().time() + PATIENCE
        if self._under_way:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._settled.wait(), PATIENCE)

    async def _pass_on(self, scope: Any, receive: Any, send: Any) -> None:
        is_read = scope["method"] in _READ_HERE  # that may be asked again
        body = await self._body(scope, receive)
        wait = _Wait()
        status = 0 if body is not None else await _refuse(send, 413)
        while not status:
            try:
                status = await self._ask(scope, body, send)
            except (Unreachable, _Broken) as error:
                if isinstance(error, _Broken) and not is_read:
                    status = await _refuse(send, 502)
                elif (isinstance(body, _Coming) and body.has_begun) or self._is_over(wait):
                    status = await _refuse(send, 503)
                else:
                    await self._look_again()

    def _is_over(self, wait: _Wait) -> bool:
        """Is there nobody to wait for? Who is not elected yet is, and who leaves to another but still has work."""
        is_expected = self._holder is not None and (self._holder != NAME or self._client is None)
        return wait.is_over(self._last_at, is_expected=is_expected)

    async def _look_again(self) -> None:
        """In a moment; those who wait look together, or they would keep this very process from becoming the core."""
        await asyncio.sleep(AGAIN)
        now = asyncio.get_running_loop().time()
        if now < self._look_at:
            return
        self._look_at = now + AGAIN
        try:
            await self.look()
        except Exception as error:
            if find_storage_error(error) is None:
                raise
            self._holder = None  # without the database nobody can be the core

    async def _body(self, scope: Any, receive: Any) -> bytes | _Coming | None:
        """None when it is too large."""
        if scope["method"] in _READ_HERE:
            return b""
        if path_of(scope) in TO_THE_CORE:
            return _Coming(receive)
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced[:18]) > self._largest:
            return None
        body = bytearray()
        async for part in _Coming(receive):
            body += part
            if len(body) > self._largest:
                return None
        return bytes(body)

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()

    async def look(self) -> None:
        """Turn to the core of now. Whoever waits for a former one, which may hang, waits no longer."""
        core, self._holder = await asyncio.to_thread(self._find_core)
        if core and core != self._core:
            old, self._core, self._client = self._client, core, client_for(core)
            if old is not None:
                await old.aclose()

    async def _ask(self, scope: Any, body: bytes | _Coming | None, send: Any) -> int:
        """The status of the answer that was passed on. Raises Unreachable when nothing was done, else _Broken."""
        client = self._client
        if client is None:
            raise Unreachable
        try:
            answer = await client.send(self._request(client, scope, body), stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, RuntimeError) as error:  # or closed meanwhile
            raise Unreachable from error
        except httpx.HTTPError as error:
            raise _Broken from error
        try:
            if LEAVES.decode() in answer.headers:
                self._client = None if self._client is client else self._client
                raise Unreachable
            head = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in _HOP]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": head})
            async for chunk in answer.aiter_raw():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await answer.aclose()
        return answer.status_code

    def _request(self, client: httpx.AsyncClient, scope: Any, body: bytes | _Coming | None) -> httpx.Request:
        path = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        url = client.base_url.copy_with(raw_path=path)
        return client.build_request(scope["method"], url, headers=self._headers(scope), content=body or None)

    def _headers(self, scope: Any) -> list[tuple[bytes, bytes]]:
        kept = [(n, v) for n, v in scope["headers"] if n not in _HOP and n not in _SAID_BY_US]
        if scope.get("client"):
            kept.append((b"x-forwarded-for", scope["client"][0].encode()))
        return [*kept, (b"x-forwarded-proto", scope["scheme"].encode()), (SECRET, self._secret)]


class _Wait:
    """How long one request waits for a core."""

    def __init__(self) -> None:
        self._until = asyncio.get_running_loop().time() + PATIENCE
        self._longest = self._until - PATIENCE + LONGEST

    def is_over(self, last_at: float, *, is_expected: bool) -> bool:
        """Has no core been to be expected for so long, or does this process wait for nobody after `last_at`?"""
        now = asyncio.get_running_loop().time()
        if is_expected:
            self._until = min(now + PATIENCE, self._longest)
        return now > min(self._until, last_at)


class InsideDoor:
    """The core's application for the processes beside it, who know the node's secret; a core that leaves says so."""

    def __init__(self, app: App, secret: str, leaves: Callable[[], bool]) -> None:
        self._app = app
        self._secret = secret.encode()
        self._leaves = leaves

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve, or answer 403; 503 when nothing was done because another core is to do it."""
        said = next((value for name, value in scope.get("headers", ()) if name == SECRET), b"")
        if scope["type"] != "http" or not hmac.compare_digest(said, self._secret):
            await _refuse(send, 403)
        elif self._leaves():
            await _refuse(send, 503, (LEAVES, b"1"))
        else:
            await self._app(scope, receive, send)


class _Coming:
    """A body that is passed on as it comes, which can be done once."""

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self.has_begun = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.has_begun = more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ConnectionAbortedError
            yield message.get("body", b"")
            more = message.get("more_body", False)


class _Broken(Exception):
    """The core failed while it was asked."""


async def _refuse(send: Any, status: int, *said: tuple[bytes, bytes]) -> int:
    words = {
        403: "This door is for the node itself.", 413: "That is larger than this node takes.",
        502: "The node's core failed meanwhile.", 503: "No core.",
    }  # fmt: skip
    body = {"type": "about:blank", "status": status, "title": words[status], "detail": words[status]}
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store"), *said]
    if status > 500:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
    return status
