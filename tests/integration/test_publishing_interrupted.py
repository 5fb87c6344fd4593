"""Publishing a folder is killed half-way: the same command brings the rest, nothing twice and nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from federation.keys import SigningKey
from node.cli.bench.authoring.samples import write_modules
from node.cli.bench.running import Running, running
from node.cli.publishing.write import PAUSE
from schemas.authority import MODULE, MODULE_VERSION

MODULES = 200
PASSWORD = "broken off and taken up again"
PATIENCE = 240.0


@pytest.mark.real
def test_a_killed_publication_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "modules"
    folder.mkdir()
    write_modules(folder, MODULES)
    with running(tmp_path / "node") as node:
        did = _account(node)
        _skillnet(tmp_path, "login", str(node.web.base_url), "--as", "anna", "--password-stdin", typed=PASSWORD)
        killed = _begin(tmp_path, "module", "publish", folder)
        _wait_for_some(killed, node.web, did)
        killed.kill()
        killed.communicate(timeout=PATIENCE)
        before = _names(node.web, did, MODULE_VERSION)
        assert 0 < len(before) < MODULES
        done = json.loads(_skillnet(tmp_path, "module", "publish", folder, "--json"))["published"]
        actions = Counter(entry["action"] for entry in done)
        assert actions == {"unchanged": len(before), "create": MODULES - len(before)}
        again = json.loads(_skillnet(tmp_path, "module", "publish", folder, "--json"))["published"]
        assert {entry["action"] for entry in again} == {"unchanged"}
        for collection in (MODULE, MODULE_VERSION):
            assert sorted(_names(node.web, did, collection)) == sorted(f"measured-{n}" for n in range(MODULES))


def _account(node: Running) -> str:
    body = {"name": "anna", "password": PASSWORD, "recoveryKey": SigningKey.generate().did_key}
    return str(node.operator.post("/api/accounts", json=body).raise_for_status().json()["did"])


def _begin(home: Path, *words: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(home / "config"), "HOME": str(home)}
    command = [sys.executable, "-m", "node", *map(str, words)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def _skillnet(home: Path, *words: object, typed: str = "") -> str:
    process = _begin(home, *words)
    said, complained = process.communicate(typed, PATIENCE)
    assert process.returncode == 0, complained
    return said


def _wait_for_some(process: subprocess.Popen[str], web: httpx.Client, did: str) -> None:
    """Until the first commit of several is there. Between two looks the process runs for less than its own pause."""
    ends = time.monotonic() + PATIENCE
    while not _names(web, did, MODULE_VERSION):
        assert time.monotonic() < ends, "nothing was published"
        process.send_signal(signal.SIGCONT)
        time.sleep(PAUSE / 4)
        process.send_signal(signal.SIGSTOP)


def _names(web: httpx.Client, did: str, collection: str) -> list[str]:
    """Names in all records of a collection, as often as they are there."""
    names: list[str] = []
    asked: dict[str, str | int] = {"repo": did, "collection": collection, "limit": 100}
    while True:
        page = web.get("/xrpc/com.atproto.repo.listRecords", params=asked).raise_for_status().json()
        names += [record["value"]["name"] for record in page["records"]]
        if not page.get("cursor") or not page["records"]:
            return names
        asked["cursor"] = page["cursor"]
