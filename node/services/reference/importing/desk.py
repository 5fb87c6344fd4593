"""Imports in the background, one at a time, with how far the running one is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from node.errors import Conflict, Malformed, NodeError
from node.logs import get_logger
from node.services.reference.importing.importer import KINDS, Importer


class ImportRunning(Conflict):
    """An import is running already."""

    hint = "It goes on by itself; ask again when it is done."


@dataclass(slots=True)
class Status:
    """`state`: idle, running, done or failed; `share` of the work is done."""

    state: str = "idle"
    kind: str = ""
    stage: str = ""
    share: float = 0.0
    reports: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    hint: str = ""
    code: str = ""


class ImportDesk:
    """`begin` returns at once; `status` says how it goes; `done` is called when one has gone well."""

    def __init__(self, importer: Importer, done: Callable[[], None] = lambda: None) -> None:
        self._importer = importer
        self._done = done
        self._changing = threading.Lock()
        self._status = Status()
        self._log = get_logger("reference")

    @property
    def status(self) -> Status:
        """Of the running import, or of the last."""
        return self._status

    def begin(self, kind: str, folder: Path, version: str = "", *, older: bool = False) -> Status:
        """Start an import. Raises ImportRunning, Malformed."""
        if kind not in KINDS:
            raise Malformed(f"There is no import of {kind[:40]!r}.", hint=f"One of {', '.join(KINDS)}.")
        with self._changing:
            if self._status.state == "running":
                raise ImportRunning
            self._status = status = Status("running", kind, "reading")
        arguments = (status, kind, folder, version)
        threading.Thread(target=self._run, args=arguments, kwargs={"older": older}, name="import", daemon=True).start()
        return status

    def _run(self, status: Status, kind: str, folder: Path, version: str, *, older: bool) -> None:
        def progress(stage: str, share: float) -> None:
            status.stage, status.share = stage, share

        try:
            status.reports = [
                asdict(found) for found in self._importer.run(kind, folder, version, progress, older=older)
            ]
            status.state = "done"
            self._done()
        except NodeError as error:
            status.error, status.hint, status.code = error.message, error.hint, error.code
            status.state = "failed"
        except Exception as error:  # noqa: BLE001 - a thread's last word: told to the operator, kept in the log
            self._log.error("import failed", error=str(error), exc_info=error)
            status.error, status.code = f"{type(error).__name__}: {error}", "NodeError"
            status.state = "failed"
