"""The groups of commands, in the order that --help shows them."""

from __future__ import annotations

from collections.abc import Callable

from cyclopts import App

from node.cli import accounts, federating, finding, modules, operating, signing_in, speaking
from node.cli.demo import command as demo

GROUPS: tuple[Callable[[App], None], ...] = (
    demo.register,
    operating.register,
    signing_in.register,
    accounts.register,
    modules.register,
    speaking.register,
    federating.register,
    finding.register,
)
