"""A PostgreSQL server that takes connections and says nothing, or to which all is lost on the way: nobody waits for it.

A query may take long. So who has waited for a while has the server asked on a connection of its own; only when that is
not answered either, all who read are told, and everybody who comes, until it answers again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.waiting import Ready, Wait
from sqlalchemy import Engine, event

from node.store.engine.writer import Writer

T = TypeVar("T")
PATIENCE = 3.0  # seconds without a word until the server is asked whether it answers at all
ASKED_WITHIN = 5  # seconds for that: on a busy machine a connection takes some time
REST = 1.0  # seconds until it is asked again


class ServerSilent(psycopg.OperationalError):
    """The database server does not answer."""


class Silence:
    """Of one server. `tell` is called in a thread each time that it falls silent."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._door = threading.Lock()
        self._is_asked = False
        self._answered_at = -PATIENCE
        self.is_known = False
        self.tell: Callable[[], None] = lambda: None

    def suspect(self) -> None:
        """Somebody waits: find out why, behind them; not again and again while one query takes long."""
        with self._door:
            if self._is_asked or time.monotonic() - self._answered_at < PATIENCE:
                return
            self._is_asked = True
        threading.Thread(target=self._ask, name="silence", daemon=True).start()

    def check(self) -> None:
        """Raises ServerSilent while that is known."""
        if self.is_known:
            raise ServerSilent("the database server does not answer")

    def heard(self, steps: PQGen[T], *, patient: bool) -> Generator[Wait, Ready | int, T]:
        """The driver's `steps`, watched while they wait. Raises ServerSilent, unless `patient`."""
        if not patient:
            self.check()
        try:
            wanted, since = next(steps), time.monotonic()
            while True:
                ready = yield wanted
                if ready:
                    since = time.monotonic()
                else:
                    self._wait_on(since, patient=patient)
                wanted = steps.send(ready)
        except StopIteration as end:
            found: T = end.value
            return found

    def _wait_on(self, since: float, *, patient: bool) -> None:
        if not patient:
            self.check()
        if time.monotonic() - since > PATIENCE:
            self.suspect()

    def _ask(self) -> None:
        try:
            while not self._answers():
                if not self.is_known:
                    self.is_known = True
                    self.tell()
                time.sleep(REST)
        finally:
            self._answered_at = time.monotonic()
            self.is_known = self._is_asked = False

    def _answers(self) -> bool:
        """Also when it refuses: those who wait hear why by themselves."""
        try:
            psycopg.connect(self._address, connect_timeout=ASKED_WITHIN).close()
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.Error:
            return True
        return True


def watch_server(address: str, readers: Engine, writing: Engine, writer: Writer) -> None:
    """Whoever reads is told while it is silent, and who waits for the writer; the writer itself waits: with its
    connection the core would lose its place, and with a commit's answer what it knows."""
    silence = Silence(address)
    writer.is_silent, silence.tell = lambda: silence.is_known, writer.give_up
    for engine in (readers, writing):
        event.listen(engine, "do_connect", _connecting(silence, patient=engine is writing))


def _connecting(silence: Silence, *, patient: bool) -> Callable[..., psycopg.Connection[Any]]:
    class Watched(psycopg.Connection[Any]):
        def wait(self, gen: PQGen[T], *given: Any, **named: Any) -> T:
            try:
                return super().wait(silence.heard(gen, patient=patient), *given, **named)
            except ServerSilent:
                self.close()
                raise

    def connect(_dialect: object, _record: object, given: list[Any], named: dict[str, Any]) -> psycopg.Connection[Any]:
        if not patient:
            silence.check()
        try:
            return Watched.connect(*given, **named)
        except psycopg.errors.ConnectionTimeout:
            silence.suspect()
            raise

    return connect
