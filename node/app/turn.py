"""One turn of a process: services in the place that it has among its node's processes, and what the world sees of them.

A process has one turn after another when it becomes the core while it answers: requests under way end in the old one.
"""

from __future__ import annotations

import asyncio
from typing import Any

from node.app.compose import compose
from node.app.data_folder import DataFolder
from node.app.life import Life
from node.app.processes.company import Door, Promote, company_of
from node.app.processes.place import Place
from node.app.server.parting import MainServer
from node.app.web_app import build_app
from node.settings.declared import Settings

BUILT_WITHIN = 60.0  # seconds; whoever asks later than that is told that it is not built
AGAIN = 0.05  # seconds between two looks


class Turn:
    """Raises whatever `compose` does."""

    def __init__(self, settings: Settings, folder: DataFolder, place: Place) -> None:
        services = compose(settings, place.database)
        self._rankings = services.rankings
        self.app = build_app(services)
        self.company = company_of(place, services, folder)
        self.front: Any = self.company.wrap(self.app)
        self._life: Life | None = None

    async def begin(self) -> None:
        """Start the services."""
        self._life = Life(self.app)
        await self._life.begin()

    async def meet(self, main: MainServer, door: Door, promote: Promote) -> None:
        """The world sees it from now on: open its other doors."""
        await self.company.begin(main, door, promote)

    async def settle(self) -> None:
        """Wait for its ranking: a proxy would take a node that was ready before for one that is not any more."""
        for _ in range(int(BUILT_WITHIN / AGAIN)):
            if self._rankings.is_built:
                return
            await asyncio.sleep(AGAIN)

    async def end(self) -> None:
        """Nobody asks any more: stop the services."""
        await self.company.end()
        if self._life is not None:
            await self._life.end()


class Front:
    """What the world sees: the application of the present turn."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As that application."""
        await self.app(scope, receive, send)
