"""The groups of commands, in the order that --help shows them."""

from __future__ import annotations

from collections.abc import Callable

from cyclopts import App

from node.cli import (
    accounts,
    benching,
    evaluating,
    federating,
    finding,
    modules,
    operating,
    signing_in,
    speaking,
    upkeep,
    working,
)
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
    working.register,
    evaluating.register,
    benching.register,
    upkeep.register,
)
