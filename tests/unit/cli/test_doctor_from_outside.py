"""A stopped node's doctor looks at what the settings name too."""

from __future__ import annotations

from pathlib import Path

from node.cli.operator.upkeep import _from_outside
from tests.integration.fixtures.databases import free_port


def test_a_mail_server_that_does_not_answer(tmp_path: Path) -> None:
    assert "mail" not in _from_outside(tmp_path)
    (tmp_path / "skillnet.toml").write_text(
        f'[mail]\nserver = "localhost:{free_port()}"\nsecurity = "none"\nsender = "node@works.example"\n'
    )
    tmp_path.chmod(0o700)
    (tmp_path / "skillnet.toml").chmod(0o600)
    found = _from_outside(tmp_path)
    assert "mail" in found, found
    assert not found["mail"].ok
