"""A backup takes the place of a former one, and of nothing else; of whose it was its owner hears."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from node.errors import Conflict
from node.services.assembly import Services
from node.services.keeping.backing_up import back_up, keys_beside
from tests.integration.fixtures.kept import PHRASE
from tests.integration.fixtures.nodes import composed


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On another disk, say."""
    return tmp_path_factory.mktemp("disk")


def _back_up(services: Services, target: Path, phrase: str = PHRASE) -> str:
    return " ".join(back_up(services.settings, target, phrase, lambda _: None).unexpected)


@pytest.mark.parametrize("name", ["node", "node.keys"])
def test_what_is_no_backup_is_left_alone(services: Services, folder: Path, name: str) -> None:
    other = folder / name
    other.write_text("a thesis")
    with pytest.raises(Conflict, match="is no backup"):
        _back_up(services, folder / "node")
    assert other.read_text() == "a thesis"
    other.unlink()
    other.mkdir()
    with pytest.raises(Conflict, match="is no backup"):
        _back_up(services, folder / "node")
    other.rmdir()
    os.mkfifo(other)
    with pytest.raises(Conflict, match="is no backup"):
        _back_up(services, folder / "node")
    other.unlink()
    other.touch()
    assert _back_up(services, folder / "node") == ""


def test_its_owner_hears_whose_place_it_took(services: Services, folder: Path) -> None:
    target = folder / "node"
    assert _back_up(services, target) == ""
    assert _back_up(services, target) == ""
    assert "does not open" in _back_up(services, target, "quite another passphrase")
    with composed(folder / "other", port=18_999) as other:
        assert "does not open" in _back_up(other, target)
        assert "localhost:18999" in _back_up(services, target)
    keys_beside(target).unlink()
    assert _back_up(services, target) == ""
    assert "lies in the data folder" in _back_up(services, services.settings.data / "node")
