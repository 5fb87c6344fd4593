"""Operator: audit."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from node.cli.reaching.client import operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import AsJson, Data
from node.cli.terminal.output import counted, show_json, show_table


def register(app: App) -> None:
    """Add the command."""
    app.command(audit)


def audit(
    *,
    limit: Annotated[int, Parameter(help="How many of the newest entries to show.")] = 20,
    expect: Annotated[str, Parameter(help="A hash written down earlier: it must still be in the chain.")] = "",
    data: Data = None,
    json: AsJson = False,
) -> int:
    """Show what operators did, and check that no entry was changed or left out; exit code 1 when one was."""
    with operate(data_folder(data)) as client:
        found = client.get("/api/audit", limit=limit, expected=expect)
    if json:
        show_json(found)
        return 0 if found["ok"] else 1
    columns = {"at": "when", "actor": "who", "action": "what", "subject": "to", "detail": ""}
    show_table(found["newest"], columns, empty="Nothing has been noted yet.")
    if found["broken"]:
        print(f"Entry {found['broken']} is not as it was written: the log has been changed from there on.")
    elif not found["met"]:
        print("The expected hash is not in the chain: entries are gone, or an older database lies in its place.")
        if not expect:
            print("When you know why, delete audit.newest in the data folder: the next entry's hash is kept then.")
    else:
        print(f"{counted(found['entries'], 'entry', 'entries')}, each as it was written. Newest hash: {found['head']}")
    return 0 if found["ok"] else 1
