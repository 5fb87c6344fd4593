"""Serves a node on its port, and on the operator's socket beside it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

from node.app.compose import compose
from node.app.data_folder import DataFolder
from node.app.web_app import build_app
from node.errors import PortTaken, Refused
from node.settings.declared import Settings
from node.web.access.viewing import LOCAL_MARK

SHUTDOWN_PATIENCE = 5  # seconds for requests under way


class _MainServer(uvicorn.Server):
    """The server that ends with a signal and leaves what follows to `serve`: uvicorn's own would raise the signal again
    and so cut short the orderly end of the server beside it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield


class _SecondServer(uvicorn.Server):
    """A server beside the main one: the main one alone handles signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(settings: Settings, folder: DataFolder, announce: Callable[[], None]) -> None:
    """Run until a signal; `announce` is called when the node answers. Raises PortTaken and whatever `compose` does."""
    listener = _bind(settings)
    # Repositories are many small objects that live long: the collector need not look at them all the time.
    gc.set_threshold(50_000, 20, 100)
    services = compose(settings)
    app = build_app(services)
    main = _MainServer(_config(app, settings, lifespan="on"))
    folder.socket.unlink(missing_ok=True)
    local = _SecondServer(_config(mark_local(app), settings, lifespan="off", uds=str(folder.socket)))

    async def run() -> None:
        task = asyncio.create_task(main.serve(sockets=[listener]))
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


def _bind(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken.of(settings.port) from error
        raise PortTaken(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}.") from error
    return listener


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
