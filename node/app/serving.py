"""Serves a node on its port, and on the operator's socket beside it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import uvicorn

from node.app.data_folder import DataFolder
from node.app.memory import collect_seldom, keep_memory_small
from node.app.processes.place import take_place, wait_for_place
from node.app.server.listening import open_listener
from node.app.server.one_write import OneWriteProtocol
from node.app.server.parting import MainServer, Parting, SecondServer, until_started
from node.app.server.reporting import READY, report
from node.app.server.threads import PLACES, PLACES_BESIDE_A_SERVER, FairThreads
from node.app.turn import Front, Turn
from node.settings.declared import Settings
from node.web.access.viewing import LOCAL_MARK

SHUTDOWN_PATIENCE = 5  # seconds for requests under way
IDLE = 125  # seconds that a connection waits for its next request: longer than proxies keep it, or both end at once
RETIREMENT = 30.0  # seconds, so many requests wait for a core at the most


def serve(settings: Settings, folder: DataFolder, announce: Callable[[], None]) -> socket.socket | None:
    """Run until a signal; `announce` is called when the node answers. Raises PortTaken and whatever `compose` does.

    Answers with the listening socket when the node is to begin anew in this process, else with None.
    """
    listener = open_listener(settings)
    keep_memory_small()
    collect_seldom()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        process = _Process(settings, folder, listener)
        uvloop_run(process.run(announce))
        return listener if process.comes_back else None
    return None


class _Process:
    """One process of a node from its first turn to its last."""

    def __init__(self, settings: Settings, folder: DataFolder, listener: socket.socket) -> None:
        self._settings = settings
        self._folder = folder
        self._listener = listener
        self._turn = Turn(settings, folder, wait_for_place(settings))
        self._front = Front(self._turn.front)
        parting = Parting(self._front)
        self._main = MainServer(_config(parting, settings), parting, listener, settings.drain)
        self._retiring: set[asyncio.Task[None]] = set()

    @property
    def comes_back(self) -> bool:
        """Is it to begin anew?"""
        return self._main.comes_back

    async def run(self, announce: Callable[[], None]) -> None:
        """Answer until a signal."""
        places = PLACES_BESIDE_A_SERVER if self._settings.database_url else PLACES
        asyncio.get_running_loop().set_default_executor(FairThreads(places))
        await self._turn.begin()
        try:
            task = asyncio.create_task(self._main.serve(sockets=[self._listener.dup()]))  # it closes its own
            await until_started(self._main, task)
            await self._turn.meet(self._main, self._door, self._promote)
            announce()
            report(READY)
            await task
        finally:
            for retiring in self._retiring:
                retiring.cancel()
            await self._turn.end()  # first: another process waits for the core's place
            await asyncio.gather(*self._retiring, return_exceptions=True)

    async def _promote(self) -> bool:
        """Become the core, if nobody else did first, while the requests that wait for one go on waiting."""
        place = await asyncio.to_thread(take_place, self._settings)
        if place.is_beside:
            place.database.close()
            return False
        async with contextlib.AsyncExitStack() as failed:  # then the place is free again, for whoever can take it
            failed.callback(place.database.close)
            turn = await asyncio.to_thread(Turn, self._settings, self._folder, place)
            failed.push_async_callback(turn.end)
            await turn.begin()
            await turn.meet(self._main, self._door, self._promote)
            await turn.settle()
            failed.pop_all()
        old, self._turn, self._front.app = self._turn, turn, turn.front
        self._retiring.add(asyncio.create_task(_retire(old)))
        return True

    def _door(self, app: Any, path: Path | None, *, local: bool = False) -> SecondServer:
        if local:
            return SecondServer(_config(mark_local(app), self._settings, uds=str(path)))
        where = {"uds": str(path)} if path else {"host": self._settings.core_host, "port": 0}
        return SecondServer(_config(app, self._settings, **where, forwarded_allow_ips="*"))


async def _retire(turn: Turn) -> None:
    """What was asked of it before ends first."""
    try:
        await asyncio.sleep(RETIREMENT)
    finally:
        await turn.end()


def uvloop_run(main: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine on uvloop where it exists."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


def _config(app: Any, settings: Settings, **options: Any) -> uvicorn.Config:
    usual: dict[str, Any] = {
        "lifespan": "off",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": settings.proxies,
        "http": OneWriteProtocol,
        "ws": "websockets-sansio",
        "ws_per_message_deflate": False,
        "ws_max_size": 5_000_000,
        "timeout_keep_alive": IDLE,
        "timeout_graceful_shutdown": SHUTDOWN_PATIENCE,
        "h11_max_incomplete_event_size": 64_000,
    }
    return uvicorn.Config(app, **(usual | options))


def mark_local(app: Any) -> Any:
    """The same application for whoever may open the socket's file: the operator."""

    async def local(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            scope[LOCAL_MARK] = True
        await app(scope, receive, send)

    return local
