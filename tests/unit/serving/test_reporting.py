"""What started the process is told when it answers and when it leaves."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from node.app.server.reporting import READY, STOPPING, report


@pytest.mark.parametrize("name", ["{folder}/notify", "\0skillnet-{folder}"])
def test_a_service_manager_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = name.format(folder=tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        monkeypatch.setenv("NOTIFY_SOCKET", address.replace("\0", "@"))
        report(READY)
        report(STOPPING)
        assert [manager.recv(100), manager.recv(100)] == [b"READY=1", b"STOPPING=1"]


@pytest.mark.parametrize("address", ["", "vsock:2:1", "/nowhere/at/all"])
def test_where_nobody_listens_nothing_happens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "NOTIFY_SOCKET", address)
    report(READY)
