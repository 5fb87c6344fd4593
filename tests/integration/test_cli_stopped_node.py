"""Operator's commands on a folder whose node is not running: the folder is opened for one command."""

import json
from pathlib import Path

import pytest

from tests.integration.fixtures.nodes import PASSWORD, skillnet

pytestmark = pytest.mark.real


def test_accounts_are_made_and_looked_after_in_a_stopped_folder(tmp_path: Path) -> None:
    data, home = tmp_path / "data", str(tmp_path / "config")
    assert skillnet("migrate", "--data", str(data)).returncode == 0
    made = skillnet(
        "account", "create", "ana", "--data", str(data), "--json",
        SKILLNET_PASSWORD=PASSWORD, SKILLNET_CONFIG_HOME=home,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    did = json.loads(made.stdout)["did"]
    listed = skillnet("account", "list", "--data", str(data), "--json", SKILLNET_CONFIG_HOME=home)
    assert {row["name"]: row["did"] for row in json.loads(listed.stdout)}["ana"] == did
    looked = skillnet("doctor", "--data", str(data), "--json", SKILLNET_CONFIG_HOME=home)
    assert json.loads(looked.stdout)["ok"], looked.stdout
    assert "Traceback" not in made.stderr + listed.stderr + looked.stderr
