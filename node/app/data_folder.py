"""The data folder: held by one process at a time, made by who founds or restores a node, or serves one."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from node.errors import DataFolderBusy, DataFolderError, RestoreUnfinished
from node.services.examining.finding import user_name
from node.services.founded import has_node, require_node
from node.services.half_written import UNFINISHED

LOCK_NAME = "node.lock"
SOCKET_NAME = "operator.sock"
LONGEST_SOCKET = 107  # bytes of a socket's path, a limit of the system


class DataFolder:
    """A held data folder. `close` lets go of it; a killed process lets go too.

    Raises DataFolderError, DataFolderBusy; NoNode unless it is opened for `making` one; RestoreUnfinished unless it is
    opened for `restoring`. It may be `shared` by the processes of a node on PostgreSQL.
    """

    def __init__(self, path: Path, *, making: bool = False, restoring: bool = False, shared: bool = False) -> None:
        self.path = path
        if len(os.fsencode(self.socket.absolute())) > LONGEST_SOCKET:
            raise DataFolderError(
                f"The path of {path} is too long for the operator's socket.", hint="Name a folder with a shorter path."
            )
        _refuse_wrong_user(path)
        making = making or restoring
        if not (making or (path / LOCK_NAME).exists()):  # where one is held, somebody may be making it
            require_node(path)
        os.umask(0o077)  # whatever this process writes is its owner's alone
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handle = os.open(path / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DataFolderError(
                f"{path} cannot be written: {error.strerror}.", hint="Name a folder of your own with --data."
            ) from error
        try:
            fcntl.flock(self._handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._handle)
            raise DataFolderBusy from error
        if not (making or has_node(path)):
            self.close()
            require_node(path)
        if not restoring and (path / UNFINISHED).exists():
            self.close()
            raise RestoreUnfinished

    @property
    def socket(self) -> Path:
        """The operator's socket of the running node."""
        return self.path / SOCKET_NAME

    def close(self) -> None:
        """Let go."""
        os.close(self._handle)


def _refuse_wrong_user(path: Path) -> None:
    """What root writes into somebody else's folder, the node could not use later. Raises DataFolderError."""
    if os.geteuid() != 0 or not path.exists() or (owner := path.stat().st_uid) == 0:
        return
    name = user_name(owner)
    raise DataFolderError(
        f"{path} is {name}'s, and this runs as root: what it wrote there, {name} could not use.",
        hint=f"`runuser -u {name} -- skillnet …`; or give root the folder: `chown -R root: {path}`.",
    )
