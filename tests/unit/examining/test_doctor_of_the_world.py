"""`doctor` on what lies outside the node: hosts followed, labelers, names, the clock, newer releases."""

from __future__ import annotations

import os
import socket
import time
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from node.services.examining import address, release
from node.services.examining.clock import Heard, _release_in, examine_clock, hear
from node.services.examining.labelers import examine_labelers
from node.services.examining.peers import examine_peers
from node.services.examining.tables import examine_clock_by_files
from node.settings.declared import Settings
from node.store.tables.moderation import LabelerRow
from node.store.tables.peers import PeerRow
from tests.integration.fixtures.nodes import composed
from tests.unit.examining.findings import wrong


def test_a_peer_that_went_away(tmp_path: Path) -> None:
    gone = PeerRow(url="http://127.0.0.1:9", error="connection refused", state="waiting", added_at=1)
    with composed(tmp_path / "node") as services, services.database.read() as session:
        (found,) = examine_peers(session, [gone], services.settings)
    assert wrong([found]) == {"peer http://127.0.0.1:9"}
    assert f"skillnet unfollow http://127.0.0.1:9 --data {tmp_path / 'node'}`" in found.mend


def test_a_newer_release_and_what_this_one_stands_on(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = [Heard("https://a.example", 0, "0.0.9"), Heard("https://b.example", 0, "99.1"), Heard("https://c", 0)]
    assert wrong(release.examine_release(heard)) == {"newer release"}
    assert wrong(release.examine_release(heard[:1])) == set()
    asked = [
        "alembic<99,>=1.0",
        "numpy>=999",
        "structlog[dev] (>=1)",
        "no-such-thing>=1",
        "other>=1; python_version < '3'",
        "x>=1; extra == 'y'",
    ]
    monkeypatch.setattr("importlib.metadata.requires", lambda _: asked)
    old = next(one for one in release.examine_release([]) if not one.ok)
    assert "no-such-thing is missing" in old.detail
    assert "alembic" not in old.detail
    assert "structlog" not in old.detail
    assert "is older than 999" in old.detail
    monkeypatch.setattr(release, "RUNNING", "0.0.1")
    assert "release" in wrong(release.examine_release([]))


def test_a_clock_that_was_set_back(tmp_path: Path) -> None:
    file = tmp_path / "skillnet.db"
    file.touch()
    assert examine_clock_by_files(tmp_path) is None
    os.utime(file, (time.time() + 3600, time.time() + 3600))
    found = examine_clock_by_files(tmp_path)
    assert found is not None
    assert not found.ok


def test_the_clock_against_other_hosts(tmp_path: Path) -> None:
    right, slow, fast = Heard("http://a", 0.4), Heard("http://b", 600), Heard("http://c", -900)
    assert examine_clock([right, slow, fast]).ok, "the middle one counts"
    assert examine_clock([slow]).detail == "10 minutes ahead of http://b"
    assert wrong([examine_clock([fast])]) == {"clock"}
    assert examine_clock([]).ok, "nobody to ask is no finding"

    def get(url: str) -> Any:
        return SimpleNamespace(headers={"date": formatdate(time.time() - 600)}, content=b'{"release": "7.0"}')

    settings = Settings(data=tmp_path, url="https://a.example", relays=["https://relay.example"])
    peer = PeerRow(url="http://127.0.0.1:9", kind="node")
    outside: Any = SimpleNamespace(get=get)
    heard = hear(outside, settings, [peer, PeerRow(url="http://127.0.0.1:8", error="gone")])
    assert [one.url for one in heard] == [peer.url, "https://plc.directory", "https://relay.example"]
    assert all(one.release == "7.0" and 595 < one.ahead < 605 for one in heard)
    assert _release_in(b"[" * 100_000) == "", "no host hides the others"
    far: Any = SimpleNamespace(headers={"date": f"Mon, 01 Jan 2020 00:00:00 +{'9' * 14}"}, content=b"")
    outside.get = lambda _: far
    assert hear(outside, settings, [peer]) == []


def test_a_name_that_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    async def no_text(_name: str) -> list[str]:
        return []

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    monkeypatch.setattr(address, "look_up_txt", no_text)
    settings = Settings(data=tmp_path, url="https://node.example")
    found = list(address.examine_address(settings, "mara.node.example"))
    assert wrong(found) == {"DNS", "names of people"}
    assert "*.node.example" in found[1].mend


def test_a_labeler_that_is_not_heard(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    heard, gone = LabelerRow(did="did:plc:heard"), LabelerRow(did="did:plc:gone", error="The host cannot be reached")
    assert not wrong([examine_labelers([], settings), examine_labelers([heard], settings)])
    finding = examine_labelers([heard, gone], settings)
    assert wrong([finding]) == {"labelers"}
    assert "skillnet moderate labeler remove did:plc:gone " in finding.mend
