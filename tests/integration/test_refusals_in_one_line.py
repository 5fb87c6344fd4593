"""What cannot be done is said in one clear line with a hint, an exit code, and no traceback."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from node.app.data_folder import DataFolder
from node.cli.bench.chaos.nursery import Nursery
from node.store.database import Database
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import skillnet
from tests.integration.fixtures.warm_start import WarmNode, warm_skillnet

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Command:
    """Runs `skillnet` in a process of its own."""
    return partial(warm_skillnet, nursery, tmp_path_factory.mktemp("said") / "log")


def _refused(done: subprocess.CompletedProcess[str], *words: str, code: int = 1) -> None:
    lines = done.stderr.strip().splitlines()
    assert done.returncode == code, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr + done.stdout
    assert lines[0].startswith("skillnet: "), lines
    assert lines[1].startswith("  hint: "), lines
    assert len(lines) == 2, lines
    for word in words:
        assert word in done.stderr, (word, done.stderr)


def test_a_taken_port(tmp_path: Path, command: Command) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        _refused(command("serve", "--data", str(tmp_path / "n"), "--port", str(port)), f"Port {port}", "--port")


def test_an_unwritable_folder(tmp_path: Path, command: Command) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    _refused(command("serve", "--data", str(file / "below")), "cannot be written", "--data")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_without_permission(tmp_path: Path, command: Command) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    _refused(command("serve", "--data", str(folder)), "cannot be written", "--data")


def test_a_broken_setting_names_its_key(tmp_path: Path, command: Command) -> None:
    (tmp_path / "skillnet.toml").write_text("[server]\nport = 'many'\n")
    _refused(command("serve", "--data", str(tmp_path)), "server.port", "'many'", "skillnet config")


def test_a_misspelt_setting_names_its_nearest(tmp_path: Path, command: Command) -> None:
    (tmp_path / "skillnet.toml").write_text("[server]\nprot = 1\n")
    _refused(command("serve", "--data", str(tmp_path)), "server.prot", "did you mean server.port?")


def test_a_file_that_is_not_toml(tmp_path: Path, command: Command) -> None:
    (tmp_path / "skillnet.toml").write_text("[server\n")
    _refused(command("serve", "--data", str(tmp_path)), "skillnet.toml", "not valid TOML")


def test_an_unknown_variable_names_its_nearest(tmp_path: Path, command: Command) -> None:
    done = command("serve", "--data", str(tmp_path), SKILLNET_SERVER_PROT="1")
    _refused(done, "SKILLNET_SERVER_PROT", "did you mean SKILLNET_SERVER_PORT?")


@pytest.mark.sqlite("writes into the file")
def test_a_newer_database_is_left_alone(tmp_path: Path, command: Command) -> None:
    path = tmp_path / "skillnet.db"
    Database(f"sqlite:///{path}").open().close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    done = command("serve", "--data", str(tmp_path), "--port", str(free_port()))
    _refused(done, "newer release", "Upgrade")


@pytest.mark.sqlite("damages the file")
def test_a_damaged_database(tmp_path: Path, command: Command) -> None:
    (tmp_path / "skillnet.db").write_bytes(b"not a database" * 500)
    _refused(command("serve", "--data", str(tmp_path), "--port", str(free_port())), "cannot be opened")


def test_a_folder_in_use(tmp_path: Path, command: Command) -> None:
    held = DataFolder(tmp_path, making=True)
    try:
        _refused(command("serve", "--data", str(tmp_path)), "Another process", "--data")
    finally:
        held.close()


def test_a_damaged_sealing_key(tmp_path: Path, command: Command) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "sealing.key").write_bytes(b"short")
    done = command("serve", "--data", str(tmp_path), "--port", str(free_port()))
    _refused(done, "sealing.key", "5 bytes instead of 32")


def test_an_address_that_no_node_can_have(tmp_path: Path, command: Command) -> None:
    done = command("init", "--data", str(tmp_path), "--url", "http://node.example", "--organisation", "A clinic")
    _refused(done, "node.url", "localhost")


@pytest.mark.parametrize("arguments", [("serv",), ("serve", "--prot", "1"), ("serve", "--port", "many")])
def test_a_misused_command(arguments: tuple[str, ...]) -> None:
    _refused(skillnet(*arguments), "--help", code=2)


def test_an_unknown_account_and_an_unreachable_peer(tmp_path: Path, nursery: Nursery) -> None:
    node = WarmNode(tmp_path / "node", nursery, SKILLNET_FEDERATION_ALLOW_LOCALHOST="1")
    node.start()
    try:
        with node.operator() as operator:
            answer = operator.post("/api/people/nobody/link")
            assert answer.status_code == 404
            assert "nobody" in answer.json()["detail"]
            url = f"http://localhost:{free_port()}"
            peer = operator.post("/api/peers", json={"url": url}).json()
            assert peer["state"] == "waiting"
            assert peer["error"]
            assert peer["nextTry"]
            assert operator.request("DELETE", "/api/peers", params={"url": "http://localhost:1"}).status_code == 404
    finally:
        assert node.stop() == 0
