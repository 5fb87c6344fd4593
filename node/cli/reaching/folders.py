"""Where the command line finds a node's data and a person's own configuration."""

from __future__ import annotations

import os
from pathlib import Path

from node.settings.checks import check_settings
from node.settings.declared import Settings
from node.settings.loading import load_settings


def data_folder(given: Path | None) -> Path:
    """The node's data folder: given, SKILLNET_DATA, or the user's data folder."""
    if given is not None:
        return given
    if named := os.environ.get("SKILLNET_DATA"):
        return Path(named)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "skillnet"


def config_folder() -> Path:
    """A person's own folder: sign-ins and recovery keys."""
    if named := os.environ.get("SKILLNET_CONFIG_HOME"):
        return Path(named)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "skillnet"


def settings_in(folder: Path, **overrides: object) -> Settings:
    """The settings of the node in `folder`, checked. Overrides that are None are not given."""
    given = {name: value for name, value in overrides.items() if value is not None}
    settings, _ = load_settings(folder, os.environ, given)
    check_settings(settings)
    return settings
