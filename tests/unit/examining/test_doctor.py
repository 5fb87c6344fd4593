"""`doctor`: each thing that may be wrong is found, and the mend named."""

from __future__ import annotations

import os
import shlex
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from node.app.data_folder import DataFolder
from node.cli.operator import upkeep
from node.cli.reaching.client import is_answered
from node.errors import DataFolderError, DataFolderNewer
from node.search.errors import IndexForbidden
from node.services.audit import Deed
from node.services.examining import doctor
from node.services.examining.finding import Finding, user_name
from node.services.examining.folder import examine_backup, examine_folder
from node.services.examining.search import examine_search
from node.services.examining.tables import examine_tables
from node.services.finding.progress import Comparison, Progress, find_hindrance
from node.services.keeping.opened import opened
from node.services.last_backup import NAME, mark_backup
from node.services.policy import Viewer
from node.services.sealing import KEY_FILE
from tests.integration.fixtures.nodes import composed, practitioner
from tests.unit.examining.findings import wrong


def test_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    assert wrong(examine_folder(data)) == {"data folder"}
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    (data / "skillnet.toml").write_text("[server]\nport = 0\n")
    monkeypatch.setattr("node.services.examining.folder.ENOUGH_DISK", 10**18)
    assert wrong(examine_folder(data)) == {"privacy of the folder", "disk", "settings"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")
def test_files_of_somebody_else(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    os.chown(data, 12345, -1)
    (data / "left-by-root").touch()
    (found,) = (one for one in examine_folder(data) if not one.ok)
    assert (found.name, found.detail) == ("owner of the files", "left-by-root cannot be used by 12345")
    with pytest.raises(DataFolderError, match="runs as root"):
        DataFolder(data)
    subprocess.run(shlex.split(found.mend.split("`")[1]), check=True)
    assert wrong(examine_folder(data)) == set()


def test_what_was_well_before_it_failed_is_one_finding() -> None:
    well, wrong = (
        Finding("storage of files", True, "takes"),
        Finding("storage of files", False, "may not read", "Let it."),
    )
    other = Finding("disk", True, "enough")
    assert doctor._one_of_each([well, wrong, other, wrong]) == (wrong, other)


def test_the_age_of_the_backup(tmp_path: Path) -> None:
    assert examine_backup(tmp_path).ok
    key = tmp_path / KEY_FILE
    key.parent.mkdir()
    key.write_bytes(b"x")
    month_ago = time.time() - 30 * 86_400
    os.utime(key, (month_ago, month_ago))
    assert not examine_backup(tmp_path).ok
    mark_backup(tmp_path)
    assert examine_backup(tmp_path).ok
    os.utime(tmp_path / NAME, (month_ago, month_ago))
    assert "30.0 days" in examine_backup(tmp_path).detail


@pytest.mark.sqlite("changes the file")
def test_tables_of_a_newer_release_are_not_sent_through_an_upgrade(tmp_path: Path) -> None:
    with composed(tmp_path / "node") as services:
        settings = services.settings
    with closing(sqlite3.connect(settings.data / "skillnet.db")) as tables, tables:
        tables.execute("UPDATE alembic_version SET version_num = '9999'")
    found = next(finding for finding in examine_tables(settings) if finding.name == "tables")
    assert (found.ok, found.detail) == (False, "of a newer release")
    assert found.mend.startswith("Install that release")
    with pytest.raises(DataFolderNewer), opened(settings):
        pass


@pytest.mark.sqlite("damages the file")
def test_keys_tables_and_a_damaged_file(tmp_path: Path) -> None:
    data = tmp_path / "node"
    with composed(data) as services:
        practitioner(services, "anna")
        settings = services.settings
    assert wrong(examine_tables(settings)) == set()
    key = data / KEY_FILE
    key.write_bytes(bytes(32))
    key.chmod(0o644)
    assert wrong(examine_tables(settings)) == {"keys", "privacy of the key"}
    with (data / "skillnet.db").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 30)
    assert {"database file", "database"} & wrong(examine_tables(settings))
    (data / "skillnet.db").write_bytes(b"something else entirely" * 1000)
    assert wrong(examine_tables(settings)), "no database at all"


@pytest.mark.sqlite("changes the file")
def test_an_audit_log_that_somebody_changed(tmp_path: Path) -> None:
    with composed(tmp_path / "node") as services:
        for number in range(3):
            services.audit.note(Viewer(name="olga"), Deed.SYNCED, str(number))
        settings = services.settings
    assert wrong(examine_tables(settings)) == set()
    with closing(sqlite3.connect(tmp_path / "node" / "skillnet.db")) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE audit SET detail = 'nothing happened' WHERE seq = 2")
    assert wrong(examine_tables(settings)) == {"audit log"}


def test_the_doctor_of_a_node_keeps_what_was_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "node").mkdir(mode=0o700)
    with composed(tmp_path / "node") as services:
        assert services.doctor.last() is None
        monkeypatch.setattr(doctor, "ENOUGH_FILES", 10**9)
        monkeypatch.setattr(doctor, "examine_address", lambda *_: 1 / 0)
        seen = services.doctor.look()
        assert {one.name: one.mend.partition("=")[0] for one in seen.wrong if one.name != "node"} == {
            "open files": "LimitNOFILE",
            "address": "That should not happen: tell SkillNet's makers.",
        }
        kept = services.database
        again = doctor.Doctor(services.settings, kept, services.finder, services.rankings, services.outside)
        assert (last := again.last()) is not None
        assert last.findings == seen.findings


def _finder(state: Any, *, stale: int = 0) -> Any:
    compared = Comparison(stale, 0, time.time() - 7200, held=9)
    progress = Progress(state, reason="why")
    return SimpleNamespace(progress=progress, compare=lambda _: compared, compared=compared, document_count=9)


def test_search_and_its_drift(tmp_path: Path) -> None:
    assert wrong(examine_search(_finder("ready"), tmp_path, compare=True)) == set()
    assert wrong(examine_search(_finder("ready", stale=3), tmp_path, compare=True)) == {"search drift"}
    (_, then) = examine_search(_finder("ready", stale=3), tmp_path, compare=False)
    assert (then.ok, then.detail) == (True, "3 documents differed and were mended 2 hours ago")
    for state in ("unreachable", "full", "forbidden"):
        assert wrong(examine_search(_finder(state), tmp_path, compare=True)) == {"search"}
    (forbidden,) = examine_search(_finder("forbidden"), tmp_path, compare=True)
    assert f"chown -R {user_name()} " in forbidden.mend
    assert find_hindrance(IndexForbidden()) == "forbidden"


def test_the_socket_of_a_node_that_was_killed_is_answered_by_nobody(tmp_path: Path) -> None:
    door = tmp_path / "operator.sock"
    assert not is_answered(door)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(door))
        listening.listen()
        assert is_answered(door)
    assert door.exists()
    assert not is_answered(door)


def test_what_is_seen_from_outside_and_from_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The node's word counts, for it is its own user; of what was just read as a whole, that."""
    states = {"database file": False, "audit log": False, "disk": True}
    seen = {name: Finding(name, ok, "outside", "" if ok else "x") for name, ok in states.items()}

    @contextmanager
    def operate(_path: Path) -> Iterator[Any]:
        said = [asdict(Finding(name, not seen[name].ok, "inside", "x")) for name in seen]
        yield SimpleNamespace(post=lambda *_: {"findings": said})

    monkeypatch.setattr(upkeep, "_from_outside", lambda _: seen)
    monkeypatch.setattr(upkeep, "is_answered", lambda _: True)
    monkeypatch.setattr(upkeep, "operate", operate)
    found = {one.name: (one.ok, one.detail) for one in upkeep._look(tmp_path)}
    assert found == {name: (False, "inside" if name == "disk" else "outside") for name in states}
