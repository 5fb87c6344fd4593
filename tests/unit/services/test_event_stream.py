"""The event stream: numbers without holes, backlog to live without a gap, erasure, pruning."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from federation.frames import parse_frame
from federation.repository import Write
from node.services.assembly import Services
from node.services.hosting import stream as stream_module
from node.services.hosting.stream import EventStream
from node.store.repositories import events

NOTE = "com.example.note"


def _note(rkey: str) -> Write:
    return Write("create", NOTE, rkey, {"$type": NOTE, "text": rkey})


def _stored(services: Services) -> list[int]:
    with services.database.read() as session:
        return [seq for seq, _ in events.list_frames(session, 0, 100_000)]


def test_a_piece_that_fails_after_it_was_numbered_leaves_no_hole(services: Services, anna: str) -> None:
    stream, writer = services.stream, services.database.writer
    before = stream.last_seq

    def fail_after(session: Any) -> None:
        stream.append(session, anna, "account", lambda seq: b"one %d" % seq)
        stream.append(session, anna, "account", lambda seq: b"two %d" % seq)
        raise KeyError("planted")

    def fail_within(session: Any) -> None:
        def encode(_seq: int) -> bytes:
            raise KeyError("planted")

        stream.append(session, anna, "account", encode)

    for work in (fail_after, fail_within):
        with pytest.raises(KeyError):
            writer.write(work)
        assert stream.last_seq == before
    assert writer.write(lambda session: stream.append(session, anna, "account", lambda seq: b"x")) == before + 1
    assert _stored(services) == list(range(1, before + 2))


def test_failures_among_concurrent_writers_leave_no_hole(services: Services, anna: str) -> None:
    writer = services.database.writer

    def work(n: int) -> Any:
        def run(session: Any) -> int:
            seq = services.stream.append(session, anna, "account", lambda seq: b"%d" % seq)
            if n % 3 == 0:
                raise KeyError("planted")
            return seq

        return run

    before = services.stream.last_seq
    futures = [writer.submit(work(n)) for n in range(90)]
    given = sorted(future.result(10) for future in futures if future.exception(10) is None)
    assert given == list(range(before + 1, before + 61))
    assert services.stream.last_seq == before + 60


async def _read(stream: EventStream, cursor: int, last: int) -> list[int]:
    seen = []
    frames = stream.frames(cursor)
    async for frame in frames:
        seen.append(parse_frame(frame).seq)
        if seen[-1] >= last:
            break
    await frames.aclose()
    return seen


async def _backlog_to_live(services: Services, did: str) -> list[list[int]]:
    stream = services.stream
    stream.start(asyncio.get_running_loop())
    for n in range(20):
        await asyncio.to_thread(services.host.write, did, [_note(f"before{n}")])
    last = stream.last_seq + 60

    async def write(start: int) -> None:
        for n in range(20):
            await asyncio.to_thread(services.host.write, did, [_note(f"live{start + n}")])

    readers = [_read(stream, cursor, last) for cursor in (0, 7, stream.last_seq, stream.last_seq - 1)]
    results = await asyncio.wait_for(asyncio.gather(*readers, write(0), write(100), write(200)), 60)
    return results[:4]


def test_consumers_pass_from_backlog_to_live_without_gap_or_duplicate(
    services: Services, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a ring and batches so small that both are crossed while three writers write."""
    monkeypatch.setattr(stream_module, "BATCH", 3)
    monkeypatch.setattr(stream_module, "RING", 4)
    before = services.stream.last_seq
    for cursor, seen in zip(
        (0, 7, before + 20, before + 19), asyncio.run(_backlog_to_live(services, anna)), strict=True
    ):
        assert seen == list(range(cursor + 1, before + 81))


def test_an_event_is_not_told_before_it_is_durable(services: Services, anna: str) -> None:
    stream = services.stream
    told: list[int] = []

    def work(session: Any) -> None:
        stream.append(session, anna, "account", lambda seq: b"x")
        told.append(stream.last_seq)
        told.extend(seq for seq, _ in stream._ring)

    before = stream.last_seq
    services.database.writer.write(work)
    assert max(told) == before
    assert stream.last_seq == before + 1


def test_numbers_go_on_after_a_restart(services: Services, anna: str) -> None:
    services.host.write(anna, [_note("one")])
    again = EventStream(services.database)
    again.start()
    assert again.last_seq == services.stream.last_seq
    seq = services.database.writer.write(lambda session: again.append(session, anna, "account", lambda _seq: b"x"))
    assert seq == services.stream.last_seq + 1


def test_a_commit_whose_answer_was_lost_holds_nobody_up_and_leaves_no_hole(
    services: Services, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when PostgreSQL is restarted between a commit and its answer: it is durable, and nobody here knows."""
    services.host.write(anna, [_note("told")])
    before, dialect = services.stream.last_seq, services.database._writing.dialect
    commit = dialect.do_commit

    def commit_and_be_cut_off(connection: Any) -> None:
        commit(connection)
        raise ConnectionResetError("planted")

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", commit_and_be_cut_off)
        with pytest.raises(ConnectionResetError):
            services.host.write(anna, [_note("untold")])
    services.host.write(anna, [_note("after")])
    assert services.stream.last_seq == before + 2
    assert [seq for seq, _ in services.stream._after(before - 1)] == [before, before + 1, before + 2]


def test_an_erased_account_leaves_no_content_in_table_or_memory(services: Services, anna: str) -> None:
    planted = "planted-private-words"
    services.host.write(anna, [Write("create", NOTE, "secret", {"$type": NOTE, "text": planted})])
    services.database.writer.write(lambda session: services.stream.purge(session, anna))
    with services.database.read() as session:
        kept = b"".join(frame for _, frame in events.list_frames(session, 0, 10_000))
    assert planted.encode() not in kept + b"".join(frame for _, frame in services.stream._ring)
    services.host.write(anna, [_note("later")])
    last = services.stream.last_seq
    seen = asyncio.run(asyncio.wait_for(_read(services.stream, 0, last), 20))
    assert seen[-1] == last
    assert seen == sorted(set(seen))


async def _waits_then_sees(services: Services, did: str) -> int:
    stream = services.stream
    stream.start(asyncio.get_running_loop())
    frames = stream.frames(stream.last_seq)
    following = asyncio.ensure_future(anext(frames))
    await asyncio.sleep(0.05)
    assert not following.done()
    await asyncio.to_thread(services.host.write, did, [_note("news")])
    seq = parse_frame(await asyncio.wait_for(following, 20)).seq
    await frames.aclose()
    return int(seq)


def test_a_consumer_at_the_end_waits_and_is_woken(services: Services, anna: str) -> None:
    assert asyncio.run(_waits_then_sees(services, anna)) == services.stream.last_seq


def test_pruning_drops_what_is_older_than_the_window(services: Services, anna: str) -> None:
    services.host.write(anna, [_note("one")])
    assert services.database.writer.write(lambda session: services.stream.prune(session, 3600)) == 0
    services.database.writer.write(lambda session: services.stream.prune(session, -3600))
    assert services.stream.oldest_seq() == services.stream.last_seq


def test_memory_holds_few_frames_when_they_are_large(
    services: Services, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "RING_BYTES", 2_500)
    stream, before = services.stream, services.stream.last_seq
    for _ in range(5):
        services.database.writer.write(
            lambda session: stream.append(session, anna, "account", lambda seq: bytes([seq]) * 1_000)
        )
    assert [seq for seq, _ in stream._ring] == [before + 4, before + 5]
    assert [seq for seq, _ in stream._after(before + 1)] == list(range(before + 2, before + 6)), (
        "the table has the rest"
    )
