"""A command imports its own group only; the table that says which names what each group really registers."""

from __future__ import annotations

from importlib import import_module

import pytest
from cyclopts import App

from node.cli import groups
from node.cli.entry import build


@pytest.mark.parametrize("module", groups.GROUPS)
def test_the_table_names_what_a_group_registers(module: str) -> None:
    app = App(name="alone")
    import_module(module).register(app)
    assert tuple(name for name in app if not name.startswith("-")) == groups.GROUPS[module]


def test_a_command_sees_its_own_group_and_a_misspelling_sees_all() -> None:
    every = {name for names in groups.GROUPS.values() for name in names}
    assert {name for name in build("account") if not name.startswith("-")} == {"account"}
    assert {name for name in build("acount") if not name.startswith("-")} == every
