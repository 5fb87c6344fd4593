"""`skillnet demo --check`: the whole story as a person would run it, in a fresh folder and again on what it built."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PATIENCE = 600


def free_ports(count: int) -> int:
    """The first of `count` free neighbouring ports."""
    for first in range(21000, 32000, 7):
        sockets = []
        try:
            for port in range(first, first + count):
                one = socket.socket()
                sockets.append(one)
                one.bind(("127.0.0.1", port))
        except OSError:
            continue
        else:
            return first
        finally:
            for one in sockets:
                one.close()
    raise RuntimeError("no free ports")


def run_demo(folder: Path, port: int) -> tuple[dict, float]:
    command = [sys.executable, "-m", "node", "demo", "--data", str(folder), "--port", str(port), "--check"]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("SKILLNET_")}
    start = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    took = time.monotonic() - start
    assert done.stdout.strip(), done.stderr[-3000:]
    report = json.loads(done.stdout)
    failed = [step for step in report["steps"] if not step["ok"]]
    assert not failed, failed
    assert done.returncode == 0, done.stderr[-3000:]
    return report, took


@pytest.mark.real
def test_the_whole_story_runs_and_a_second_start_builds_nothing(tmp_path: Path) -> None:
    port = free_ports(60)
    first, took_first = run_demo(tmp_path / "demo", port)
    names = [step["name"] for step in first["steps"]]
    assert len(names) == 13
    assert all(set(step) == {"name", "ok", "ms", "detail"} for step in first["steps"])
    second, took_second = run_demo(tmp_path / "demo", port)
    assert [step["name"] for step in second["steps"]] == names
    assert took_second < took_first
    # Nothing is left behind that would keep a port or a folder.
    assert not list((tmp_path / "demo").glob("*/operator.sock"))


@pytest.mark.real
def test_a_taken_port_is_refused_in_one_line(tmp_path: Path) -> None:
    port = free_ports(3)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        command = [
            sys.executable,
            "-m",
            "node",
            "demo",
            "--data",
            str(tmp_path / "demo"),
            "--port",
            str(port),
            "--check",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert lines[0] == f"skillnet: Port {port + 1} is in use by another program."
    assert "hint:" in lines[1]
    assert "Traceback" not in done.stderr
