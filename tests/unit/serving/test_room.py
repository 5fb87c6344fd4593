"""Memory: how much there is by the control groups, and what is refused when bodies would take more."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Litestar, Request, post

from node.services.room import memory_limit, room_within
from node.web import problems
from node.web.access.viewing import LOCAL_MARK
from node.web.bodies import PATIENCE, SLOWEST, Awaited, Bodies
from node.web.overload import Overload
from node.web.problems import answer_error

STOPS, LEAVES = -1, -2  # of who sends a body
# What the framework wants of a request besides.
ASKED: dict[str, Any] = {"query_string": b"", "root_path": "", "client": None, "server": None, "scheme": "http"}


@pytest.mark.parametrize(
    ("own", "file"),
    [
        ("0::/system.slice/skillnet.service\n", "system.slice/skillnet.service/memory.max"),
        ("0::/system.slice/skillnet.service\n", "system.slice/memory.max"),
        ("0::/../../elsewhere\n", "memory.max"),
        ("5:cpu:/a\n4:memory:/a/b\n0::/\n", "memory/a/b/memory.limit_in_bytes"),
        ("4:memory:/not/seen/here\n", "memory/memory.limit_in_bytes"),
    ],
)
def test_the_limit_is_that_of_any_group_the_process_is_in(tmp_path: Path, own: str, file: str) -> None:
    (tmp_path / "own").write_text(own)
    machine = memory_limit(tmp_path / "groups", tmp_path / "own")
    limit = tmp_path / "groups" / file
    limit.parent.mkdir(parents=True)
    limit.write_text("max\n")
    assert memory_limit(tmp_path / "groups", tmp_path / "own") == machine
    limit.write_text("367001600\n")
    assert memory_limit(tmp_path / "groups", tmp_path / "own") == 367_001_600


def test_little_memory_is_shared_out() -> None:
    assert room_within(350_000_000, 8).passwords == 1
    assert room_within(700_000_000, 8).passwords == 3
    assert room_within(64_000_000_000, 8).passwords == 8
    assert room_within(0, 8).bodies == 0, "one body is taken even so"


class Holding:
    """An application that reads what comes and holds it until told."""

    def __init__(self) -> None:
        self.done, self.most, self.now = asyncio.Event(), 0, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        self.now += 1
        self.most = max(self.most, self.now)
        await self.done.wait()
        self.now -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def _post(app: Any, path: str, *pieces: int, **scope: Any) -> int:
    """The status of the answer to one who sends so many bytes at a time, and then maybe STOPS or LEAVES."""
    statuses: list[int] = []
    coming = iter(pieces or (0,))

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
            assert message["status"] != 503 or dict(message["headers"])[b"retry-after"]

    async def receive() -> Any:
        piece = next(coming, None)
        if piece == STOPS:
            await asyncio.Event().wait()
        if piece == LEAVES:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b"x" * (piece or 0), "more_body": piece is not None}

    said = [(b"content-length", b"400000")] if pieces else []
    await app({"type": "http", "path": path, "method": "POST", "headers": said} | scope, receive, send)
    (status,) = statuses
    return status


def _framework(handler: Any) -> Any:
    """It answers errors itself."""
    return Litestar([handler], exception_handlers={Exception: answer_error}, openapi_config=None, logging_config=None)


async def _settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_large_bodies_beyond_the_memory_for_them_are_told_to_come_back() -> None:
    async def story() -> None:
        work = Holding()
        app = Bodies(work, 1_000_000)
        within = [asyncio.create_task(_post(app, "/write", 200_000, 200_000)) for _ in range(2)]
        within += [asyncio.create_task(_post(app, "/write", 40)) for _ in range(9)]
        await _settled()
        assert await _post(app, "/write", 200_000, 200_000) == 503, "in the middle of it"
        within.append(asyncio.create_task(_post(app, "/import", *[300_000] * 3)))
        within.append(asyncio.create_task(_post(app, "//xrpc/com.atproto.repo.uploadBlob/", 4_000_000)))
        within.append(asyncio.create_task(_post(app, "/write", 4_000_000, **{LOCAL_MARK: True})))
        await _settled()
        work.done.set()
        assert [*await asyncio.gather(*within)] == [200] * 11 + [503, 200, 200]
        assert await _post(app, "/write", 4_000_000) == 200, "alone it is taken"

    asyncio.run(story())


def test_the_largest_body_that_is_there_goes_on() -> None:
    async def story() -> None:
        work = Holding()
        work.done.set()
        app = Bodies(work, 1_000_000)
        other = asyncio.create_task(_post(app, "/write", 200_000, STOPS))
        await _settled()
        assert await _post(app, "/import", *[900_000] * 3) == 200
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)

    asyncio.run(story())


def test_the_framework_answers_in_the_middle_of_a_body() -> None:
    @post("/xrpc/take")
    async def take(request: Request[Any, Any, Any]) -> str:
        return str(len(await request.body()))

    async def story() -> None:
        app = Bodies(_framework(take), 500_000)
        other = asyncio.create_task(_post(app, "/xrpc/take", 400_000, STOPS, **ASKED))
        await _settled()
        assert await _post(app, "/xrpc/take", 50_000, **ASKED) == 201
        assert await _post(app, "/xrpc/take", 50_000, 250_000, 250_000, **ASKED) == 503
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
        assert await _post(app, "/xrpc/take", 50_000, 250_000, 250_000, **ASKED) == 201

    asyncio.run(story())


def test_who_announces_a_body_and_sends_nothing_takes_no_room() -> None:
    async def story() -> None:
        work = Holding()
        work.done.set()
        app = Bodies(work, 500_000)
        silent = [asyncio.create_task(_post(app, "/write", 1, STOPS)) for _ in range(9)]
        await _settled()
        assert await _post(app, "/write", 400_000) == 200
        for one in silent:
            one.cancel()
        await asyncio.gather(*silent, return_exceptions=True)

    asyncio.run(story())


@pytest.mark.parametrize("path", ["/write", "/xrpc/take", "/xrpc/com.atproto.repo.uploadBlob"])
def test_who_stops_midway_is_not_waited_for_and_gives_the_room_back(path: str) -> None:
    async def story() -> None:
        work = Holding()
        work.done.set()
        app = Bodies(work, 100_000, patience=0.001)
        assert await _post(app, path, 90_000, 5_000, STOPS) == 408
        assert app._held == 0
        assert await _post(app, path, 90_000, 5_000) == 200

    asyncio.run(story())


def test_who_goes_away_midway_is_no_error_of_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(problems, "_log", SimpleNamespace(error=lambda event, **_: said.append(event)))

    @post("/take")
    async def take(request: Request[Any, Any, Any]) -> str:
        return str(len(await request.body()))

    async def story() -> None:
        app = Bodies(_framework(take), 500_000)
        assert await _post(app, "/take", 400_000, LEAVES, **ASKED) == 400
        assert app._held == 0

    asyncio.run(story())
    assert said == []


def test_who_gets_no_answer_for_want_of_memory_is_told_to_come_back() -> None:
    async def fail(_scope: Any, _receive: Any, _send: Any) -> None:
        raise MemoryError

    async def fail_later(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise MemoryError

    for path in ("/write", "/sign-in", "/xrpc/com.atproto.sync.getRepo"):
        assert asyncio.run(_post(Overload(fail, most=40), path)) == 503
        with pytest.raises(MemoryError):
            asyncio.run(_post(Overload(fail_later, most=40), path))


def test_a_body_may_be_slow_and_may_not_stop() -> None:
    part = {"body": b"x" * SLOWEST, "more_body": True}
    steady, hasty = (Awaited(_never, PATIENCE) for _ in range(2))
    for _ in range(1000):
        steady.note(1.0, part)
        hasty.note(0.0, part)
    assert steady.left == hasty.left == PATIENCE, "what came quickly is no time to hold it"
    steady.note(PATIENCE + 1, {"body": b"x", "more_body": True})
    assert steady.left < 0


def test_what_follows_a_body_is_waited_for() -> None:
    """The framework looks out for who goes away, while it works."""

    async def story() -> None:
        awaited = Awaited(_never, 0.0)
        awaited.note(1.0, {"body": b"x"})
        waiting = asyncio.create_task(awaited.receive())
        await _settled()
        assert not waiting.done()
        waiting.cancel()

    asyncio.run(story())


async def _never() -> Any:
    await asyncio.Event().wait()


def test_who_signs_in_waits_for_a_place_and_a_crowd_is_told_to_come_back() -> None:
    async def story() -> None:
        work = Holding()
        app = Overload(work, most=40, hashing=2)
        crowd = [asyncio.create_task(_post(app, "/api/session")) for _ in range(10)]
        pages = [asyncio.create_task(_post(app, "/write")) for _ in range(5)]
        await _settled()
        assert await _post(app, "/sign-in") == 503
        assert work.now == 2 + 5, "two passwords, and nobody else waits for them"
        work.done.set()
        assert set(await asyncio.gather(*crowd, *pages)) == {200}
        assert (app.traffic.under_way, await _post(app, "/link/abc")) == (0, 200)

    asyncio.run(story())
