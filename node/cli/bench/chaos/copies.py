"""Backups and restores, which are commands that are killed themselves."""

from __future__ import annotations

import shutil
import time
from typing import Protocol

from node.cli.bench.chaos.checks import find_wrong
from node.cli.bench.chaos.nursery import Forked
from node.cli.bench.chaos.stage import Refused, Stage, new_tid
from node.cli.bench.chaos.victim import Victim
from node.services.keeping.backing_up import keys_beside, verify
from node.services.keeping.sealed_stream import BackupUnreadable
from node.store.database import Database
from node.store.repositories import accounts

PHRASE = "a passphrase for the chaos"
PATIENCE = 120.0  # seconds


class Command(Protocol):
    """A command that is killed itself, at any time of the seconds that it `lasts`."""

    name: str
    lasts: float

    def launch(self) -> Forked:
        """Begin it."""

    def lost(self) -> list[str]:
        """What is wrong after its death."""


class BackedUp:
    """`skillnet backup`, which is killed itself: a file that is there under its name can be restored."""

    name = "backup"
    lasts = 1.5

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.folder = stage.folder / "backups"
        self.folder.mkdir()
        self.phrase = stage.folder / "phrase.txt"
        self.phrase.write_text(PHRASE)

    def launch(self) -> Forked:
        """One backup; it is killed on the way."""
        file = self.folder / f"{new_tid()}.backup"
        arguments = ("backup", str(file), "--data", str(self.stage.victim.data), "--passphrase-file", str(self.phrase))
        return self.stage.victim.nursery.start(self.stage.folder / "backup.log", *arguments)

    def lost(self) -> list[str]:
        """Every finished file is whole; what was begun is cleared away by the next backup that ends well."""
        wrong = []
        if self.launch().wait(PATIENCE) != 0:
            wrong.append(f"{self.name}: none can be made any more")
        for file in self.folder.glob("*.backup"):
            try:
                verify(file, PHRASE)
                if not keys_beside(file).exists():
                    file.unlink()  # killed between the two files: `restore` says that the other is missing
            except (BackupUnreadable, OSError) as error:
                wrong.append(f"{self.name}: {file.name}: {error}")
        return wrong + [f"{self.name}: {file.name} is left" for file in self.folder.glob(".*")]


class Restored(BackedUp):
    """`skillnet restore`, which is killed itself: the folder is whole, or it is not taken for a node."""

    name = "restore"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.folder = stage.folder / "restored"
        self.phrase = stage.folder / "phrase-too.txt"
        self.phrase.write_text(PHRASE)
        self._backup = stage.folder / "to-restore.backup"
        arguments = ("backup", str(self._backup), "--data", str(stage.victim.data))
        options = ("--passphrase-file", str(self.phrase))
        if stage.victim.nursery.start(stage.folder / "backup.log", *arguments, *options).wait(PATIENCE) != 0:
            raise Refused("the backup to restore from was not made")

    def launch(self) -> Forked:
        """One restore; it is killed on the way."""
        options = ("--passphrase-file", str(self.phrase), "--no-erasures")
        arguments = ("restore", str(self._backup), "--data", str(self.folder), *options)
        return self.stage.victim.nursery.start(self.stage.folder / "restore.log", *arguments)

    def lost(self) -> list[str]:
        """A restore that did not end is refused as a node, and can be done again."""
        if (self.folder / "skillnet.db").exists():
            half = Victim(self.folder, self.stage.victim.nursery)
            if self._is_served(half) and not self._has_people():
                return [f"{self.name}: half a node was served"]
        wrong = []
        if not self._has_people() and self.launch().wait(PATIENCE) != 0:
            wrong.append(f"{self.name}: cannot be done again")
        wrong += [f"{self.name}: {line}" for line in find_wrong(self.folder, restored=True)] if not wrong else []
        shutil.rmtree(self.folder, ignore_errors=True)
        return wrong

    def _is_served(self, half: Victim) -> bool:
        process = half.launch()
        until = time.monotonic() + PATIENCE
        try:
            while process.poll() is None and time.monotonic() < until:
                if half.is_ready():
                    return True
                time.sleep(0.05)
            return False
        finally:
            half.kill()

    def _has_people(self) -> bool:
        if not (self.folder / "skillnet.db").exists():
            return False
        database = Database(f"sqlite:///{self.folder / 'skillnet.db'}")
        try:
            with database.read() as session:  # one transaction brings them with their tables and all their records
                return database.is_current and bool(accounts.list_accounts(session))
        finally:
            database.close()
