"""A node's life: start in order, stop in the reverse order."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata

from node.app.founding import ensure_operator
from node.errors import NodeError
from node.jobs.chores import jobs_of
from node.jobs.runner import AT_ONCE, JobRunner
from node.logs import get_logger
from node.services.assembly import Services
from node.tracing import start_traces, stop_traces


class RunningNode:
    """Starts and stops the services of one node around a running event loop."""

    def __init__(self, services: Services, *, alone: bool = False) -> None:
        self._services = services
        self._alone = alone
        # Threads of their own: requests, which share few places, do not wait for a chore that takes its time.
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="chore")
        self._jobs = JobRunner(services.database, jobs_of(services, self._threads))
        self._log = get_logger("node")

    async def start(self) -> None:
        """Bring everything up. `alone` nodes (a command on a stopped node's folder) follow nobody and run no jobs."""
        services = self._services
        start_traces(services.settings.traces, metadata.version("skillnet-node"))
        services.stream.start(asyncio.get_running_loop())
        if not services.database.is_distant:
            await asyncio.to_thread(services.identity.ensure, services.keyring)
            await asyncio.to_thread(ensure_operator, services)
        services.rankings.start()
        services.finder.start()
        if self._alone:
            return
        services.reference.start()
        if services.database.is_distant:
            self._log.info("process beside the core ready", url=services.settings.public_url)
            return
        await asyncio.to_thread(self._finish_leaving)
        await services.moderation.decisions.decide_again()
        await self._jobs.start()
        await services.follower.start()
        self._log.info("node ready", url=services.settings.public_url)

    def _finish_leaving(self) -> None:
        """Whoever was leaving when the node stopped or the disk failed is gone before anybody looks."""
        try:
            self._services.leaving.end_again()
        except NodeError as error:
            self._log.warning("somebody who leaves could not be forgotten; the next start tries again", why=error.code)

    async def stop(self) -> None:
        """Finish what is under way, write it, let go."""
        services = self._services
        if not self._alone and not services.database.is_distant:
            await services.follower.stop()
            await self._jobs.stop()
            # A chore that is late writes nothing more, for the writer stops; the next start does it again.
            self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(services.finder.stop)
        await asyncio.to_thread(services.rankings.stop)
        services.heavy.stop()
        await asyncio.to_thread(services.database.close)
        if not services.database.is_distant:  # else this process may go on as the core
            await asyncio.to_thread(stop_traces)
