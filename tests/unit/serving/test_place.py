"""A process that starts beside others waits while the core makes the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.app.processes import place
from node.app.processes.place import Place, wait_for_place
from node.errors import TablesNotYet
from node.settings.declared import Settings
from node.store.database import Database


def test_it_waits_for_the_tables_and_then_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Settings] = []
    there = Place(Database(f"sqlite:///{tmp_path / 'db'}"))

    def take(settings: Settings) -> Place:
        asked.append(settings)
        if len(asked) < 3:
            raise TablesNotYet
        return there

    monkeypatch.setattr(place, "take_place", take)
    monkeypatch.setattr(place, "AGAIN", 0)
    assert wait_for_place(Settings(data=tmp_path)) is there
    assert len(asked) == 3


def test_it_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def take(_settings: Settings) -> Place:
        raise TablesNotYet

    monkeypatch.setattr(place, "take_place", take)
    monkeypatch.setattr(place, "MIGRATION", 0)
    with pytest.raises(TablesNotYet, match="another release"):
        wait_for_place(Settings(data=tmp_path))
