"""A configuration folder of its own for every test, and commands run as somebody types them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from node.cli.entry import run

MODULE = """---
name: {name}
title: {title}
description: Find the three ways a fluent summary misleads, before you sign it.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 10
{more}---
{body}
"""


@pytest.fixture(autouse=True)
def config_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "config"
    monkeypatch.setenv("SKILLNET_CONFIG_HOME", str(home))
    monkeypatch.setenv("SKILLNET_DATA", str(tmp_path / "no-node"))
    monkeypatch.delenv("SKILLNET_PASSWORD", raising=False)
    return home


@pytest.fixture
def skillnet() -> Callable[..., int]:
    return lambda *arguments: run([str(argument) for argument in arguments])


@pytest.fixture
def write_module(tmp_path: Path) -> Callable[..., Path]:
    def write(path: str, *, title: str = "A title", more: str = "", body: str = "What goes wrong, and how.") -> Path:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(MODULE.format(name=file.stem, title=title, more=more, body=body), "utf-8")
        return file

    return write
