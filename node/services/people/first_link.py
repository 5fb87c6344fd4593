"""The first operator's one-time link, in a file of the data folder until it was used: journals have many readers."""

from __future__ import annotations

import contextlib
from pathlib import Path

from node.services.sealing import write_secret

LINK_NAME = "first-sign-in.txt"


def keep_first_link(folder: Path, link: str) -> None:
    """For whoever may read the folder."""
    write_secret(folder / LINK_NAME, f"{link}\n".encode())


def find_first_link(folder: Path) -> str:
    """The link, while it has not been used; empty afterwards."""
    with contextlib.suppress(OSError):
        return (folder / LINK_NAME).read_text("utf-8").strip()
    return ""


def forget_first_link(folder: Path, token: str = "") -> None:
    """It was used, where it is the one with this `token`. A folder that cannot be written keeps what opens nothing."""
    if find_first_link(folder).endswith(token):
        with contextlib.suppress(OSError):
            (folder / LINK_NAME).unlink(missing_ok=True)
