"""Handlers' threads: lanes take turns; results, errors and withdrawals reach who waits."""

from __future__ import annotations

import contextvars
import gc
import threading
import weakref
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from node.app.server.threads import FairThreads
from node.waiting import before_waiting
from node.web.lanes import LANE, Lane, lane_of, path_of
from tests.integration.fixtures.nodes import until


def test_lanes_take_turns_however_long_one_queue_is() -> None:
    order, begun, go = list[str](), threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        go.wait(10)

    def submit(lane: Lane, name: str) -> Future[None]:
        LANE.set(lane)
        return threads.submit(order.append, name)

    with FairThreads(1, long=60) as threads:
        threads.submit(hold)
        assert begun.wait(10)
        asked: list[tuple[Lane, str]] = [("pages", f"page {n}") for n in range(4)]
        asked += [("programs", "program"), ("exports", "piece 0"), ("exports", "piece 1")]
        waiting = [contextvars.copy_context().run(submit, *one) for one in asked]
        go.set()
        for future in waiting:
            future.result(10)
    assert order == ["page 0", "program", "piece 0", "page 1", "piece 1", "page 2", "page 3"]


def test_results_errors_and_withdrawals_reach_who_waits() -> None:
    go = threading.Event()
    with FairThreads(1, long=60) as threads:
        assert threads.submit(divmod, 7, 2).result(10) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            threads.submit(divmod, 7, 0).result(10)
        threads.submit(go.wait, 10)
        withdrawn, other = threads.submit(divmod, 1, 0), threads.submit(divmod, 9, 4)
        assert withdrawn.cancel()
        go.set()
        assert other.result(10) == (2, 1)


def test_what_failed_holds_nothing_that_it_was_given() -> None:
    class Brought:
        """What a request brought."""

    def fail(_brought: Brought) -> None:
        raise ValueError

    brought = Brought()
    gone = weakref.ref(brought)
    gc.disable()
    try:
        with FairThreads(1, long=60) as threads:
            with pytest.raises(ValueError):  # noqa: PT011 - it says nothing
                threads.submit(fail, brought).result(10)
            del brought
            threads.submit(int).result(10)  # the thread is done with it
        assert gone() is None
    finally:
        gc.enable()


def test_no_more_run_at_once_than_there_are_places() -> None:
    running, most, door, meet = set[int](), list[int](), threading.Lock(), threading.Barrier(2)

    def run(number: int) -> None:
        with door:
            running.add(number)
            most.append(len(running))
        meet.wait(10)  # two do run at the same time
        with door:
            running.remove(number)

    with FairThreads(2, long=60) as threads:
        for future in [threads.submit(run, number) for number in range(20)]:
            future.result(10)
    assert max(most) == 2


def test_who_takes_long_keeps_nobody_waiting() -> None:
    go = threading.Event()
    with FairThreads(1, most=4, long=0.01) as threads:
        slow = [threads.submit(go.wait, 30) for _ in range(3)]
        assert threads.submit(divmod, 7, 2).result(10) == (3, 1)
        assert not any(future.done() for future in slow)
        go.set()
        assert all(future.result(10) for future in slow)
        assert threads.submit(divmod, 9, 4).result(10) == (2, 1)


def test_who_waits_gives_its_place_away_at_once() -> None:
    go = threading.Event()

    def wait() -> bool:
        before_waiting()
        before_waiting()  # once is enough
        return go.wait(30)

    with FairThreads(1, most=3, long=60) as threads:
        waiting = [threads.submit(wait) for _ in range(2)]
        assert threads.submit(divmod, 7, 2).result(10) == (3, 1)
        assert not any(future.done() for future in waiting)
        go.set()
        assert all(future.result(10) for future in waiting)
        meet = threading.Barrier(2)
        together = [threads.submit(meet.wait, 0.05) for _ in range(2)]  # there is one place again, and no more
        assert all(isinstance(future.exception(10), threading.BrokenBarrierError) for future in together)


def test_threads_are_not_more_than_told_however_long_all_take() -> None:
    go = threading.Event()
    with FairThreads(1, most=2, long=0.01) as threads:
        slow = [threads.submit(go.wait, 30) for _ in range(5)]
        waiting = threads.submit(threading.active_count)
        go.set()
        assert waiting.result(10) > 0
        assert all(future.result(10) for future in slow)


def test_where_no_more_threads_can_be_started_what_is_submitted_waits_for_those_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_more(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    begun, go, done = threading.Event(), threading.Event(), list[int]()

    def hold() -> bool:
        begun.set()
        return go.wait(30)

    with FairThreads(2, long=0.01) as threads:
        with monkeypatch.context() as short:
            short.setattr(threading.Thread, "start", no_more)
            slow = threads.submit(hold)
            assert begun.wait(10)
            waiting = [threads.submit(done.append, number) for number in range(40)]
            go.set()
            assert slow.result(10)
            for future in waiting:
                future.result(10)
            assert done == list(range(40)), "each is done once"
        begun.clear()
        go.clear()
        slow = threads.submit(hold)
        assert begun.wait(10)
        meet = threading.Barrier(2)
        together = [threads.submit(meet.wait, 10) for _ in range(2)]
        assert sorted(future.result(10) for future in together) == [0, 1], "who takes long gives its place away again"
        go.set()


def test_without_memory_to_begin_it_what_is_submitted_is_done_once_there_is_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever submitted it would be told that nothing was done, and it would be done all the same."""

    def none_left(*_: object) -> None:
        raise MemoryError

    done = list[int]()
    with FairThreads(2, most=2, long=0.01) as threads:
        for number in range(5):  # more often than there are threads: nothing may be counted that is not there
            with monkeypatch.context() as short:
                short.setattr(ThreadPoolExecutor, "submit", none_left)
                waiting = threads.submit(done.append, number)
                with pytest.raises(TimeoutError):
                    waiting.result(0.05)
            waiting.result(10)
            until(lambda: not threads._at_work)  # else the thread that did it takes the next one too
        meet = threading.Barrier(2)
        together = [threads.submit(meet.wait, 10) for _ in range(2)]
        assert sorted(future.result(10) for future in together) == [0, 1]
    assert done == list(range(5))


def test_a_thread_without_memory_for_what_is_next_leaves_its_place_and_what_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    takes, failed = FairThreads._take, list[int]()

    def fail_at_first(threads: FairThreads, place: object) -> object:
        if len(failed) < 3:
            failed.append(1)
            raise MemoryError
        return takes(threads, place)

    with FairThreads(1, most=1, long=0.01) as threads:
        monkeypatch.setattr(FairThreads, "_take", fail_at_first)
        assert threads.submit(divmod, 7, 2).result(10) == (3, 1)
        assert threads.submit(divmod, 9, 4).result(10) == (2, 1)
    assert len(failed) == 3


def test_nothing_is_begun_by_a_node_that_has_ended_and_what_waited_is_done() -> None:
    go = threading.Event()
    with FairThreads(1, long=60) as threads:
        threads.submit(go.wait, 30)
        waiting = threads.submit(divmod, 7, 2)
        threads.shutdown(wait=False)
        done = list[int]()
        with pytest.raises(RuntimeError, match="ends"):
            threads.submit(done.append, 1)
        go.set()
    assert (waiting.result(0), done) == ((3, 1), [])


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("GET", "/", "pages"),
        ("GET", "/me", "pages"),
        ("GET", "/xrpc/com.atproto.repo.getRecord", "programs"),
        ("GET", "/feeds/x.atom", "programs"),
        ("GET", "//xrpc/com.atproto.sync.getRepo/", "exports"),
        ("POST", "/sign-in", "doors"),
        ("POST", "//sign-in/", "doors"),
        ("GET", "/sign-in", "pages"),
        ("POST", "/link/token", "doors"),
        ("GET", "/link/token", "pages"),
        ("POST", "/api/session", "doors"),
        ("DELETE", "/api/session", "programs"),
        ("POST", "/xrpc/com.atproto.server.createAccount", "programs"),  # it may wait for another host
    ],
)
def test_each_address_has_a_lane(method: str, path: str, lane: str) -> None:
    assert lane_of(method, path_of({"path": path})) == lane


def test_a_lane_that_could_not_be_queued_has_its_turn_the_next_time() -> None:
    class Short(deque[object]):
        def append(self, _: object) -> None:
            raise MemoryError

    with FairThreads(1, most=1) as threads:
        with pytest.MonkeyPatch.context() as short:
            short.setattr(threads, "_lanes", Short())
            with pytest.raises(MemoryError):
                threads.submit(int)
        assert threads.submit(int, 7).result(10) == 7
