"""Serves a stopped node's folder to one command in the same process."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import httpx

from node.app.compose import compose
from node.app.data_folder import DataFolder
from node.app.life import Life
from node.app.processes.place import take_place
from node.app.serving import mark_local
from node.app.web_app import build_app
from node.errors import DataFolderBusy
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


@contextlib.contextmanager
def open_stopped(data: Path, runner: asyncio.Runner) -> Iterator[httpx.BaseTransport]:
    """A transport to the node in `data`, which no other process holds. Raises DataFolderBusy."""
    folder = DataFolder(data)
    try:
        settings, _ = load_settings(data, os.environ)
        place = take_place(settings)
        if place.is_beside:
            raise DataFolderBusy("Another process serves this node's database.")
        app = build_app(compose(settings, place.database), alone=True)
        life = Life(app)
        runner.run(life.begin())
        try:
            yield _LocalTransport(runner, httpx.ASGITransport(mark_local(app)))
        finally:
            runner.run(life.end())
    finally:
        folder.close()
