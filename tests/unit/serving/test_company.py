"""What a process watches goes on being watched, whatever disk and database do, and is not told again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from node.app.data_folder import DataFolder
from node.app.processes import company
from node.app.server.parting import MainServer
from node.errors import StoreAway


def test_a_disk_that_does_not_answer_ends_no_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(company, "SURE_FOR", 0)
    seen: Iterator[Any] = iter([(1, 1), PermissionError("planted"), (1, 1), None])

    class Disk:
        @property
        def log_file(self) -> Any:
            found = next(seen)
            if isinstance(found, OSError):
                raise found
            return found

    services, calls = SimpleNamespace(database=Disk()), []
    main: Any = SimpleNamespace(come_back=lambda: calls.append("anew"))
    asyncio.run(company.Alone(services, None)._look_after(main))  # type: ignore[arg-type]
    assert (calls, list(seen)) == (["anew"], [])


def test_a_database_that_is_away_is_told_once_by_who_stands_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(company, "LOOK_EVERY", 0)
    monkeypatch.setattr("node.store.processes.election.find_vacancy", lambda _: True)
    looks, seen = iter([StoreAway(), StoreAway(), None, StoreAway(), ValueError("planted"), None]), []

    async def look() -> None:
        seen.append(found := next(looks))
        if found is not None:
            raise found

    async def promote() -> bool:
        return len(seen) == 5

    beside = company.BesideCore.__new__(company.BesideCore)
    beside._services, beside._relay = SimpleNamespace(database=SimpleNamespace(address="")), SimpleNamespace(look=look)  # type: ignore[assignment]
    beside._finds_core = True
    main: Any = SimpleNamespace(leaves=False)
    with capture_logs() as lines:
        asyncio.run(beside._look_for_core(main, promote))
    told = [line for line in lines if line["event"] == "the core cannot be found"]
    assert (len(told), len(lines)) == (2, 3)
    assert not any(line["exc_info"] for line in told)


def test_who_fails_to_become_the_core_leaves_no_door_open(tmp_path: Path) -> None:
    class Door:
        should_exit = removed = closed = False
        started = True

        async def serve(self) -> None:
            for _ in range(1_000_000):
                if self.should_exit:
                    break
                await asyncio.sleep(0)

        def close_to_others(self) -> None:
            self.closed = True

        def remove(self) -> None:
            self.removed = True

    async def fail(door: Door) -> None:
        main: Any = MainServer.__new__(MainServer)
        main._beside = []
        alone = company.Alone(SimpleNamespace(database=SimpleNamespace(log_file=1)), DataFolder(tmp_path, making=True))  # type: ignore[arg-type]
        await alone.begin(main, lambda *_, **__: door, None)  # type: ignore[arg-type]
        assert (door.closed, len(main._beside)) == (True, 1)
        await alone.end()
        assert main._beside == []

    door = Door()
    asyncio.run(fail(door))
    assert (door.should_exit, door.removed) == (True, True)
