"""What the core tells the other processes of a node, over PostgreSQL's LISTEN and NOTIFY."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from node.logs import get_logger

CHANNEL = "skillnet_news"
LARGEST = 7_000  # bytes of one message; the server takes 8,000
PATIENCE = 1.0  # seconds between looks at whether it is over
CONNECTED_WITHIN = 5  # seconds

News = dict[str, Any]


class Teller:
    """Tells what became durable. `tell` may be called from any thread and never waits."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="news", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Say what waits, then end."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
            self._thread = None

    def tell(self, news: News) -> None:
        """Tell everybody who listens."""
        text = json.dumps(news)
        self._waiting.put(text if len(text.encode()) <= LARGEST else json.dumps({"all": True}))

    def _run(self) -> None:
        over = False
        while not over:
            try:
                over = self._say_all()
            except psycopg.Error as error:
                get_logger("news").warning("news could not be told", error=str(error))
                self.tell({"all": True})

    def _say_all(self) -> bool:
        first = self._waiting.get()
        if first is None:
            return True
        with psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECTED_WITHIN) as connection:
            said: str | None = first
            while said is not None:
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, said))
                said = self._waiting.get()
        return True


class Listener:
    """Hears what the core tells; `hear` is called in a thread, `lose` when some may have been missed."""

    def __init__(self, url: str, hear: Callable[[News], None], lose: Callable[[], None]) -> None:
        self._url = url
        self._hear = hear
        self._lose = lose
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen from now on."""
        connection = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECTED_WITHIN)
        connection.execute(f"LISTEN {CHANNEL}")
        self._thread = threading.Thread(target=self._run, args=(connection,), name="news", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, connection: psycopg.Connection[Any]) -> None:
        try:
            for news in self._heard(connection):
                self._guarded(news)
        except psycopg.Error as error:
            get_logger("news").warning("the connection for news was lost", error=str(error))
            if self._is_back():
                self._lose()
        finally:
            connection.close()

    def _is_back(self) -> bool:
        """Wait for the server. False when that is over first."""
        while not self._over.wait(PATIENCE):
            with contextlib.suppress(psycopg.Error):
                psycopg.connect(self._url, connect_timeout=CONNECTED_WITHIN).close()
                return True
        return False

    def _heard(self, connection: psycopg.Connection[Any]) -> Iterator[News]:
        while not self._over.is_set():
            for said in connection.notifies(timeout=PATIENCE):
                yield json.loads(said.payload)

    def _guarded(self, news: News) -> None:
        if news.get("all"):
            self._lose()
            return
        try:
            self._hear(news)
        except Exception as error:  # noqa: BLE001 - one piece of news must not end the listening
            get_logger("news").error("news could not be taken in", error=str(error), exc_info=error)
