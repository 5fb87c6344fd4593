"""A folder is published to the official personal data server by an app password, and our node shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from node.cli.entry import run
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from tests.integration.fixtures.nodes import LiveNode, until
from tests.integration.official.conftest import Official, make_picture

pytestmark = [pytest.mark.real, pytest.mark.needs("node")]
MODULE = """---
name: {name}
title: Read the gauge
description: Dip the tank before you believe the gauge.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 5
tasks: [./tasks/order-fuel.md]{more}
---
The gauge is wrong more often than the stick.

![A stick in a tank](pictures/stick.png)
"""
TASK = """---
name: order-fuel
title: Order fuel
statement: Order what is needed, not what the app says.
language: en
license: CC-BY-4.0
---
1. **Dip the tank**

   - by: person
   - check: both numbers are written down
"""


def _folder(path: Path) -> Path:
    (path / "tasks").mkdir(parents=True)
    (path / "pictures").mkdir()
    (path / "read-the-gauge.md").write_text(MODULE.format(name="read-the-gauge", more=""))
    (path / "house-gauge.md").write_text(MODULE.format(name="house-gauge", more="\nvisibility: organisation"))
    (path / "tasks" / "order-fuel.md").write_text(TASK)
    (path / "pictures" / "stick.png").write_bytes(make_picture(7))
    return path


def test_a_folder_is_published_to_the_official_server_by_app_password(
    ours: LiveNode, official: Official, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    did, token = official.account("dora")
    made = official.call("com.atproto.server.createAppPassword", {"name": "skillnet"}, token)
    monkeypatch.setenv("SKILLNET_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("SKILLNET_PASSWORD", made["password"])

    def ask(*arguments: object) -> Any:
        capsys.readouterr()
        code = run([*map(str, arguments), "--json"])
        said = capsys.readouterr()
        assert code == 0, said
        return json.loads(said.out)

    assert ask("login", official.pds, "--as", "dora.test")["did"] == did
    folder = _folder(tmp_path / "mine")
    first = {one["name"]: one for one in ask("module", "publish", folder, "--as", "dora.test")["published"]}
    assert {name: one["action"] for name, one in first.items()} == {
        "order-fuel": "create", "read-the-gauge": "create", "house-gauge": "internal",
    }  # fmt: skip
    again = ask("module", "publish", folder, "--as", "dora.test")["published"]
    assert {one["action"] for one in again} == {"unchanged", "internal"}
    text = folder / "read-the-gauge.md"
    text.write_text(text.read_text().replace("more often", "much more often"))
    second = {one["name"]: one for one in ask("module", "publish", folder, "--as", "dora.test")["published"]}
    assert second["read-the-gauge"]["action"] == "update"

    services, uri = ours.services, first["read-the-gauge"]["uri"]
    ours.run(services.follower.follow(official.pds, trust=False))

    def shown() -> str:
        with services.database.read() as session:
            row = catalogue.find_item(session, uri, PUBLIC)
            return row.version_uri if row else ""

    until(lambda: shown() == second["read-the-gauge"]["version"]["uri"], 60, "the module on our node")
    with services.database.read() as session:
        versions = catalogue.list_versions(session, uri, PUBLIC)
        names = {row.name for row in catalogue.list_items(session, PUBLIC, did=did)}
    assert [row.previous for row in versions] == ["", versions[0].uri]
    assert names == {"order-fuel", "read-the-gauge"}
