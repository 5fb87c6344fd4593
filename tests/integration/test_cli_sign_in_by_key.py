"""Who has no password on a node, as they come by single sign-on, uses the command line with a key from their page."""

from __future__ import annotations

import json
from pathlib import Path

from node.services.policy import Role, Scope
from tests.integration.fixtures.nodes import live, skillnet


def test_a_key_signs_the_command_line_in_with_what_it_may(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    with live(tmp_path / "node") as node:
        node.services.registry.add("maria", (Role.WORKER,))
        key = node.services.registry.tokens.issue("maria", "api", "laptop", Scope.READ)
        options = ("--key", "--json")
        done = skillnet("login", node.url, *options, SKILLNET_CONFIG_HOME=home, SKILLNET_PASSWORD=key)
        assert json.loads(done.stdout)["name"] == "maria", done.stderr
        assert "maria" in skillnet("whoami", SKILLNET_CONFIG_HOME=home).stdout
        refused = skillnet("login", node.url, *options, SKILLNET_CONFIG_HOME=home, SKILLNET_PASSWORD="no key")
        unasked = skillnet("login", node.url, *options, SKILLNET_CONFIG_HOME=home)
        assert "No key was given." in unasked.stderr
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 2)
