"""What `doctor` finds wrong with a node is well again after what it proposes."""

from __future__ import annotations

import json
import os
import resource
import shlex
import sqlite3
import subprocess
import tarfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from node.cli.bench.chaos.nursery import Nursery
from node.search.document import BUCKETS
from node.search.tantivy_engine.engine import TantivyEngine
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import composed, practitioner, publish, until
from tests.integration.fixtures.warm_start import WarmNode, warm_skillnet

pytestmark = [pytest.mark.real, pytest.mark.sqlite("damages the file")]
OLDER = Path(__file__).parent / "fixtures" / "older" / "data-folder-0002.tar.xz"
MONTH = 30 * 86_400


class Patient:
    """A node's folder, and the doctor who looks at it; `port` is that of its address, 0 the usual one."""

    def __init__(self, data: Path, nursery: Nursery, port: int = 0) -> None:
        self.data, self._nursery, self._port = data, nursery, port
        self._log = data.parent / "said.json"

    def skillnet(self, *words: str) -> str:
        """What a command prints."""
        named = () if "--data" in words else ("--data", str(self.data))
        told = {"SKILLNET_SERVER_PORT": str(self._port)} if self._port else {}
        return warm_skillnet(self._nursery, self._log, *words, *named, **told).stderr

    def node(self) -> WarmNode:
        """It, to be started."""
        made = WarmNode(self.data, self._nursery)
        made.port = self._port
        return made

    def mend(self, name: str, *more: str, **instead: str) -> None:
        """Type what is proposed, command by command, to the letter; `instead` are words that a person fills in."""
        for command in self.wrong(name).split("`")[1::2]:
            program, *words = (instead.get(word.replace(".", "_"), word) for word in shlex.split(command))
            if Path(program).name == "skillnet":
                self.skillnet(*words, *more)
            else:
                subprocess.run([program, *words], check=True)
        assert not self.wrong(name)

    def findings(self) -> dict[str, Any]:
        """By name."""
        said = self.skillnet("doctor", "--json")
        return {one["name"]: one for one in json.loads(said[said.index("{\n") :])["findings"]}

    def wrong(self, name: str) -> str:
        """The mend that is proposed; '' when it is well."""
        found = self.findings()[name]
        assert bool(found["mend"]) != found["ok"]
        return str(found["mend"])

    def tables(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(self.data / "skillnet.db", isolation_level=None))


@pytest.fixture
def patient(tmp_path: Path, nursery: Nursery) -> Patient:
    """With a module published, and stopped."""
    data, port = tmp_path / "node", free_port()
    with composed(data, port=port) as services:
        publish(services, practitioner(services, "anna"), "checked", "One sentence.")
    made = Patient(data, nursery, port)
    made.skillnet("migrate")
    data.chmod(0o700)
    return made


def test_commands_that_are_proposed_are_those_that_mend(patient: Patient, tmp_path: Path) -> None:
    for name, file, mode in (
        ("privacy of the folder", patient.data, 0o755),
        ("privacy of the key", patient.data / "keys" / "sealing.key", 0o644),
    ):
        file.chmod(mode)
        patient.mend(name)
    key, phrase, backup = patient.data / "keys" / "sealing.key", tmp_path / "phrase", str(tmp_path / "FILE")
    os.utime(key, (time.time() - MONTH,) * 2)
    phrase.write_text("a passphrase for the doctor")
    patient.mend("backup", "--passphrase-file", str(phrase), skillnet_backup=backup)
    key.write_bytes(bytes(32))
    patient.mend("keys", "--passphrase-file", str(phrase), BACKUP=backup)


def test_a_key_comes_back_where_the_tables_lie_elsewhere(patient: Patient, tmp_path: Path) -> None:
    elsewhere, phrase, backup = tmp_path / "elsewhere.db", tmp_path / "phrase", str(tmp_path / "FILE")
    (patient.data / "skillnet.db").rename(elsewhere)
    (patient.data / "skillnet.toml").write_text(f'[store]\ndatabase_url = "sqlite:///{elsewhere}"\n')
    phrase.write_text("a passphrase for the doctor")
    patient.skillnet("backup", backup, "--passphrase-file", str(phrase))
    (patient.data / "keys" / "sealing.key").unlink()
    patient.mend("keys", "--passphrase-file", str(phrase), BACKUP=backup)


def test_what_is_put_back_is_well_again(patient: Patient) -> None:
    key, settings = patient.data / "keys" / "sealing.key", patient.data / "skillnet.toml"
    kept = key.read_bytes()
    key.unlink()
    assert "keys/sealing.key" in patient.wrong("keys")
    assert "is gone" in patient.skillnet("migrate")
    assert not key.exists(), "no other key takes its place"
    key.write_bytes(kept)
    key.chmod(0o600)
    assert not patient.wrong("keys")
    settings.write_text("[server]\nmost_at_once = 'many'\n")
    assert patient.wrong("settings")
    settings.unlink()
    assert not patient.wrong("settings")
    ahead = time.time() + 3600
    os.utime(patient.data / "skillnet.db", (ahead, ahead))
    assert "timedatectl" in patient.wrong("clock")
    os.utime(patient.data / "skillnet.db")
    assert not patient.wrong("clock")


def test_what_the_node_mends_by_itself(patient: Patient) -> None:
    assert not patient.wrong("search drift"), "an index that is begun does not differ"
    engine = TantivyEngine.open(patient.data / "search")
    engine.remove([name for bucket in range(BUCKETS) for name in engine.fingerprints(bucket)][:1])
    engine.close()
    assert "mended now" in patient.wrong("search drift")
    node = patient.node()
    node.start()
    try:
        until(lambda: "is that of the catalogue" in patient.findings()["search drift"]["detail"])
        with patient.tables() as tables:
            tables.execute("DELETE FROM item")
        assert "mended now" in patient.wrong("search drift")
        assert not patient.wrong("search drift")
        node.stop()
        with patient.tables() as tables:
            name = tables.execute("SELECT key FROM job ORDER BY key").fetchone()[0]
            tables.execute("UPDATE job SET error = 'it failed', attempts = 3, run_at = 0 WHERE key = ?", (name,))
        assert "tries again by itself" in patient.wrong("jobs")
        node.start()
        until(lambda: not patient.wrong("jobs"))
    finally:
        node.stop()


def test_a_running_node_and_its_peer(patient: Patient, nursery: Nursery, tmp_path: Path) -> None:
    (patient.data / "skillnet.toml").write_text("[federation]\nallow_localhost = true\n")
    node, peer = patient.node(), WarmNode(tmp_path / "peer", nursery)
    name = f"peer {peer.url}"
    node.start()
    try:
        resource.prlimit(_pid(node), resource.RLIMIT_NOFILE, (1000, 1000))
        assert "LimitNOFILE" in patient.wrong("open files")
        node.stop()
        node.start()
        assert not patient.wrong("open files")
        with node.operator() as operator:
            operator.post("/api/peers", json={"url": peer.url}).raise_for_status()
        until(lambda: not patient.findings()[name]["ok"])
        sync = patient.wrong(name).split("`")[1]
        peer.start()
        patient.skillnet(*shlex.split(sync)[1:])
        until(lambda: not patient.wrong(name))
    finally:
        node.stop()
        peer.stop()


def _pid(node: WarmNode) -> int:
    assert node.process is not None
    return node.process.pid


def test_tables_of_an_older_release(tmp_path: Path, nursery: Nursery) -> None:
    data = tmp_path / "older"
    data.mkdir(mode=0o700)
    with tarfile.open(OLDER) as archive:
        archive.extractall(data, filter="data")
    patient = Patient(data, nursery)
    patient.mend("tables")
