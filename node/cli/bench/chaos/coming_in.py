"""What comes in from elsewhere while the node dies: a peer's records, reference data."""

from __future__ import annotations

import time
from pathlib import Path

from node.cli.bench.chaos.stage import OPERATOR, Refused, Stage, new_tid, version_value
from node.cli.bench.chaos.victim import Victim
from node.store.database import Database
from node.store.repositories import records

PATIENCE = 120.0  # seconds
FIRST = 200  # tenths: releases of O*NET from 20.0 on are read


class Followed:
    """Another node's records, which come in while it publishes."""

    name = "ingest from a peer"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.peer = Stage(Victim(stage.folder / "peer", stage.victim.nursery), stage.folder)
        self.peer.victim.start()
        self.peer.prepare()
        stage.ask(OPERATOR, "POST", "/api/peers", json={"url": self.peer.victim.url})

    def write(self) -> None:
        """The peer publishes; nobody tells the node but the stream."""
        self.peer.publish("anna", version_value(f"theirs-{new_tid()}", "From elsewhere."))
        self.stage.victim.check_alive()

    def lost(self) -> list[str]:
        """Whatever the peer holds must be here within a while, record for record."""
        until = time.monotonic() + PATIENCE
        self.stage.ask(OPERATOR, "POST", "/api/peers/sync")
        while (missing := self._missing()) and time.monotonic() < until:
            time.sleep(0.2)
        return [f"{self.name}: {missing} records of the peer did not arrive"] if missing else []

    def _missing(self) -> int:
        did = self.peer.people["anna"]
        theirs, ours = (self._paths(victim.data, did) for victim in (self.peer.victim, self.stage.victim))
        return len(theirs ^ ours)

    @staticmethod
    def _paths(data: Path, did: str) -> set[tuple[str, str]]:
        database = Database(f"sqlite:///{data / 'skillnet.db'}")
        try:
            with database.read() as session:
                return set(records.list_paths(session, did))
        finally:
            database.close()

    def close(self) -> None:
        """The peer ends."""
        self.peer.leave()
        self.peer.victim.stop()


class Imported:
    """Reference data: a release is in use whole, or the one before is."""

    name = "import of reference data"
    _TASKS = 4_000

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._done = FIRST

    def write(self) -> None:
        """The next release."""
        release = self._done + 1
        body = {"kind": "onet", "folder": str(self._release(release)), "release": f"{release / 10}"}
        try:
            self.stage.ask(OPERATOR, "POST", "/api/reference/imports", json=body)
        except Refused as refusal:
            if "older" not in str(refusal) and "running" not in str(refusal):
                raise
        while (status := self.stage.ask(OPERATOR, "GET", "/api/reference/imports"))["state"] == "running":
            time.sleep(0.02)
        if status["state"] == "done":
            self._done = release
        else:
            raise Refused(str(status["error"]))

    def _release(self, release: int) -> Path:
        """A made-up release in the form of O*NET: every one has another set of tasks."""
        folder = self.stage.folder / f"onet-{release}"
        if folder.exists():
            return folder
        folder.mkdir()
        trades = [f"43-{1000 + number}.00" for number in range(40)]
        tasks = [f"{trades[n % 40]}\t{n + 1}\tSort the papers of kind {n}, release {release}.\tCore"
                 for n in range(self._TASKS)]  # fmt: skip
        rows = [f"{trade}\tClerks {trade}\tThey sort papers." for trade in trades]
        head = ("O*NET-SOC Code\tTitle\tDescription", "O*NET-SOC Code\tTask ID\tTask\tTask Type")
        (folder / "occupation_data.tsv").write_text("\n".join([head[0], *rows]) + "\n", "utf-8")
        (folder / "task_statements.tsv").write_text("\n".join([head[1], *tasks]) + "\n", "utf-8")
        (folder / "Read_Me.txt").write_text(f"O*NET {release / 10} Database\nMay 2026 Release\n", "utf-8")
        return folder

    def lost(self) -> list[str]:
        """The release in use is the newest that was said to be done, or one that came after it."""
        releases = self.stage.ask(OPERATOR, "GET", "/api/reference/releases")
        used = max((round(10 * float(one["version"])) for one in releases if one["scheme"] == "onet"), default=FIRST)
        if used < self._done:
            return [f"{self.name}: release {used} is in use, {self._done} was imported"]
        if used == FIRST:
            return []
        params = {"kind": "task", "q": f"Sort the papers of kind 7, release {used}."}
        found = self.stage.ask(OPERATOR, "GET", "/api/reference/find", params=params)
        return [] if f"release {used}" in str(found) else [f"{self.name}: the tasks of release {used} are not found"]
