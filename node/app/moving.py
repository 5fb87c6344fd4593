"""Takes a stopped node to another address: its settings, its identity, and everybody who lives there."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from node.app.compose import compose
from node.app.data_folder import DataFolder
from node.app.processes.place import take_place
from node.errors import ConfigurationError, DataFolderBusy
from node.services.keeping.settling import Settled, move
from node.services.sealing import write_secret
from node.settings.checks import check_settings
from node.settings.declared import Settings
from node.settings.loading import FILE_NAME, load_settings
from node.settings.writing import port_of, with_setting


def move_node(path: Path, url: str, environment: Mapping[str, str]) -> tuple[Settings, Settled]:
    """To `url`, or to the address that the settings name already. What was begun is finished by the next call.

    Raises ConfigurationError, DataFolderBusy, DataFolderError; the settings are then as they were.
    """
    with contextlib.ExitStack() as held:
        held.callback(DataFolder(path).close)
        settings, _ = load_settings(path, environment)
        place = take_place(settings)
        held.callback(place.database.close)
        if place.is_beside:
            raise DataFolderBusy("Another process serves this node's database.")
        if url:
            settings = _with_address(path, url, environment)
        services = compose(settings, place.database)
        settled = move(services)
        services.finder.start()
        services.finder.settle()
        services.finder.stop()
        return settings, settled


def _with_address(path: Path, url: str, environment: Mapping[str, str]) -> Settings:
    """The settings once the file names this address; what cannot be used is not left there."""
    file = path / FILE_NAME
    before = file.read_text("utf-8") if file.exists() else ""
    text = with_setting(before, "node.url", url)
    if port := port_of(url):
        text = with_setting(text, "server.port", port)
    write_secret(file, text.encode())
    try:
        return _load_with(path, url, environment)
    except ConfigurationError:
        write_secret(file, before.encode())
        raise


def _load_with(path: Path, url: str, environment: Mapping[str, str]) -> Settings:
    settings, origins = load_settings(path, environment)
    check_settings(settings)
    if settings.url != url:
        raise ConfigurationError("node.url", f"{origins['node.url']} says something else than {url}")
    return settings
