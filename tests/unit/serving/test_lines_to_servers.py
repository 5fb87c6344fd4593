"""A server that does not answer keeps few waiting, and nobody once that is known."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from node.errors import BlobsAway
from node.waiting import Line, Unasked


def _fails() -> None:
    raise BlobsAway("It said nothing.")


def _unasked() -> None:
    raise AssertionError("It was asked.")


def test_who_asks_after_a_silence_hears_of_it_at_once_and_one_tries_after_a_rest() -> None:
    line = Line(BlobsAway, rest=3600)
    assert line.ask(lambda: "said") == "said"
    for call in (_fails, _unasked, _unasked):
        with pytest.raises(BlobsAway, match="nothing"):
            line.ask(call)
    restless = Line(BlobsAway, rest=0)
    with pytest.raises(BlobsAway):
        restless.ask(_fails)

    def tries() -> str:
        with pytest.raises(BlobsAway, match="nothing"):  # another one, while this one waits
            restless.ask(_unasked)
        return "said"

    assert restless.ask(tries) == restless.ask(lambda: "said") == "said"


def test_what_goes_wrong_otherwise_is_no_silence() -> None:
    line = Line(BlobsAway, rest=3600)
    with pytest.raises(ZeroDivisionError):
        line.ask(lambda: 1 / 0)
    assert line.ask(lambda: "said") == "said"


def test_what_did_not_get_there_ends_no_silence_and_begins_none() -> None:
    line = Line(BlobsAway, rest=0)

    def get_lost() -> None:
        raise Unasked

    for before in (lambda: "said", _fails):
        with contextlib.suppress(BlobsAway):
            line.ask(before)
        with pytest.raises(Unasked):
            line.ask(get_lost)

    def tries() -> str:
        with pytest.raises(BlobsAway, match="nothing"):  # it is still known to be silent
            line.ask(_unasked)
        return "said"

    assert line.ask(tries) == "said"


def test_more_than_a_few_are_not_kept_waiting_but_who_is_patient() -> None:
    line, begun, go = Line(BlobsAway, most=2), threading.Semaphore(0), threading.Event()

    def wait() -> bool:
        begun.release()
        return go.wait(10)

    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(line.ask, wait) for _ in range(2)]
        assert all(begun.acquire(timeout=10) for _ in waiting)
        with pytest.raises(BlobsAway, match="wait for it"):
            line.ask(_unasked)
        assert line.ask(lambda: "said", patiently=True) == "said"
        go.set()
        assert all(one.result(10) for one in waiting)
    assert line.ask(lambda: "said") == "said"
