"""Serves a stopped node's folder to one command in the same process."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
from litestar import Litestar

from node.app.compose import compose
from node.app.data_folder import DataFolder
from node.app.serving import mark_local
from node.app.web_app import build_app
from node.settings.loading import load_settings


class _LocalTransport(httpx.BaseTransport):
    """Runs each request on the command's own event loop."""

    def __init__(self, runner: asyncio.Runner, transport: httpx.ASGITransport) -> None:
        self._runner = runner
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._handle(request))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        streamed = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        response = await self._transport.handle_async_request(streamed)
        body = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=body)


class _Life:
    """An application's lifespan, entered and left by one task, as its cancel scopes demand."""

    def __init__(self, app: Litestar) -> None:
        self._app = app
        self._begun, self._over = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start the application. Raises what its start raises."""
        self._task = asyncio.create_task(self._live())
        begun = asyncio.create_task(self._begun.wait())
        await asyncio.wait({self._task, begun}, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if self._task.done():
            await self._task

    async def end(self) -> None:
        """Stop it."""
        self._over.set()
        if self._task is not None:
            await self._task

    async def _live(self) -> None:
        async with self._app.lifespan():
            self._begun.set()
            await self._over.wait()


@contextlib.contextmanager
def open_stopped(data: Path, runner: asyncio.Runner) -> Iterator[httpx.BaseTransport]:
    """A transport to the node in `data`, which no other process holds. Raises DataFolderBusy."""
    folder = DataFolder(data)
    try:
        settings, _ = load_settings(data, os.environ)
        app = build_app(compose(settings), alone=True)
        life = _Life(app)
        runner.run(life.begin())
        try:
            yield _LocalTransport(runner, httpx.ASGITransport(mark_local(app)))
        finally:
            runner.run(life.end())
    finally:
        folder.close()
