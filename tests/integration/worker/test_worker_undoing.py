"""Whatever a worker takes back leaves what is kept and believed of them as it was before, to the last bit."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

WORK = {"role": "bookkeeper", "occupations": ["onet:43-3031.00"], "tasks": ["onet:43-3031.00/1"], "minutesPerDay": 20}
PLACED = {"placements": {"total-checking": "novice"}}


@pytest.fixture
def rosa(worker_node: Any) -> Any:
    worker_node.client.headers.update(worker_node.token("rosa"))
    assert worker_node.client.put("/api/me/profile", json={**WORK, **PLACED}).status_code == 200
    return worker_node


def doings(rosa: Any, receipts: list[str]) -> Iterator[Callable[[], Callable[[], Any]]]:
    """Things a worker does; each gives what takes it back."""
    ask = rosa.client

    def outcome(how: str, receipt: str) -> Callable[[], Any]:
        ask.post("/api/me/outcomes", json={"receipt": receipt, "outcome": how})
        return lambda: ask.delete(f"/api/me/outcomes/{receipt}")

    def feedback(kind: str) -> Callable[[], Any]:
        said = ask.post("/api/me/feedback", json={"item": receipts[0], "feedback": kind}).json()
        return lambda: ask.delete(f"/api/me/feedback/{said['id']}")

    def correction(belief: str) -> Callable[[], Any]:
        said = ask.post("/api/me/beliefs/total-checking", json={"belief": belief}).json()
        return lambda: ask.delete(f"/api/me/corrections/{said['id']}")

    def history() -> Callable[[], Any]:
        text = "- Check the totals of drafted statements, 2019-2023"
        (piece,) = ask.post("/api/me/history/preview", json={"text": text}).json()["pieces"]
        ask.post("/api/me/history", json={"pieces": [piece]})
        return lambda: ask.delete(f"/api/me/history/{piece['id']}")

    yield lambda: outcome("not", receipts[0])
    yield lambda: feedback("known")
    yield lambda: correction("alone")
    yield history
    yield lambda: correction("forget")
    yield lambda: outcome("alone", receipts[-1])


def test_what_is_taken_back_in_any_order_was_never_there(rosa: Any) -> None:
    def kept() -> list[str]:
        return list(rosa.services.learning.export(rosa.viewer("rosa")))

    def shown() -> list[Any]:
        paths = ("/api/me/beliefs", "/api/me/feed", "/api/me/history", "/api/me/profile")
        return [rosa.client.get(path).json() for path in paths]

    receipts = [item["id"] for item in rosa.client.get("/api/me/feed").json()["items"] if item["minutes"]]
    before, believed = kept(), shown()
    for order in itertools.islice(itertools.permutations(range(6)), 5, None, 240):
        undo = [begin() for begin in doings(rosa, receipts)]
        assert kept() != before
        for place in order:
            assert undo[place]().status_code in (200, 204)
        assert kept() == before
        assert shown() == believed
