"""The groups of commands, in the order that --help shows them.

A command imports its own group only: a prompt that answers at once is used, one that thinks for a second is not.
"""

from __future__ import annotations

from importlib import import_module

from cyclopts import App

GROUPS: dict[str, tuple[str, ...]] = {
    "node.cli.demo.command": ("demo",),
    "node.cli.operator.operating": ("init", "serve", "config"),
    "node.cli.anybody.signing_in": ("login", "logout", "whoami"),
    "node.cli.operator.accounts": ("account",),
    "node.cli.practitioner.modules": ("module", "task"),
    "node.cli.practitioner.paths": ("path",),
    "node.cli.practitioner.speaking": ("endorse", "vouch"),
    "node.cli.practitioner.keeping_fresh": ("tool", "reverify"),
    "node.cli.operator.federating": ("follow", "unfollow", "peers", "sync"),
    "node.cli.operator.moderating": ("moderate",),
    "node.cli.anybody.finding": ("search", "rank", "explain"),
    "node.cli.operator.recomputing": ("recompute",),
    "node.cli.worker.working": ("worker", "mcp"),
    "node.cli.evaluating.command": ("evaluate",),
    "node.cli.bench.command": ("bench",),
    "node.cli.operator.keeping": ("backup", "restore", "export"),
    "node.cli.operator.upkeep": ("migrate", "move", "doctor"),
    "node.cli.operator.auditing": ("audit",),
}


def register(app: App, command: str = "") -> None:
    """Add the group that has `command`; every group where none has it, so that help and misspellings see them all."""
    if command == "--version":
        return
    chosen = [module for module, commands in GROUPS.items() if command in commands]
    for module in chosen or GROUPS:
        import_module(module).register(app)
