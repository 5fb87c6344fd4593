"""Operator: init, serve, config."""

from __future__ import annotations

import os
import sys
from typing import Annotated

from cyclopts import App, Parameter

from node.cli.reaching.folders import data_folder, settings_in
from node.cli.reaching.options import AsJson, Data
from node.cli.terminal.output import show, show_rows


def register(app: App) -> None:
    """Add the commands."""
    app.command(init)
    app.command(serve)
    app.command(config)


def init(
    *,
    url: Annotated[str, Parameter(help="Address under which others reach the node, like https://node.example.")],
    organisation: Annotated[str, Parameter(help="Name of the organisation that it speaks for.")],
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Prepare a data folder for a node with its own address and organisation."""
    from node.app.founding import found

    settings = found(data_folder(data), url=url, organisation=organisation)
    made = {"data": str(settings.data), "url": settings.public_url, "organisation": settings.organisation}
    said = f"A node for {settings.organisation} at {settings.public_url} is ready in {settings.data}."
    show(made, as_json=json, lines=[said, f"Start it with: skillnet serve --data {settings.data}"])


def serve(
    *,
    data: Data = None,
    host: Annotated[str | None, Parameter(help="Address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="Port to listen on.")] = None,
) -> None:
    """Run the node until it is stopped with Ctrl-C; SIGHUP begins it anew, and requests wait meanwhile."""
    from node.app.data_folder import DataFolder
    from node.app.server.listening import begin_anew
    from node.app.serving import serve as run
    from node.logs import configure_logs
    from node.services.people.first_link import LINK_NAME, find_first_link

    path = data_folder(data)
    settings = settings_in(path, host=host, port=port)
    folder = DataFolder(path, making=True, shared=bool(settings.database_url))
    try:
        configure_logs(settings.log_level, as_json=settings.log_json)

        def announce() -> None:
            print(f"SkillNet runs at {settings.public_url} (data in {path}). Ctrl-C stops it.", flush=True)
            link = find_first_link(path)
            if link and sys.stdout.isatty():
                print(f"First start: choose the operator's password at {link}", flush=True)
            elif link:  # a journal is read by more people than may be operators
                print(f"First start: the link for the operator's password is in {path / LINK_NAME}", flush=True)

        listener = run(settings, folder, announce)
    finally:
        folder.close()
    if listener is not None:
        begin_anew(listener)


def config(*, data: Data = None, json: AsJson = False) -> None:
    """Show each setting, its value and where it came from."""
    from node.settings.declared import declared_settings
    from node.settings.loading import load_settings

    settings, origins = load_settings(data_folder(data), os.environ)
    rows = [
        {
            "key": item.key,
            "value": _shown(getattr(settings, item.attribute), secret=item.secret),
            "origin": origins[item.key],
            "meaning": item.meaning,
        }
        for item in declared_settings()
    ]
    columns = {"key": "setting", "value": "value", "origin": "from", "meaning": "meaning"}
    show_rows(rows, columns, as_json=json, empty="")


def _shown(value: object, *, secret: bool) -> object:
    return "(set)" if secret and value else value
