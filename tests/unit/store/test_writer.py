"""The one writer: groups, isolates, answers only after durability, undoes in order, finishes what waits."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError, wait
from typing import Any

import pytest
from sqlalchemy import event, text

from node.store.administration import facts
from node.store.database import Database
from node.store.engine.straight import run
from node.store.engine.writer import MAX_GROUP, WriterStopped, on_commit, on_rollback
from node.store.sessions import Session


class _Sabotage(Exception):
    """Planted."""


def _save(name: str) -> Any:
    return lambda session: facts.save_fact(session, name, {"name": name})


def _names(database: Database) -> set[str]:
    with database.read() as session:
        return {row[0] for row in session.execute(text("SELECT name FROM fact"))}


class _Gate:
    """Holds the writer until opened, so that what is queued meanwhile waits together."""

    def __init__(self, database: Database) -> None:
        self._open = threading.Event()
        self._held = threading.Event()
        self._future = database.writer.submit(self._hold)
        assert self._held.wait(10)

    def _hold(self, _session: Session) -> None:
        self._held.set()
        assert self._open.wait(10)

    def open(self) -> None:
        self._open.set()
        assert self._future in wait([self._future], 10).done


def test_waiting_work_is_committed_in_groups(database: Database) -> None:
    commits = []
    event.listen(database._writing, "commit", lambda _connection: commits.append(1))
    gate = _Gate(database)
    futures = [database.writer.submit(_save(f"fact-{n}")) for n in range(MAX_GROUP + 10)]
    assert database.writer.waiting == MAX_GROUP + 10
    gate.open()
    for future in futures:
        future.result(10)
    assert len(commits) == 3  # the gate's, a full group and the rest
    assert len(_names(database)) == MAX_GROUP + 10


def test_one_failing_piece_leaves_the_others_of_its_group_whole(database: Database) -> None:
    def fail(session: Session) -> None:
        facts.save_fact(session, "half done", {})
        session.flush()
        raise _Sabotage

    gate = _Gate(database)
    before, broken, after = (database.writer.submit(work) for work in (_save("before"), fail, _save("after")))
    gate.open()
    before.result(10)
    after.result(10)
    with pytest.raises(_Sabotage):
        broken.result(10)
    assert _names(database) == {"before", "after"}


def test_a_row_that_the_database_refuses_fails_alone(database: Database) -> None:
    def twice(session: Session) -> None:
        session.execute(text("INSERT INTO fact (name, value, note) VALUES ('one', '{}', '')"))
        session.execute(text("INSERT INTO fact (name, value, note) VALUES ('one', '{}', '')"))

    gate = _Gate(database)
    broken, sound = database.writer.submit(twice), database.writer.submit(_save("two"))
    gate.open()
    assert broken.exception(10) is not None
    sound.result(10)
    assert _names(database) == {"two"}


def test_hooks_run_after_the_work_is_visible_to_readers_and_before_the_answer(database: Database) -> None:
    seen: list[set[str]] = []

    def work(session: Session) -> None:
        facts.save_fact(session, "durable", {})
        on_commit(session, lambda: seen.append(_names(database)))

    database.writer.write(work)
    assert seen == [{"durable"}]


def test_hooks_of_a_failed_piece_never_run_and_its_undo_runs_backwards(database: Database) -> None:
    told: list[str] = []

    def work(session: Session) -> None:
        on_commit(session, lambda: told.append("committed"))
        on_rollback(session, lambda: told.append("undo first"))
        on_rollback(session, lambda: told.append("undo second"))
        raise _Sabotage

    with pytest.raises(_Sabotage):
        database.writer.write(work)
    assert told == ["undo second", "undo first"]


def test_when_the_disk_refuses_the_commit_every_caller_hears_it_and_all_is_undone(database: Database) -> None:
    told: list[str] = []

    def refuse(_session: object) -> None:
        raise _Sabotage("disk full")

    def work(name: str) -> Any:
        def run(session: Session) -> None:
            facts.save_fact(session, name, {})
            on_commit(session, lambda: told.append("committed"))
            on_rollback(session, lambda: told.append(f"undo {name}"))

        return run

    gate = _Gate(database)
    futures = [database.writer.submit(work("a")), database.writer.submit(work("b"))]
    event.listen(database._writing, "commit", refuse)
    gate.open()
    for future in futures:
        assert isinstance(future.exception(10), _Sabotage)
    assert told == ["undo b", "undo a"]
    event.remove(database._writing, "commit", refuse)
    assert _names(database) == set()
    database.writer.write(_save("afterwards"))
    assert _names(database) == {"afterwards"}


def test_a_caller_that_went_away_before_its_turn_writes_nothing_and_stops_nobody(database: Database) -> None:
    gate = _Gate(database)
    left, kept = database.writer.submit(_save("left")), database.writer.submit(_save("kept"))
    assert left.cancel()
    gate.open()
    kept.result(10)
    with pytest.raises(CancelledError):
        left.result(1)
    database.writer.write(_save("later"))
    assert _names(database) == {"kept", "later"}


async def _abandon(database: Database) -> None:
    gate = _Gate(database)
    task = asyncio.create_task(database.writer.awrite(_save("abandoned")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.open()
    await asyncio.wait_for(database.writer.awrite(_save("next")), 10)


def test_a_cancelled_task_does_not_end_the_writer(database: Database) -> None:
    asyncio.run(_abandon(database))
    assert "next" in _names(database)


def test_a_listener_that_fails_does_not_end_the_writer(database: Database) -> None:
    def fail() -> None:
        raise _Sabotage

    def work(session: Session) -> str:
        facts.save_fact(session, "announced", {})
        on_commit(session, fail)
        return "answer"

    assert database.writer.submit(work).result(10) == "answer"
    database.writer.submit(_save("next")).result(10)
    assert _names(database) == {"announced", "next"}


def test_stop_finishes_what_waits_and_refuses_what_comes_later(database: Database) -> None:
    gate = _Gate(database)
    futures = [database.writer.submit(_save(f"waiting-{n}")) for n in range(300)]
    stopper = threading.Thread(target=database.writer.stop)
    stopper.start()
    gate.open()
    stopper.join(20)
    assert not stopper.is_alive()
    for future in futures:
        future.result(0)
    assert len(_names(database)) == 300
    with pytest.raises(WriterStopped):
        database.writer.submit(_save("too late"))


def test_work_inside_the_writer_may_not_wait_for_the_writer(database: Database) -> None:
    with pytest.raises(RuntimeError, match="inside the writer"):
        database.writer.write(lambda _session: database.writer.write(_save("never")))


def test_what_passes_the_mapper_by_is_undone_with_its_piece(database: Database) -> None:
    insert = text("INSERT INTO fact (name, value, note) VALUES (:name, '{}', '')")

    def fail(session: Session) -> None:
        run(session, insert, {"name": "straight"})
        facts.save_fact(session, "mapped", {})
        session.flush()
        raise _Sabotage

    def keep(session: Session) -> None:
        run(session, insert, {"name": "kept"})

    gate = _Gate(database)
    before, broken, after = (database.writer.submit(work) for work in (keep, fail, _save("after")))
    gate.open()
    before.result(10)
    after.result(10)
    assert isinstance(broken.exception(10), _Sabotage)
    assert _names(database) == {"kept", "after"}
