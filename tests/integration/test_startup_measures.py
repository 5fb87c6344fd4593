"""The node starts quickly and small: heavy libraries are imported when they are first needed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from node.cli.bench.chaos.nursery import Nursery
from tests.integration.fixtures.nodes import REPOSITORY, NodeProcess, clean_environment
from tests.integration.fixtures.warm_start import WarmNode

FIRST_RESPONSE = 4.0  # seconds of processor: what it takes on an idle machine, whatever else runs on this one
IDLE_PYTHON = 0.45  # seconds that the calibration below takes on the machine that the goal is stated for
RESIDENT = 200  # MB
HEAVY = ("numpy", "scipy", "tantivy", "mcp", "alembic", "fsrs", "meilisearch", "opentelemetry.sdk", "node.otlp")
ASKING = ("asyncio", "httpx", "sqlalchemy", "cryptography")  # a command that only says how it is used asks nobody


def _slowness() -> float:
    """How much slower than that machine this one is: processor time of a few imports."""
    code = "import asyncio, sqlalchemy, email, http.client, ssl, json, logging, time; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY, capture_output=True, text=True)
    return max(1.0, float(done.stdout) / IDLE_PYTHON)


def _processor(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1000


@pytest.mark.real
def test_a_node_on_an_empty_folder_answers_in_time_and_stays_small(tmp_path: Path) -> None:
    node = NodeProcess(tmp_path / "node")
    factor = _slowness()
    node.start()
    assert node.process is not None
    seconds = _processor(node.process.pid)
    factor = max(factor, _slowness())
    time.sleep(1)
    megabytes = _resident(node.process.pid)
    assert node.stop() == 0
    assert seconds < FIRST_RESPONSE * factor, f"{seconds:.1f} s on a machine {factor:.1f} times slower"
    assert megabytes < RESIDENT, f"{megabytes:.0f} MB"


def test_heavy_libraries_are_not_imported_before_they_are_needed() -> None:
    """Traces are off, so that a span is nothing."""
    code = (
        "import node.cli.entry, sys, json\n"
        "node.cli.entry.build()\n"
        f"asking = [m for m in {ASKING!r} if m in sys.modules]\n"
        "import node.app.serving, node.app.web_app, node.jobs.runner, node.tracing\n"
        "with node.tracing.span('x') as tell: tell('a', 1)\n"
        f"print(json.dumps(asking + [m for m in {HEAVY!r} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY,
        env=clean_environment(),
    )  # fmt: skip
    assert json.loads(done.stdout) == []


def test_a_second_start_finds_the_same_node(tmp_path: Path, nursery: Nursery) -> None:
    node = WarmNode(tmp_path / "node", nursery)
    documents = []
    for _ in range(2):
        node.start()
        documents.append(httpx.get(f"{node.url}/.well-known/did.json", timeout=30, trust_env=False).json())
        assert node.stop() == 0
    assert documents[0] == documents[1]
    assert (tmp_path / "node" / "keys" / "sealing.key").stat().st_mode & 0o077 == 0
