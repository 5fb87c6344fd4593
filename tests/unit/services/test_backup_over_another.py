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


def _back_up(services: Services, target: Path, phrase: str = PHRASE) -> str:
    return back_up(services.settings, target, phrase, lambda _: None).unexpected


@pytest.mark.parametrize("name", ["node", "node.keys"])
def test_what_is_no_backup_is_left_alone(services: Services, tmp_path: Path, name: str) -> None:
    other = tmp_path / name
    other.write_text("a thesis")
    with pytest.raises(Conflict, match="is no backup"):
        _back_up(services, tmp_path / "node")
    assert other.read_text() == "a thesis"
    other.unlink()
    other.mkdir()
    with pytest.raises(Conflict, match="is no backup"):
        _back_up(services, tmp_path / "node")
    other.rmdir()
    os.mkfifo(other)
    with pytest.raises(Conflict, match="is no backup"):
        _back_up(services, tmp_path / "node")
    other.unlink()
    other.touch()
    assert _back_up(services, tmp_path / "node") == ""


def test_its_owner_hears_whose_place_it_took(services: Services, tmp_path: Path) -> None:
    target = tmp_path / "node"
    assert _back_up(services, target) == ""
    assert _back_up(services, target) == ""
    assert "does not open" in _back_up(services, target, "quite another passphrase")
    with composed(tmp_path / "other", port=18_999) as other:
        assert "does not open" in _back_up(other, target)
        assert "localhost:18999" in _back_up(services, target)
    keys_beside(target).unlink()
    assert _back_up(services, target) == ""
