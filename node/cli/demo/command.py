"""`skillnet demo`: builds, serves and, with --check, proves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import AsJson


def register(app: App) -> None:
    """Add the command."""
    app.command(demo)


def demo(
    *,
    data: Annotated[Path | None, Parameter(name="--data", help="Where the three data folders go.")] = None,
    port: Annotated[
        int, Parameter(name="--port", help="First of three ports.", validator=Number(gte=1, lte=65533))
    ] = 8000,
    check: Annotated[
        bool, Parameter(name="--check", negative="", help="Run the whole story and print a report.")
    ] = False,
    json: AsJson = False,
) -> int:
    """Three federating nodes on this machine, with a starter catalogue."""
    from node.cli.demo.running import run_demo

    return run_demo(data or data_folder(None) / "demo", port, check=check, as_json=json)
