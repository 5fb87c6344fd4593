"""What commands say: numbers with their words, and how to give what was not given."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from node.cli.operator.keeping import backup
from node.cli.terminal.output import counted
from node.errors import Malformed


def test_one_is_not_many() -> None:
    assert [counted(n, "file") for n in (0, 1, 2000)] == ["0 files", "1 file", "2,000 files"]
    assert [counted(n, "entry", "entries") for n in (1, 2)] == ["1 entry", "2 entries"]


def test_who_gives_no_passphrase_hears_how_one_gives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password of an account is something else, and is not taken for it."""
    monkeypatch.delenv("SKILLNET_PASSPHRASE", raising=False)
    monkeypatch.setenv("SKILLNET_PASSWORD", "the password of an account")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    (tmp_path / "skillnet.toml").write_text('[node]\nurl = "http://localhost:8000"\n')
    with pytest.raises(Malformed, match="No passphrase") as refused:
        backup(tmp_path / "file", data=tmp_path)
    assert "--passphrase-file" in refused.value.hint
