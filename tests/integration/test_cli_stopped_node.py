"""Operator's commands on a folder whose node is not running: the folder is opened for one command."""

import json
from pathlib import Path

import pytest

from node.services.audit import Deed
from node.services.people import totp
from node.services.policy import Role
from node.store.clock import SECOND, now
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import PASSWORD, composed, skillnet

pytestmark = pytest.mark.real


def test_accounts_are_made_and_looked_after_in_a_stopped_folder(tmp_path: Path) -> None:
    data, home = tmp_path / "data", str(tmp_path / "config")
    port = free_port()
    init = ("init", "--url", f"http://localhost:{port}", "--organisation", "Test", "--data", str(data))
    assert skillnet(*init).returncode == 0
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

    with composed(data, port=port) as services:
        services.registry.add("jo", (Role.WORKER,), password=PASSWORD)
    create = ("account", "create", "jo", "--data", str(data))
    refused = skillnet(*create, SKILLNET_PASSWORD=PASSWORD, SKILLNET_CONFIG_HOME=home)
    assert (refused.returncode, "jo signs in here already" in refused.stderr) == (1, True)
    practises = skillnet(*create, SKILLNET_CONFIG_HOME=home)
    assert "jo signs in here already, and may publish from now on: a practitioner." in practises.stdout


def test_an_operator_without_password_and_phone_is_let_in_by_who_has_the_folder(tmp_path: Path) -> None:
    data, port, secret = tmp_path / "data", free_port(), b"12345678901234567890"
    url = f"http://localhost:{port}"
    assert skillnet("init", "--url", url, "--organisation", "Test", "--data", str(data)).returncode == 0
    with composed(data, port=port) as services:
        services.registry.add("olga", (Role.OPERATOR,), password=PASSWORD)
        code = totp.code_at(secret, now() // SECOND // totp.STEP)
        services.registry.second_factor.switch_on("olga", secret, code)
    asked = ("account", "link", "olga", "--data", str(data), "--json")
    made = json.loads(skillnet(*asked).stdout)
    with composed(data, port=port) as services:
        tokens, second_factor = services.registry.tokens, services.registry.second_factor
        viewer = tokens.find_viewer(made["link"].rpartition("/")[2], "link")
        assert viewer is not None
        assert viewer.roles == {Role.OPERATOR}
        assert second_factor.is_on("olga")
    lifted = json.loads(skillnet(*asked, "--lift-second-step").stdout)
    with composed(data, port=port) as services:
        assert services.registry.tokens.find_viewer(made["link"].rpartition("/")[2], "link") is None, "one at a time"
        assert services.registry.tokens.find_viewer(lifted["link"].rpartition("/")[2], "link")
        assert not services.registry.second_factor.is_on("olga")
        deeds = [(row.action, row.subject) for row in services.audit.list(5)]
    assert deeds.count((Deed.FACTOR_LIFTED, "olga")) == 1
    assert deeds.count((Deed.LINK_MADE, "olga")) == 2
    nobody = skillnet("account", "link", "ogla", "--data", str(data))
    assert (nobody.returncode, "Nobody here is called ogla." in nobody.stderr) == (1, True)
