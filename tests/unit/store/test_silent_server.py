"""A database server that says nothing is asked behind those who wait, who are told, unless they are to wait."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from typing import Any

import pytest

pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")

from sqlalchemy import create_engine

from node.errors import ShortOfMemory, StoreAway
from node.store.engine import silence as watching
from node.store.engine import writer as writing
from node.store.engine.silence import ServerSilent, Silence
from node.store.engine.writer import UNSURE, Writer

NOTHING, SOMETHING = 0, 1


class Server:
    """Answers to whether it answers, one after the other."""

    def __init__(self, silence: Silence, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.says = threading.Semaphore(0), list[bool]()
        self.told, self.go = threading.Event(), threading.Semaphore(0)
        monkeypatch.setattr(watching, "PATIENCE", -1.0)
        monkeypatch.setattr(watching, "REST", 0.0)
        monkeypatch.setattr(silence, "_answers", self._answer)
        silence.tell = self.told.set

    def _answer(self) -> bool:
        self.asked.release()
        assert self.go.acquire(timeout=30)
        return self.says.pop(0)

    def answer(self, *, well: bool) -> None:
        """What is heard of it now."""
        assert self.asked.acquire(timeout=30)
        self.says.append(well)
        self.go.release()


@pytest.fixture
def silence() -> Silence:
    return Silence("postgresql://nobody")


@pytest.fixture
def server(silence: Silence, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    yield Server(silence, monkeypatch)
    for thread in threading.enumerate():
        if thread.name == "silence":
            thread.join(30)


def _query() -> Generator[Any, Any, str]:
    while (yield 1) != SOMETHING:
        pass
    return "answer"


def test_who_waits_is_told_once_the_server_answers_nobody(silence: Silence, server: Server) -> None:
    reader, writer = (silence.heard(_query(), patient=patient) for patient in (False, True))
    assert next(reader) == next(writer) == 1
    assert reader.send(NOTHING) == 1, "others may be answered: it is asked now"
    server.answer(well=False)
    assert server.told.wait(30)
    with pytest.raises(ServerSilent):
        reader.send(NOTHING)
    with pytest.raises(ServerSilent):
        next(silence.heard(_query(), patient=False))
    assert writer.send(NOTHING) == 1
    server.answer(well=True)
    with pytest.raises(StopIteration, match="answer"):
        writer.send(SOMETHING)


def test_a_query_that_takes_long_goes_on_where_others_are_answered(silence: Silence, server: Server) -> None:
    reader = silence.heard(_query(), patient=False)
    next(reader)
    for _ in range(2):
        assert reader.send(NOTHING) == 1
    server.answer(well=True)
    with pytest.raises(StopIteration, match="answer"):
        reader.send(SOMETHING)
    assert not silence.is_known


def test_a_server_that_answered_is_not_asked_again_at_once(
    silence: Silence, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    silence.suspect()
    server.answer(well=True)
    for asking in [thread for thread in threading.enumerate() if thread.name == "silence"]:
        asking.join(30)
    monkeypatch.setattr(watching, "PATIENCE", 3600.0)
    silence.suspect()
    assert [thread.name for thread in threading.enumerate() if thread.name == "silence"] == []


def test_nobody_waits_for_a_writer_whose_server_is_silent_and_what_was_not_begun_is_not_written(
    silence: Silence,
) -> None:
    writer, begun, go = Writer(create_engine("sqlite://")), threading.Event(), threading.Event()
    writer.is_silent = lambda: silence.is_known
    done = list[str]()

    def work(_session: object) -> None:
        begun.set()
        assert go.wait(30)
        done.append("first")

    writer.start()
    first = writer.submit(work)
    assert begun.wait(30)
    second = writer.submit(lambda _session: done.append("second"))
    silence.is_known = True
    writer.give_up()
    with pytest.raises(StoreAway, match=UNSURE):
        first.result(30)
    with pytest.raises(StoreAway, match="nothing of this was kept"):
        second.result(30)
    with pytest.raises(StoreAway):
        writer.submit(work)
    silence.is_known = False
    go.set()
    assert writer.submit(lambda _session: "third").result(30) == "third"
    assert done == ["first"]
    writer.stop()


def test_what_left_the_queue_while_the_server_fell_silent_is_not_begun() -> None:
    writer, known, done = Writer(create_engine("sqlite://")), iter([False, True, False, False]), list[str]()
    writer.is_silent = lambda: next(known)
    writer.start()
    with pytest.raises(StoreAway, match="nothing of this was kept"):
        writer.submit(lambda _session: done.append("first")).result(30)
    writer.submit(lambda _session: done.append("second")).result(30)
    assert done == ["second"]
    writer.stop()


def test_who_finds_the_queue_full_is_told_instead_of_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_WAITING", 1)
    writer, begun, go = Writer(create_engine("sqlite://")), threading.Event(), threading.Event()

    def work(_session: object) -> None:
        begun.set()
        assert go.wait(30)

    writer.start()
    first = writer.submit(work)
    assert begun.wait(30)
    second = writer.submit(lambda _session: "second")
    with pytest.raises(ShortOfMemory, match="nothing was done"):
        writer.submit(lambda _session: "third")
    go.set()
    first.result(30)
    assert second.result(30) == "second"
    writer.stop()
