"""A command imports its own group only; the table that says which names what each group really registers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import signature
from typing import Any

import pytest
from cyclopts import App

from node.cli import groups
from node.cli.entry import build


@pytest.mark.parametrize("module", groups.GROUPS)
def test_the_table_names_what_a_group_registers(module: str) -> None:
    app = App(name="alone")
    import_module(module).register(app)
    assert tuple(name for name in app if not name.startswith("-")) == groups.GROUPS[module]


# They run until they are stopped: what they do is no result.
_RUNNING = {("serve",), ("mcp",), ("module", "preview"), ("task", "preview")}


def _commands(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Callable[..., Any]]]:
    for name in app:
        if not name.startswith("-"):
            yield from _commands(app[name], (*path, name))
    if app.default_command is not None:
        yield path, app.default_command


def test_every_command_that_prints_a_result_takes_json() -> None:
    commands = {path: command for path, command in _commands(build("")) if path}
    without = {path for path, command in commands.items() if "json" not in signature(command).parameters}
    assert len(commands) > 100
    assert without == _RUNNING


def test_a_command_sees_its_own_group_and_a_misspelling_sees_all() -> None:
    every = {name for names in groups.GROUPS.values() for name in names}
    assert {name for name in build("account") if not name.startswith("-")} == {"account"}
    assert {name for name in build("acount") if not name.startswith("-")} == every
