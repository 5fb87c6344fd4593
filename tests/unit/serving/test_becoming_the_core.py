"""A process that becomes the core while it answers: what the world sees meanwhile, and what is left when it fails."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from node.app import serving
from node.errors import StoreAway


class Turn:
    """One that notes what is done with it and what the world sees then; `fails` names the step that it fails at."""

    def __init__(self, process: Any, notes: list[tuple[str, str]], fails: str) -> None:
        self.front, self._process, self._notes, self._fails = "new", process, notes, fails

    async def _do(self, step: str) -> None:
        self._notes.append((step, self._process._front.app))
        if step == self._fails:
            raise StoreAway

    async def begin(self) -> None:
        await self._do("begin")

    async def meet(self, *_: object) -> None:
        await self._do("meet")

    async def settle(self) -> None:
        await self._do("settle")

    async def end(self) -> None:
        await self._do("end")


def _process_of(monkeypatch: pytest.MonkeyPatch, fails: str) -> tuple[Any, list[tuple[str, str]]]:
    notes: list[tuple[str, str]] = []
    process: Any = serving._Process.__new__(serving._Process)
    process._settings = process._folder = process._main = None
    process._turn, process._front, process._retiring = "former", SimpleNamespace(app="former"), set()
    database = SimpleNamespace(close=lambda: notes.append(("close", process._front.app)))
    place = SimpleNamespace(is_beside=False, database=database)
    monkeypatch.setattr(serving, "take_place", lambda _: place)
    monkeypatch.setattr(serving, "Turn", lambda *_: Turn(process, notes, fails))
    return process, notes


def test_the_world_sees_the_former_turn_until_the_new_one_has_all_that_the_former_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process, notes = _process_of(monkeypatch, "")
    monkeypatch.setattr(serving, "_retire", lambda _: asyncio.sleep(0))
    assert asyncio.run(process._promote())
    assert notes == [("begin", "former"), ("meet", "former"), ("settle", "former")]
    assert process._front.app == process._turn.front == "new"


@pytest.mark.parametrize("step", ["begin", "meet", "settle"])
def test_who_fails_at_it_gives_the_place_back_and_goes_on_as_before(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    process, notes = _process_of(monkeypatch, step)
    with pytest.raises(StoreAway):
        asyncio.run(process._promote())
    assert notes[-3:] == [(step, "former"), ("end", "former"), ("close", "former")]
    assert (process._turn, process._front.app) == ("former", "former")
