"""Memory: how much there is by the control groups, and what is refused when bodies would take more."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from node.services.room import memory_limit, room_within
from node.web.bodies import Bodies
from node.web.overload import Overload


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
        await receive()
        self.now += 1
        self.most = max(self.most, self.now)
        await self.done.wait()
        self.now -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def _post(app: Any, path: str, **headers: str) -> int:
    statuses: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
            assert message["status"] != 503 or dict(message["headers"])[b"retry-after"]

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "path": path, "method": "POST", "headers": said}, receive, send)
    return statuses[0]


async def _settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_large_bodies_beyond_the_memory_for_them_are_told_to_come_back() -> None:
    async def story() -> None:
        work = Holding()
        app = Bodies(work, 1_000_000)
        within = [asyncio.create_task(_post(app, "/write", content_length="400000")) for _ in range(2)]
        within += [asyncio.create_task(_post(app, "/write", content_length="40")) for _ in range(9)]
        await _settled()
        assert await _post(app, "/write", content_length="400000") == 503
        assert await _post(app, "/write", transfer_encoding="chunked") == 503
        work.done.set()
        assert set(await asyncio.gather(*within)) == {200}
        assert await _post(app, "/write", content_length="400000000") == 200, "alone it is taken"

    asyncio.run(story())


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
