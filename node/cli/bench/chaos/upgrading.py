"""The upgrade of an older release's tables, which is a command that is killed itself."""

from __future__ import annotations

import json
import shutil

from node.cli.bench.chaos.copies import PATIENCE
from node.cli.bench.chaos.nursery import Forked
from node.cli.bench.chaos.stage import Stage
from node.store.database import Database

OLDEST, ROWS = "0001", 5_000


class Upgraded:
    """`skillnet migrate`: the tables are of one release or the other, with all their rows, and it can be done again."""

    name = "upgrade of the tables"
    lasts = 0.7

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._folder = stage.folder / "older"

    def launch(self) -> Forked:
        """Of the oldest tables that there were."""
        if not (self._folder / "skillnet.db").exists():
            self._make()
        return self._migrate()

    def _make(self) -> None:
        self._folder.mkdir(mode=0o700)
        rows = [{"subject": f"name:{number}", "failures": number, "until": 0} for number in range(ROWS)]
        database = self._database()
        with database.filling(OLDEST) as filling:
            filling.fill("attempt", b"\n".join(json.dumps(row).encode() for row in rows))
        database.close()

    def _migrate(self) -> Forked:
        return self.stage.victim.nursery.start(
            self.stage.folder / "migrate.log", "migrate", "--data", str(self._folder)
        )

    def _database(self) -> Database:
        return Database(f"sqlite:///{self._folder / 'skillnet.db'}")

    def lost(self) -> list[str]:
        """Done again it ends well, and no row is missing."""
        code = self._migrate().wait(PATIENCE)
        database = self._database()
        try:
            wrong = [f"{self.name}: {line}" for line in database.damage()]
            wrong += [f"{self.name}: ends with {code} when done again"] if code != 0 else []
            wrong += [] if database.is_current else [f"{self.name}: the tables are not of this release"]
            with database.read() as session:
                there = session.connection().exec_driver_sql("SELECT count(*) FROM attempt").scalar_one()
            wrong += [] if there == ROWS else [f"{self.name}: {there} rows of {ROWS}"]
        finally:
            database.close()
        shutil.rmtree(self._folder)
        return wrong
