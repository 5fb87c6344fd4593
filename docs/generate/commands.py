"""The command line page."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from cyclopts import App

from docs.generate.table import table
from node.cli.entry import build

INTRODUCTION = """# Command line

Every command that prints a result takes `--json`. The exit code is 0 for done, 1 for failed, 2 for misused; an
error is one line and a hint. In a checkout the command is `./skillnet`.

Operators' commands talk to the running node through the socket in its data folder, or open the folder when the node
is stopped; authors' and workers' commands are clients of a node over HTTP, after `skillnet login URL`.
"""
Command = tuple[tuple[str, ...], App]


def page() -> str:
    """Every command with its arguments."""
    return "\n".join([INTRODUCTION, *(_section(path, app) for path, app in commands())])


def commands() -> Iterator[Command]:
    """Every command that does something, with the words that call it."""
    return _inside(build(), ())


def _inside(app: App, path: tuple[str, ...]) -> Iterator[Command]:
    for name in app:
        if name.startswith("-"):
            continue
        command = app[name]
        if command.default_command:
            yield (*path, name), command
        yield from _inside(command, (*path, name))


def arguments(app: App) -> list[Any]:
    """What a command takes, as cyclopts parses it."""
    return [argument for argument in app.assemble_argument_collection() if argument.show]


def _section(path: tuple[str, ...], app: App) -> str:
    taken = arguments(app)
    words = inspect.cleandoc(app.help or "")
    parts = [f"## skillnet {' '.join(path)}\n", words + "\n", f"```\n{_usage(path, taken)}\n```\n"]
    if taken:
        parts.append(table(("argument", "meaning"), ((f"`{_name(a)}`", _meaning(a)) for a in taken)) + "\n")
    return "\n".join(parts)


def _usage(path: tuple[str, ...], taken: list[Any]) -> str:
    shown = [_value(a) if a.required else f"[{_value(a)}]" for a in taken]
    return " ".join(["skillnet", *path, *shown])


def _name(argument: Any) -> str:
    return ", ".join(argument.names)


def _value(argument: Any) -> str:
    name = next((n for n in argument.names if n.startswith("--")), argument.names[0])
    if not name.startswith("--") or argument.hint is bool:
        return str(name)
    return f"{name} {name.strip('-').upper()}"


def _meaning(argument: Any) -> str:
    default = argument.field_info.default
    words = argument.parameter.help or ""
    if argument.required or default in (None, "", False, (), []) or default is inspect.Parameter.empty:
        return words
    return f"{words} Default: `{default}`.".strip()
