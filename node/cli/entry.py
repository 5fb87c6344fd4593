"""Builds the command line and turns errors into one line, a hint and an exit code: 0 ok, 1 failed, 2 misused."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from node.cli import groups
from node.errors import NodeError

OK, FAILED, MISUSED = 0, 1, 2


def build() -> App:
    """The application with every group of commands."""
    app = App(
        name="skillnet",
        help="A node of SkillNet: skill development in the flow of work, federated and crowd-curated.",
        version_flags=["--version"],
    )
    for register in groups.GROUPS:
        register(app)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    try:
        result = build()(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        _complain(str(error), "`skillnet --help` lists the commands.")
        return MISUSED
    except NodeError as error:
        _complain(error.message, error.hint)
        return FAILED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return OK
    return result if isinstance(result, int) and not isinstance(result, bool) else OK


def _complain(message: str, hint: str) -> None:
    print(f"skillnet: {' '.join(message.split())}", file=sys.stderr)
    if hint:
        print(f"  hint: {' '.join(hint.split())}", file=sys.stderr)
