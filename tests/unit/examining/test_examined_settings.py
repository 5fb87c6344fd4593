"""The doctor on skillnet.toml: what it says now, beside what the node that runs was begun with."""

from pathlib import Path

import pytest

from node.services.examining.settings import SettingsAtStart, examine_settings, settings_at_start
from node.settings.declared import Settings
from node.settings.loading import FILE_NAME


def test_a_file_that_was_changed_is_told_by_its_keys(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_text('[server]\nport = 8100\n[mail]\npassword = "a secret"\n')
    running = SettingsAtStart(tmp_path)
    assert running.examine().ok
    file.write_text('[server]\nport = 8100\n[mail]\npassword = "another"\n[node]\ndescription = "A works"\n')
    found = running.examine()
    assert not found.ok
    assert found.detail == "changed since the node was begun: node.description, mail.password"
    assert "`systemctl restart skillnet`" in found.mend
    file.unlink()
    assert "server.port" in running.examine().detail
    assert SettingsAtStart(tmp_path).examine().ok


def test_what_cannot_be_read_is_one_finding(tmp_path: Path) -> None:
    running = SettingsAtStart(tmp_path)
    (tmp_path / FILE_NAME).write_text("[server]\nport = 0\n")
    assert not examine_settings(tmp_path).ok
    assert running.examine().ok


def test_a_variable_that_was_there_from_the_start_is_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLNET_SERVER_PORT", "8200")
    running = SettingsAtStart(tmp_path)
    (tmp_path / FILE_NAME).write_text("[server]\nport = 8100\n")
    assert running.examine().ok


def test_a_process_that_becomes_the_core_goes_on_with_what_it_was_begun_with(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("[server]\nport = 8100\n")
    settings_at_start(Settings(data=tmp_path, port=8100))
    (tmp_path / FILE_NAME).write_text("[server]\nport = 8200\n")
    promoted = settings_at_start(Settings(data=tmp_path, port=8100))
    assert promoted.examine().detail == "changed since the node was begun: server.port"
    assert settings_at_start(Settings(data=tmp_path, port=8200)).examine().ok
