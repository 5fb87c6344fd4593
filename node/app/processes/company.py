"""The processes of one node, seen from one of them: alone, the core of others, or beside the core."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from node.app.data_folder import DataFolder
from node.app.processes.place import Place
from node.app.server.parting import MainServer, SecondServer
from node.logs import get_logger
from node.services.assembly import Services
from node.services.room import find_room
from node.store.engine.failing import find_storage_error
from node.web.access.viewing import cookie_name, is_known
from node.web.bodies import TO_THE_CORE, Bodies

if TYPE_CHECKING:
    from node.app.processes.relaying import Relay
    from node.store.processes.election import Election
    from node.store.processes.news import Listener, Teller

LOOK_EVERY = 1.0  # seconds between looks at whether there is a core
SURE_FOR = 5.0  # seconds that a core which writes nothing goes on without asking whether it still is one
DOORS = "core-*.sock"

Promote = Callable[[], Awaitable[bool]]


class Door(Protocol):
    """Makes a server for an application at a socket's file, or at a port of the host that the settings name."""

    def __call__(self, app: Any, path: Path | None, *, local: bool = False) -> SecondServer:
        """`local`: for who runs the node."""
        ...


class Company(Protocol):
    """What a process does about the others."""

    def wrap(self, app: Any) -> Any:
        """The application that the world sees here."""
        ...

    async def begin(self, main: MainServer, door: Door, promote: Promote) -> None:
        """The node answers here from now on. `promote` makes this process the core; False when another one is."""
        ...

    async def end(self) -> None:
        """It does not any more."""
        ...


def company_of(place: Place, services: Services, folder: DataFolder) -> Company:
    """By the place that this process has taken."""
    if place.is_beside:
        return BesideCore(services)
    return Alone(services, folder) if place.election is None else CoreOfOthers(place.election, services, folder)


class Alone:
    """There are no others; who runs the node has a door of their own. Without SQLite's log it begins anew."""

    def __init__(self, services: Services, folder: DataFolder) -> None:
        self._services = services
        self._folder = folder
        self._app: Any = None
        self._watch: asyncio.Task[None] | None = None
        self._main: MainServer | None = None
        self._doors: list[SecondServer] = []

    def wrap(self, app: Any) -> Any:
        """The same."""
        self._app = app
        return app

    async def begin(self, main: MainServer, door: Door, promote: Promote) -> None:
        """Open the operator's door."""
        del promote  # it is the first already
        await self._open(main, door(self._app, self._folder.socket, local=True))
        self._watch = asyncio.create_task(self._look_after(main), name="core")

    async def _open(self, main: MainServer, server: SecondServer) -> None:
        self._main = main
        self._doors.append(server)
        await main.begin_beside(server)

    async def end(self) -> None:
        """Watch no more, and leave no door open that leads to services which end."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._main is not None:
            await self._main.end_beside(self._doors)

    async def _look_after(self, main: MainServer) -> None:
        """Whoever deletes the log takes away what is not in the database's file yet, unless it is closed in order."""
        database = self._services.database
        opened = now = database.log_file
        while now == opened:
            await asyncio.sleep(SURE_FOR)
            with contextlib.suppress(OSError):  # a disk that does not answer for a moment
                now = database.log_file
        get_logger("core").warning("this process begins anew", why="SQLite's write-ahead log was taken away")
        main.come_back()


class CoreOfOthers(Alone):
    """Writes for all; opens a door to them, and tells them what changes. Without its lock it begins anew."""

    def __init__(self, election: Election, services: Services, folder: DataFolder) -> None:
        from node.app.processes.tidings import teller_of

        super().__init__(services, folder)
        self._election = election
        self._teller: Teller = teller_of(services)

    async def begin(self, main: MainServer, door: Door, promote: Promote) -> None:
        """Open the doors, then say that they are open."""
        from node.app.processes.relaying import InsideDoor

        await super().begin(main, door, promote)
        self._teller.start()
        host = self._services.settings.core_host
        path = None if host else self._own_door()
        server = door(InsideDoor(self._app, _secret(self._services), lambda: main.closes), path)
        await self._open(main, server)
        address = f"unix:{path}" if path else f"http://{host}:{server.port}"
        await self._services.database.writer.awrite(lambda session: self._election.win(session, address))

    def _own_door(self) -> Path:
        for old in self._folder.path.glob(DOORS):
            old.unlink(missing_ok=True)
        return (self._folder.path / DOORS.replace("*", secrets.token_hex(4))).absolute()

    async def end(self) -> None:
        """Leave it to another."""
        await super().end()
        await asyncio.to_thread(self._teller.stop)

    async def _look_after(self, main: MainServer) -> None:
        """Whoever lost the lock notices it within a moment, though nobody writes."""
        while not (self._election.is_lost or self._election.is_unsure):
            await asyncio.sleep(SURE_FOR)
            with contextlib.suppress(Exception):  # a server that is away for a moment: every caller hears of it
                await self._services.database.writer.awrite(lambda session: session.connection())
        why = "another process is the core now" if self._election.is_lost else "a commit's answer was lost"
        get_logger("core").warning("this process begins anew", why=why)
        main.come_back()


class BesideCore:
    """Answers beside the core, and takes its place when there is none."""

    def __init__(self, services: Services) -> None:
        from node.app.processes.relaying import Relay
        from node.app.processes.tidings import listener_of

        self._services = services
        self._main: MainServer | None = None
        self._watch: asyncio.Task[None] | None = None
        self._finds_core = True
        self._relay: Relay = Relay(self._find_core, _secret(services), services.settings.max_body)
        self._listener: Listener = listener_of(services, self._begin_anew)
        self._listener.start()  # before anything is read: what changes meanwhile is heard

    def wrap(self, app: Any) -> Any:
        """The application that passes on what is the core's."""
        from node.app.processes.relaying import Beside

        beside = Beside(app, self._relay, cookie_name(self._services.settings))
        return Bodies(beside, find_room().bodies, TO_THE_CORE, knows=self._knows)

    async def _knows(self, scope: Any) -> bool:
        try:
            return await is_known(scope, self._services)
        except Exception as error:
            if find_storage_error(error) is None:
                raise
            return True  # nobody can say: it is passed on, and whoever is the core by then asks

    async def begin(self, main: MainServer, door: Door, promote: Promote) -> None:
        """Watch over the core; nobody is let in by another door."""
        del door
        self._main = main
        main.settle = self._relay.settle
        self._watch = asyncio.create_task(self._look_for_core(main, promote), name="election")

    async def end(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await asyncio.to_thread(self._listener.stop)
        await self._relay.close()

    def _find_core(self) -> tuple[str, str | None]:
        from node.store.processes.election import address_of_core, find_holder

        with self._services.database.read() as session:
            return address_of_core(session), find_holder(session)

    async def _look_for_core(self, main: MainServer, promote: Promote) -> None:
        """A process that is about to end leaves the place to another."""
        from node.store.processes.election import find_vacancy

        is_core = False
        while not is_core:
            await asyncio.sleep(LOOK_EVERY)
            try:
                vacant = not main.leaves and await asyncio.to_thread(find_vacancy, self._services.database.address)
                is_core = vacant and await promote()
            except Exception as error:  # noqa: BLE001 - another process may succeed, or this one the next time
                get_logger("core").error("could not become the core", error=str(error), exc_info=error)
            await self._turn_to_core()
        get_logger("core").warning("there was no core: this process is it now")

    async def _turn_to_core(self) -> None:
        """What keeps it from being found is told once, until it is found again."""
        try:
            await self._relay.look()
        except Exception as error:  # noqa: BLE001 - it is looked for again
            known = find_storage_error(error)
            if self._finds_core:
                why = known.message if known else str(error)
                get_logger("core").warning("the core cannot be found", why=why, exc_info=None if known else error)
            self._finds_core = False
        else:
            self._finds_core = True

    def _begin_anew(self) -> None:
        if self._main is not None:
            self._main.come_back()


def _secret(services: Services) -> str:
    return services.sealer.derive("inside").hex()
