"""The one writer: a thread that groups waiting work into one durable transaction.

Each piece of work runs inside a savepoint of its own: one that fails rolls back alone. Futures are answered, and
`on_commit` hooks run, only after the transaction is on disk. Nothing writes beside the writer.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from node.errors import ShortOfMemory, StoreAway
from node.logs import get_logger
from node.store.engine.failing import find_storage_error
from node.store.engine.straight import Piece, begin_piece, end_piece
from node.tracing import span
from node.waiting import before_waiting

T = TypeVar("T")
Work = Callable[[Session], T]

UNSURE = "The node's database server does not answer any more: whether this was kept shows once it does."
FULL = "More waits to be written than this node takes at once; nothing was done."
MAX_GROUP = 128  # pieces of work in one transaction; bounds how much one failure of the disk can undo
MAX_WAITING = 10_000  # pieces of work; who comes then is told, since waiting for room would hold the event loop


class WriterStopped(RuntimeError):
    """The writer has stopped; nothing was written."""


class Answer(Protocol):
    """Where what became of a piece of work is told; `concurrent.futures.Future` is one."""

    def set_running_or_notify_cancel(self) -> bool:
        """Does anybody still want it? From here on nobody can take it back."""

    def done(self) -> bool:
        """Was it told?"""

    def set_result(self, result: Any, /) -> None:
        """It is durable."""

    def set_exception(self, error: BaseException, /) -> None:
        """It failed."""


class LoopAnswer:
    """An answer to who waits on an event loop: a tenth of what a future between threads costs."""

    __slots__ = ("_is_told", "_loop", "future")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_told = False
        self.future: asyncio.Future[Any] = self._loop.create_future()

    def set_running_or_notify_cancel(self) -> bool:
        """See Answer."""
        return not self.future.cancelled()

    def done(self) -> bool:
        """See Answer."""
        return self._is_told

    def set_result(self, result: Any, /) -> None:
        """See Answer."""
        self._tell(self.future.set_result, result)

    def set_exception(self, error: BaseException, /) -> None:
        """See Answer."""
        self._tell(self.future.set_exception, error)

    def _tell(self, tell: Callable[[Any], None], what: Any) -> None:
        self._is_told = True
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits
            self._loop.call_soon_threadsafe(lambda: None if self.future.done() else tell(what))


Waiting = tuple[Work[Any], Answer]


class Writer:
    """Runs `work(session)` for all callers, one transaction at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.Queue[Waiting | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._log = get_logger("writer")
        self._began: float | None = None  # of the group under way
        self._door = threading.Lock()  # nothing is queued behind the mark that ends the thread
        self._group: list[Answer] = []  # of the group under way
        self.is_silent: Callable[[], bool] = lambda: False  # is the server known to answer nobody?
        self.deleting = threading.Event()  # was anything deleted since this was cleared? See `owe_scrub`
        self.deleting.set()  # by the process before this one, for all that is known

    def start(self) -> None:
        """Begin to take work."""
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then end. Later work raises WriterStopped."""
        with self._door:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._queue.put(None)
        if thread is not None:
            thread.join()

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue `work`; the future is answered when its effects are durable."""
        future: Future[T] = Future()
        self._enqueue(work, future)
        return future

    def _enqueue(self, work: Work[Any], answer: Answer) -> None:
        with self._door:
            if self._thread is None:
                raise WriterStopped(WriterStopped.__doc__)
            if self.is_silent():
                raise StoreAway
            if self.waiting >= MAX_WAITING:
                raise ShortOfMemory(FULL)
            self._queue.put((work, answer))

    def write(self, work: Work[T]) -> T:
        """Run `work` and wait until it is durable."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("work inside the writer must use the session it was given")
        future = self.submit(work)
        before_waiting()
        return future.result()

    async def awrite(self, work: Work[T]) -> T:
        """As `write`, from the event loop."""
        answer = LoopAnswer()
        self._enqueue(work, answer)
        result: T = await answer.future
        return result

    def give_up(self) -> None:
        """The server is known to be silent: let nobody wait. What is under way may still be done, the rest is not."""
        with self._door:
            waiting = list(iter(self._next_waiting, None))
        for _, answer in waiting:
            _tell(answer.set_exception, StoreAway())
        for answer in self._group:
            _tell(answer.set_exception, StoreAway(UNSURE))

    def _next_waiting(self) -> Waiting | None:
        try:
            item = self._queue.get_nowait()
        except queue.Empty:
            return None
        if item is None:
            self._queue.put(None)  # the thread is to end all the same
        return item

    @property
    def is_running(self) -> bool:
        """Does it take work?"""
        return self._thread is not None

    @property
    def waiting(self) -> int:
        """How many pieces of work are queued."""
        return self._queue.qsize()

    @property
    def busy_for(self) -> float:
        """Seconds since the transaction under way began, for which all the rest waits; 0 when there is none."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            self._began = time.monotonic()
            group, more = self._gather(first)
            self._commit(group)
            self._began, self._group = None, []
            if not more:
                return

    def _gather(self, first: Waiting) -> tuple[list[Waiting], bool]:
        group = [first]
        while len(group) < MAX_GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return group, False
            group.append(item)
        return group, True

    def _commit(self, waiting: list[Waiting]) -> None:
        # A caller that went away meanwhile wants nothing written; from here on nobody can take work back.
        group = [(work, future) for work, future in waiting if future.set_running_or_notify_cancel()]
        self._group = [future for _, future in group]
        if self.is_silent():  # since after these left the queue: who gives up has not seen them
            for future in self._group:
                _tell(future.set_exception, StoreAway())
            return
        done: list[tuple[Answer, Any]] = []
        hooks: list[Callable[[], None]] = []
        undo: list[Callable[[], None]] = []
        try:
            with span("store commit", pieces=len(group)), self._engine.connect() as connection, connection.begin():
                for work, future in group:
                    self._attempt(connection, work, future, (done, hooks, undo))
        except BaseException as error:  # noqa: BLE001 - whatever the disk says, every caller must hear it
            for step in reversed(undo):
                step()
            told = find_storage_error(error) or error
            for _, future in group:
                _tell(future.set_exception, told)
            return
        for hook in hooks:
            self._call(hook)
        for future, result in done:
            _tell(future.set_result, result)

    def _call(self, hook: Callable[[], None]) -> None:
        """What is durable stays so, and the next piece of work is taken, whatever a listener does."""
        try:
            hook()
        except Exception as error:  # noqa: BLE001 - logged; raising it here would end all writing
            self._log.error("hook after a commit failed", error=str(error), exc_info=error)

    def _attempt(
        self,
        connection: Connection,
        work: Work[Any],
        future: Answer,
        kept: tuple[list[tuple[Answer, Any]], list[Callable[[], None]], list[Callable[[], None]]],
    ) -> None:
        """Run one piece inside a savepoint; on failure only its own effects and hooks are dropped."""
        done, hooks, undo = kept
        session = begin_piece(connection)
        session.info.update(commit=[], rollback=[], deleting=self.deleting)
        try:
            with Piece(session), session:
                result = work(session)
                end_piece(session)
        except Exception as error:  # handed to the caller through its future
            for step in reversed(session.info["rollback"]):
                step()
            if (failed := find_storage_error(error)) is not None:
                raise failed from error  # SQLite may have undone the whole transaction: nobody's work is kept
            _tell(future.set_exception, error)
            return
        done.append((future, result))
        hooks.extend(session.info["commit"])
        undo.extend(session.info["rollback"])


def _tell(tell: Callable[[Any], None], what: Any) -> None:
    """Unless something was told already: while the database server is silent nobody waits for what becomes of it."""
    with contextlib.suppress(InvalidStateError):
        tell(what)


def on_commit(session: Session, hook: Callable[[], None]) -> None:
    """Run `hook` in the writer's thread once the running work is durable."""
    session.info["commit"].append(hook)


def owe_scrub(session: Session) -> None:
    """Say that the running work deletes what somebody wrote: it is to leave the write-ahead log of the file, too."""
    if (deleting := session.info.get("deleting")) is not None:
        on_commit(session, deleting.set)


def on_rollback(session: Session, hook: Callable[[], None]) -> None:
    """Run `hook` if the running work does not become durable."""
    session.info["rollback"].append(hook)
