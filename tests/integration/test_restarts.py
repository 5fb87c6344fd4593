"""A node that begins anew: whoever asks meanwhile waits, nobody is refused."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.fixtures.asking import ask_once, asking, goes_on
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import until

ENOUGH = 180.0  # seconds
RUNS = b"SkillNet runs at"
HAND_OVER = 'exec 3<&"$0"; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$@"'  # as systemd starts a service of a socket


@contextmanager
def _serving(folder: Path, port: int, handed: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """`skillnet serve`, on a listening socket of the test's where one is `handed` over."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SKILLNET_")}
    serve = [sys.executable, "-m", "node", "serve", "--data", str(folder), "--port", str(port)]
    command = serve if handed is None else ["bash", "-c", HAND_OVER, str(handed), *serve]
    given = () if handed is None else (handed,)
    with (folder.parent / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=clean, pass_fds=given)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(ENOUGH)


@pytest.mark.real
def test_a_node_begins_anew_in_its_place_twice_and_drops_nobody(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with _serving(tmp_path / "node", port) as process:
        until(lambda: log.read_bytes().count(RUNS) == 1, ENOUGH)
        with asking(port, "/") as asked:
            for times in (2, 3):  # the second time it hands over what was handed to it
                process.send_signal(signal.SIGHUP)
                until(lambda times=times: log.read_bytes().count(RUNS) == times, ENOUGH)  # type: ignore[misc]  # bound at once
                goes_on(asked)
        assert process.poll() is None
    assert asked.failures == []
    assert set(asked.statuses) == {200}


@pytest.mark.real
def test_a_socket_that_is_handed_over_outlives_the_process(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port), backlog=64) as listener, asking(port, "/ready") as asked:
        for _ in range(2):
            with _serving(tmp_path / "node", port, listener.fileno()):
                goes_on(asked)
        # What waits at the end is answered too: by another process.
        with _serving(tmp_path / "node", port, listener.fileno()):
            asked.end()
            assert ask_once(port, "/") == 200
    assert asked.failures == []
    assert set(asked.statuses) <= {200, 503}  # /ready says 503 while a process leaves
