"""A disk that takes nothing more: told as what it is, and nobody's log line stands in the way of the answer."""

from __future__ import annotations

import errno
import io
import logging
import sqlite3
import sys
from pathlib import Path

import psycopg
import pytest
import structlog
from sqlalchemy.exc import OperationalError

from node.errors import DiskFull, StoreAway, StoreDamaged, StoreReadOnly
from node.logs import configure_logs, get_logger
from node.store.engine import failing


@pytest.mark.parametrize(
    ("name", "kind"),
    [("SQLITE_IOERR_WRITE", StoreReadOnly), ("SQLITE_IOERR_FSYNC", StoreReadOnly), ("SQLITE_IOERR_READ", StoreDamaged)],
)
def test_what_cannot_be_written_is_not_damaged(name: str, kind: type[Exception]) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    assert type(failing.find_storage_error(error)) is kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (psycopg.OperationalError("connection failed: Connection refused"), StoreAway),
        (psycopg.errors.TooManyConnections(), StoreAway),
        (psycopg.errors.CannotConnectNow(), StoreAway),
        (psycopg.errors.QueryCanceled(), None),
        (sqlite3.OperationalError("no such table"), None),
    ],
)
def test_a_database_server_that_takes_no_connection_is_away(said: Exception, kind: type[Exception] | None) -> None:
    found = failing.find_storage_error(OperationalError("SELECT 1", {}, said))
    assert (type(found) if found else None) is kind


def test_a_folder_that_takes_nothing_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing.find_trouble(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    for number, kind in ((errno.EROFS, StoreReadOnly), (errno.ENOSPC, DiskFull), (errno.EACCES, StoreReadOnly)):

        def refuse(number: int = number, **_: object) -> None:
            raise OSError(number, "the disk")

        with monkeypatch.context() as patch:
            patch.setattr("tempfile.TemporaryFile", refuse)
            assert type(failing.find_trouble(tmp_path)) is kind


class _Full(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "the disk of the log")


def test_a_line_that_cannot_be_written_is_lost_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    root, known = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    try:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", _Full())
            configure_logs("info", as_json=True)
            get_logger("test").error("request failed", path="/")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**known)
