"""Sheds load: beyond so many requests at once the rest are told to come back, and who runs the node still gets in."""

from __future__ import annotations

import asyncio
import json
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from typing import Any

from node.errors import NodeError, ShortOfMemory, TooSlow
from node.web.access.viewing import LOCAL_MARK
from node.web.asgi import App
from node.web.lanes import LANE, Lane, lane_of, path_of

COME_BACK_IN = 2  # seconds; a queue of requests empties within one
SPARED = ("/health",)  # who watches over the node asks here, and must not take a busy node for a dead one
KEPT = 4  # one of so many places is kept for pages, and one for programs, however many of the others come
AT_THE_DOOR = 4  # for so many places one who signs in; of them only a few at a time are worked on
TAKEN_OUT = 25  # for so many places one whole repository at a time, until its last byte is taken
PATIENCE = 30.0  # seconds that who takes a repository may leave a piece of it waiting
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds: how many answers began within each
# No theme, nothing to fetch: what a page takes is what there is none of.
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><title>{title}</title><h1>{title}</h1><p>{words}</p></html>'
)
_WORDS = "This node has more to do than it can; nothing was done with this request."


@dataclass
class Took:
    """Seconds until answers began: added up, and how many lie between each of BOUNDS and the one before, or beyond."""

    seconds: float = 0.0
    within: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def note(self, seconds: float) -> None:
        """One more."""
        self.seconds += seconds
        self.within[bisect_left(BOUNDS, seconds)] += 1


@dataclass
class Traffic:
    """What was asked since the start: under way, shed, answered by first digit of the status, and how long it took."""

    by_lane: Counter[Lane] = field(default_factory=Counter)
    shed: int = 0
    took: defaultdict[Lane, Took] = field(default_factory=lambda: defaultdict(Took))
    answered: Counter[int] = field(default_factory=Counter)

    @property
    def under_way(self) -> int:
        """In all lanes."""
        return self.by_lane.total()


class Overload:
    """Counts the requests that are being worked on: not those whose body is still coming or whose answer is going out,
    or a few slow readers could close the node to everybody. Whole repositories have a few places of their own, and so
    have those who sign in: of these `hashing` at a time are worked on, and the others wait without a thread."""

    def __init__(self, app: App, most: int, hashing: int = 1) -> None:
        self._app, self._most = app, most
        self._hashing = asyncio.Semaphore(hashing)
        self.traffic = Traffic()

    def _has_room(self, lane: Lane) -> bool:
        taken = self.traffic.by_lane
        if lane == "exports":
            return taken[lane] < max(1, self._most // TAKEN_OUT)
        if lane == "doors":
            return taken[lane] < max(1, self._most // AT_THE_DOOR)
        other: Lane = "programs" if lane == "pages" else "pages"
        kept = max(0, self._most // KEPT - taken[other])
        return taken[lane] + taken[other] + kept < self._most

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve, or answer 503 with Retry-After. The operator's socket is never refused."""
        if scope["type"] != "http" or scope.get(LOCAL_MARK) or (path := path_of(scope)) in SPARED:
            await self._app(scope, receive, send)
            return
        lane = lane_of(scope["method"], path)
        if not self._has_room(lane):
            self.traffic.shed += 1
            await refuse(scope, send)
            return
        LANE.set(lane)
        await self._counted(lane, receive, send).serve(self._app, scope)

    def _counted(self, lane: Lane, receive: Any, send: Any) -> _Counted:
        if lane == "doors":
            return _AtTheDoor(self._hashing, self.traffic, lane, receive, send)
        return (_Exported if lane == "exports" else _Counted)(self.traffic, lane, receive, send)


class _Counted:
    """One request that counts while somebody works on it."""

    def __init__(self, traffic: Traffic, lane: Lane, receive: Any, send: Any) -> None:
        self._began = time.perf_counter()
        self._traffic, self._lane, self._receive, self._send = traffic, lane, receive, send
        self._is_answered = self._counts = False

    async def serve(self, app: App, scope: Any) -> None:
        self._count(yes=True)
        try:
            await app(scope, self.receive, self.send)
        except MemoryError:  # there was none left to say so in the words that belong there
            if self._is_answered:
                raise
            await refuse(scope, self.send)
        finally:
            self._count(yes=False)

    async def receive(self) -> Any:
        self._count(yes=False)
        try:
            return await self._receive()
        finally:
            self._count(yes=not self._is_answered)

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._note(message["status"])
            self._count(yes=False)
        await self._send(message)

    def _note(self, status: int) -> None:
        self._is_answered = True
        self._traffic.answered[status // 100] += 1
        self._traffic.took[self._lane].note(time.perf_counter() - self._began)

    def _count(self, *, yes: bool) -> None:
        self._traffic.by_lane[self._lane] += yes - self._counts
        self._counts = yes


class _Exported(_Counted):
    """One that counts until its answer is out: it is made while it goes, from one state of the database."""

    async def receive(self) -> Any:
        return await self._receive()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._note(message["status"])
        async with asyncio.timeout(PATIENCE):
            await self._send(message)


class _AtTheDoor(_Counted):
    """A password: once it is there, it waits for one of the few places in which passwords are hashed."""

    def __init__(self, places: asyncio.Semaphore, *counted: Any) -> None:
        super().__init__(*counted)
        self._places, self._has_place = places, False

    async def serve(self, app: App, scope: Any) -> None:
        try:
            await super().serve(app, scope)
        finally:
            if self._has_place:
                self._places.release()

    async def receive(self) -> Any:
        message = await super().receive()
        if not self._has_place and not message.get("more_body"):
            await self._places.acquire()
            self._has_place = True
        return message


async def refuse(scope: Any, send: Any, error: NodeError | None = None) -> None:
    """503 with Retry-After, or what `error` says, in the shape that the path's readers know."""
    error = error or ShortOfMemory(_WORDS)
    is_for_now = error.status == ShortOfMemory.status
    title, hint = HTTPStatus(error.status).phrase, f"Try again in {COME_BACK_IN} seconds." if is_for_now else error.hint
    if path_of(scope).startswith("/xrpc/"):
        kind, body = b"application/json", json.dumps({"error": error.code, "message": error.message})
    elif b"text/html" in dict(scope["headers"]).get(b"accept", b""):
        kind, body = b"text/html; charset=utf-8", _PAGE.format(title=title, words=escape(f"{error.message} {hint}"))
    else:
        kind = b"application/problem+json"
        about = {"type": f"about:blank#{error.code}", "title": title, "status": error.status, "detail": error.message}
        body = json.dumps(about | {"hint": hint})
    headers = [(b"content-type", kind), (b"cache-control", b"no-store")]
    if is_for_now:
        headers.append((b"retry-after", b"%d" % COME_BACK_IN))
    if isinstance(error, TooSlow):
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
