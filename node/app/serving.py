"""Serves a node on its port, and on the operator's socket beside it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from node.app.compose import compose
from node.app.data_folder import DataFolder
from node.app.listening import open_listener
from node.app.parting import MainServer, Parting, SecondServer
from node.app.web_app import build_app
from node.errors import Refused
from node.settings.declared import Settings
from node.web.access.viewing import LOCAL_MARK

SHUTDOWN_PATIENCE = 5  # seconds for requests under way


def serve(settings: Settings, folder: DataFolder, announce: Callable[[], None]) -> socket.socket | None:
    """Run until a signal; `announce` is called when the node answers. Raises PortTaken and whatever `compose` does.

    Answers with the listening socket when the node is to begin anew in this process, else with None.
    """
    listener = open_listener(settings)
    # Repositories are many small objects that live long: the collector need not look at them all the time.
    gc.set_threshold(50_000, 20, 100)
    app = build_app(compose(settings))
    parting = Parting(app)
    main = MainServer(_config(parting, settings, lifespan="on"), parting, settings.drain)
    local = SecondServer(_config(mark_local(app), settings, lifespan="off", uds=str(folder.socket)))
    folder.socket.unlink(missing_ok=True)

    async def run() -> None:
        task = asyncio.create_task(main.serve(sockets=[listener.dup()]))  # it closes its own
        await _until_started(main, task)
        beside = asyncio.create_task(local.serve())
        await _until_started(local, beside)
        folder.socket.chmod(0o600)
        announce()
        try:
            await task
        finally:
            folder.socket.unlink(missing_ok=True)
            local.should_exit = True
            await beside

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        uvloop_run(run())
    return listener if main.comes_back else None


async def _until_started(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    while not server.started:
        if task.done():
            await task
            raise Refused("The node could not start; the log above says why.")
        await asyncio.sleep(0.01)


def uvloop_run(main: Any) -> None:
    """Run a coroutine on uvloop where it exists."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


def _config(app: Any, settings: Settings, **options: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.proxies,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=5_000_000,
        timeout_graceful_shutdown=SHUTDOWN_PATIENCE,
        h11_max_incomplete_event_size=64_000,
        **options,
    )


def mark_local(app: Any) -> Any:
    """The same application for whoever may open the socket's file: the operator."""

    async def local(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            scope[LOCAL_MARK] = True
        await app(scope, receive, send)

    return local
