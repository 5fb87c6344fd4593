"""What lies in deploy/ names settings, options, addresses and folders that there are, each file what the others do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from node.settings.declared import declared_settings
from node.settings.loading import FOREIGN_VARIABLES
from node.web.health import name as health_name

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def _text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def _services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_text("compose.yaml"))["services"]
    return found


def test_settings_in_the_compose_file_and_in_the_image_exist() -> None:
    known = {item.variable for item in declared_settings()} | FOREIGN_VARIABLES
    named = set(re.findall(r"SKILLNET_[A-Z_]+", _text("compose.yaml") + _text("Dockerfile")))
    assert named
    assert named <= known


def test_whatever_the_compose_files_ask_for_stands_in_the_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):", _text("compose.yaml") + _text("compose.wildcard.yaml")))
    assert asked == set(re.findall(r"^#?([A-Z_]+)=", _text("example.env"), re.MULTILINE))
    given = set(_services()["proxy"]["environment"])
    assert set(re.findall(r"{\$([A-Z_]+)", _text("Caddyfile"))) == given


def test_nothing_may_do_more_than_it_must() -> None:
    for name, service in _services().items():
        assert "no-new-privileges:true" in service["security_opt"], name
    for name in ("node", "proxy"):
        assert _services()[name]["read_only"], name
        assert _services()[name]["cap_drop"] == ["ALL"], name


def test_the_proxy_asks_an_address_that_there_is() -> None:
    (asked,) = re.findall(r"ask http://node:8000(\S+)", _text("Caddyfile"))
    assert asked in health_name.paths


def test_the_image_is_made_of_what_is_let_in() -> None:
    """Whatever else lies in a checkout, secrets and environments too, never reaches the builder."""
    let_in = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = [
        name
        for line in re.findall(r"^COPY (?!--)(.+) \S+$", _text("Dockerfile"), re.MULTILINE)
        for name in line.split()
    ]
    assert sorted(let_in) == sorted(copied)
    assert all((ROOT / name).exists() for name in copied)


def test_the_unit_serves_on_the_port_of_its_socket() -> None:
    (port,) = re.findall(r"--port (\d+)", _text("skillnet.service"))
    assert f"ListenStream=127.0.0.1:{port}\n" in _text("skillnet.socket")
