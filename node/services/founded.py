"""Whether there is a node in a folder: who mistypes the name of theirs must not get another one."""

from __future__ import annotations

from pathlib import Path

from node.errors import DataFolderError
from node.services.sealing import KEY_FILE
from node.settings.loading import FILE_NAME

_SIGNS = (KEY_FILE, FILE_NAME, "skillnet.db")  # any: what lacks is another complaint's


class NoNode(DataFolderError):
    """Nothing in this folder is a node's."""

    code = "NoNode"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no node in {folder}.",
            hint=f"Name its folder with --data or SKILLNET_DATA; `skillnet init --data {folder} …` makes a new one.",
        )


def has_node(folder: Path) -> bool:
    """Was one made or prepared there?"""
    return any((folder / sign).exists() for sign in _SIGNS)


def require_node(folder: Path) -> None:
    """Raises NoNode."""
    if not has_node(folder):
        raise NoNode(folder)
