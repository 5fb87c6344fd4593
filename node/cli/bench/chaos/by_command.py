"""Publishing by the command line while the node dies."""

from __future__ import annotations

import json
from dataclasses import asdict

from node.cli.bench.chaos.stage import OPERATOR, Stage, new_tid
from node.cli.reaching.logins import Login, save_private

PATIENCE = 120.0  # seconds for one command

_TEXT = """---
name: written
title: Written
description: What is written.
language: en
license: CC-BY-4.0
layer: concept
skills: [writing]
---

# Written

For the {} time.
"""


class Published:
    """`skillnet module publish` of a file that changes: whoever read that it was published finds that version."""

    name = "publish by command"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._home = stage.folder / "home"
        self._file = stage.folder / "written.md"
        self._version = ""
        login = Login("ben", stage.victim.url, stage.new_token("ben"), stage.people["ben"])
        save_private(self._home / "logins.json", json.dumps([asdict(login)]))

    def write(self) -> None:
        """Publish what is new in the file."""
        self._file.write_text(_TEXT.format(new_tid()), "utf-8")
        answer = self.stage.folder / "published.json"
        answer.unlink(missing_ok=True)
        environment = {"SKILLNET_CONFIG_HOME": str(self._home)}
        arguments = ("module", "publish", str(self._file), "--as", "ben", "--json")
        command = self.stage.victim.nursery.start(answer, *arguments, environment=environment)
        if command.wait(PATIENCE) == 0:
            self._version = json.loads(answer.read_text("utf-8"))["published"][0]["version"]["uri"]
        else:
            self.stage.victim.check_alive()

    def lost(self) -> list[str]:
        """The version that was printed, unless a later one took its place."""
        if not self._version:
            return []
        uri = f"at://{self.stage.people['ben']}/org.skillnet.module/written"
        shown = self.stage.ask(OPERATOR, "GET", "/api/item", params={"uri": uri})["version"]["uri"]
        return [f"{self.name}: {shown} instead of {self._version}"] if shown < self._version else []
