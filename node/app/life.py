"""An application's lifespan, entered and left by one task, as its cancel scopes demand."""

from __future__ import annotations

import asyncio

from litestar import Litestar

from node.errors import NodeError


class Life:
    """Begins and ends the services behind an application."""

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
            try:
                await self._task
            except BaseExceptionGroup as group:  # the framework's; what a person can mend is said in one line
                if (said := group.subgroup(NodeError)) is None:
                    raise
                raise _only(said) from group

    async def end(self) -> None:
        """Stop it."""
        self._over.set()
        if self._task is not None:
            await self._task

    async def _live(self) -> None:
        async with self._app.lifespan():
            self._begun.set()
            await self._over.wait()


def _only(group: BaseExceptionGroup[NodeError]) -> NodeError:
    first = group.exceptions[0]
    return _only(first) if isinstance(first, BaseExceptionGroup) else first
